import * as v from "valibot";
import { type Names, plainly, toMarkdown } from "./mrkdwn.ts";
import { richTextMarkdown } from "./rich-text.ts";

const textObject = v.object({ type: v.nullish(v.string()), text: v.string() });
type TextObject = v.InferOutput<typeof textObject>;

const blockSchema = v.variant("type", [
  v.object({
    type: v.literal("section"),
    text: v.nullish(textObject),
    fields: v.nullish(v.array(textObject), []),
  }),
  v.object({ type: v.literal("header"), text: textObject }),
  v.object({ type: v.literal("context"), elements: v.array(v.unknown()) }),
  v.object({ type: v.literal("markdown"), text: v.string() }),
  v.object({ type: v.literal("divider") }),
  v.object({ type: v.literal("image"), alt_text: v.nullish(v.string()), title: v.nullish(textObject) }),
  v.object({ type: v.literal("video"), title: textObject, title_url: v.nullish(v.string()) }),
  v.object({ type: v.literal("table"), rows: v.array(v.array(v.unknown())) }),
]);
type Block = v.InferOutput<typeof blockSchema>;

/** What a message's blocks say, as markdown. Buttons and fields to fill in are left out: nobody can press them elsewhere. */
export function blocksMarkdown(blocks: readonly unknown[], names: Names): string {
  return blocks
    .map((block) => richTextMarkdown(block, names) ?? blockMarkdown(block, names))
    .filter(Boolean)
    .join("\n\n");
}

/** Whether people wrote it: their editor makes rich text, and the message's `text` is a copy that has lost some of it. */
export function hasRichText(blocks: readonly unknown[]): boolean {
  return blocks.some((block) => v.is(v.object({ type: v.literal("rich_text") }), block));
}

function blockMarkdown(block: unknown, names: Names): string {
  const parsed = v.safeParse(blockSchema, block);
  return parsed.success ? knownBlock(parsed.output, names).trim() : "";
}

function knownBlock(block: Block, names: Names): string {
  switch (block.type) {
    case "section":
      return [block.text, ...(block.fields ?? [])]
        .map((text) => (text ? textMarkdown(text, names) : ""))
        .filter(Boolean)
        .join("\n\n");
    case "header":
      return `**${plainly(block.text.text)}**`;
    case "context":
      return block.elements
        .map((element) => contextMarkdown(element, names))
        .filter(Boolean)
        .join(" ");
    case "markdown":
      return block.text;
    case "divider":
      return "---";
    case "image":
      return `🖼 ${plainly(block.title?.text || block.alt_text || "a picture")}`;
    case "video":
      return `🎞 ${plainly(block.title.text)}`;
    case "table":
      return tableMarkdown(block.rows, names);
  }
}

function textMarkdown({ type, text }: TextObject, names: Names): string {
  return type === "plain_text" ? plainly(text) : toMarkdown(text, names).trim();
}

function contextMarkdown(element: unknown, names: Names): string {
  return v.is(textObject, element) ? textMarkdown(element, names) : "";
}

function tableMarkdown(rows: readonly (readonly unknown[])[], names: Names): string {
  const cells = rows.map((row) => row.map((cell) => cellMarkdown(cell, names)));
  const [head = []] = cells;
  const lines = [head, head.map(() => "---"), ...cells.slice(1)];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

/** A cell is one line, and its strokes are not the table's. */
function cellMarkdown(cell: unknown, names: Names): string {
  const text = richTextMarkdown(cell, names) ?? (v.is(textObject, cell) ? plainly(cell.text) : "");
  return text.replaceAll(/\s*\n\s*/gu, " ").replaceAll("|", "\\|");
}
