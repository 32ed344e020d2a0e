import { useRef } from "preact/hooks";
import { memo } from "../app/memo.ts";
import { MAX_AT_ONCE } from "./long-text.ts";
import { renderMarkdown } from "./markdown.tsx";
import { SettledText } from "./settled-text.ts";

/** Markdown while it is being written: what is settled is neither read nor rendered again, so nothing flickers. */
export function GrowingMarkdown({ text }: { text: string }) {
  const settled = useRef<SettledText | null>(null);
  settled.current ??= new SettledText();
  return (
    <div class="markdown" dir="auto">
      {settled.current.take(text).map((piece, index) => (
        <Piece key={index} text={piece} />
      ))}
    </div>
  );
}

const Piece = memo(({ text }: { text: string }) =>
  text.length > MAX_AT_ONCE ? <p class="plain">{text}</p> : renderMarkdown(text, { breaks: false }),
);
