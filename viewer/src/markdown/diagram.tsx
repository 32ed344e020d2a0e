import { useEffect, useRef, useState } from "preact/hooks";
import { type DrawRequest, parseFrameMessage } from "../diagram-frame/messages.ts";

type State = { readonly state: "drawing" | "failed" } | { readonly state: "drawn"; readonly height: number };

/** Milliseconds, with the time to fetch what draws. */
const LIMIT = 20_000;

/** A diagram, drawn by a document that cannot reach this one (`diagram-frame`). */
export function Diagram({ source }: { source: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [drawing, setDrawing] = useState<State>({ state: "drawing" });
  useEffect(() => {
    const timer = setTimeout(() => setDrawing((now) => (now.state === "drawn" ? now : { state: "failed" })), LIMIT);
    const onMessage = ({ data, source: from }: MessageEvent<unknown>) => {
      const target = frame.current?.contentWindow;
      const message = parseFrameMessage(data);
      if (!target || from !== target || !message) return;
      // The frame has no origin that could be named; `frame-src` keeps every other document out of it.
      if (message.type === "ready") target.postMessage({ source, dark: isDark() } satisfies DrawRequest, "*");
      else if (message.type === "failed") setDrawing({ state: "failed" });
      else setDrawing({ state: "drawn", height: message.height });
    };
    addEventListener("message", onMessage);
    return () => {
      clearTimeout(timer);
      removeEventListener("message", onMessage);
    };
  }, [source]);
  if (drawing.state === "failed") return <NotDrawn source={source} />;
  return (
    <div class="diagram" aria-busy={drawing.state === "drawing"}>
      {drawing.state === "drawing" && (
        <p class="diagram-drawing" role="status">
          Drawing…
        </p>
      )}
      <iframe
        ref={frame}
        title="Diagram"
        src="/diagram.html"
        sandbox="allow-scripts"
        referrerpolicy="no-referrer"
        style={{ height: drawing.state === "drawn" ? `${drawing.height}px` : "6rem" }}
      />
    </div>
  );
}

function NotDrawn({ source }: { source: string }) {
  return (
    <>
      <p class="diagram-failed" role="status">
        This diagram can’t be drawn. Here is its source.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard */}
      <pre tabIndex={0} dir="ltr">
        <code>{source}</code>
      </pre>
    </>
  );
}

/** As the page is shown, whether the reader or the system chose it. */
function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}
