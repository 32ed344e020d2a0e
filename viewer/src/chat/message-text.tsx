import { signal } from "@preact/signals";
import type { Ref } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { toast } from "../app/toasts.tsx";

/** How far from the screen a text gets its form. */
const MARGIN = "1500px 0px";

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

/**
 * A message's text: as markdown when it is near the screen, and until then as it was written, so that a chat of
 * thousands opens at once and the browser's own search still finds everything.
 */
export function MessageText({ text, breaks, eager }: { text: string; breaks: boolean; eager: boolean }) {
  const [near, setNear] = useState(eager);
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (near || !element.current) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setNear(true);
      },
      { rootMargin: MARGIN },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [near]);
  if (near) return <RichText text={text} breaks={breaks} />;
  return <PlainText text={text} element={element} />;
}

function PlainText({ text, element = null }: { text: string; element?: Ref<HTMLDivElement> }) {
  return (
    <div ref={element} class="markdown plain" dir="auto">
      {text}
    </div>
  );
}
