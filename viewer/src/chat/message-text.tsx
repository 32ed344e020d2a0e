import { signal } from "@preact/signals";
import { toast } from "../app/toasts.tsx";

type Markdown = typeof import("../markdown/markdown.tsx").Markdown;

/** Fetched at once, beside the chat itself; until it is here, and if it never comes, texts are shown as written. */
const markdown = signal<{ readonly Markdown: Markdown | null }>({ Markdown: null });
import("../markdown/markdown.tsx").then(
  ({ Markdown }) => {
    markdown.value = { Markdown };
  },
  () => toast("A part of this page could not be loaded, so texts are shown as they were written."),
);

/** Markdown, as soon as its code is there. */
export function RichText({ text, breaks = false }: { text: string; breaks?: boolean }) {
  const { Markdown } = markdown.value;
  if (Markdown) return <Markdown text={text} breaks={breaks} />;
  return <PlainText text={text} />;
}

/** The text as it was written. */
export function PlainText({ text }: { text: string }) {
  return (
    <div class="markdown plain" dir="auto">
      {text}
    </div>
  );
}
