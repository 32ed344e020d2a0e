import { signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { toast } from "../app/toasts.tsx";
import { Prose, paragraphsOf } from "../markdown/prose.tsx";

type Markdown = typeof import("../markdown/markdown.tsx").Markdown;

const markdown = signal<Markdown | null>(null);
let asked = false;

/** Fetched with the first text that has any; until it is here, and if it never comes, texts are shown as written. */
function fetchMarkdown(): void {
  if (asked) return;
  asked = true;
  import("../markdown/markdown.tsx").then(
    ({ Markdown }) => {
      markdown.value = Markdown;
    },
    () => toast("A part of this page could not be loaded, so texts are shown as they were written."),
  );
}

/** Markdown, as soon as its code is there; words alone need none. */
export function RichText({ text, breaks = false }: { text: string; breaks?: boolean }) {
  const paragraphs = useMemo(() => paragraphsOf(text), [text]);
  const Rendering = markdown.value;
  if (paragraphs) return <Prose paragraphs={paragraphs} breaks={breaks} />;
  if (Rendering) return <Rendering text={text} breaks={breaks} />;
  fetchMarkdown();
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
