import * as v from "valibot";

const textBlock = v.object({ text: v.object({ text: v.string() }) });
const context = v.object({ elements: v.array(v.unknown()) });
const plain = v.object({ text: v.string() });

/** The text of messages that have blocks alone, as mrkdwn: apps that leave `text` empty. Lists, images and buttons are left out. */
export function blocksText(blocks: readonly unknown[]): string {
  return blocks.map(blockText).filter(Boolean).join("\n\n");
}

function blockText(block: unknown): string {
  if (v.is(textBlock, block)) return block.text.text;
  if (!v.is(context, block)) return "";
  return block.elements
    .map((element) => (v.is(plain, element) ? element.text : blockText(element)))
    .filter(Boolean)
    .join("");
}
