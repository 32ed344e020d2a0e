import { useEffect, useRef, useState } from "preact/hooks";
import { Markdown } from "../markdown/markdown.tsx";

/** How far from the screen a text gets its form. */
const MARGIN = "1500px 0px";

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
  if (near) return <Markdown text={text} breaks={breaks} />;
  return (
    <div ref={element} class="markdown plain" dir="auto">
      {text}
    </div>
  );
}
