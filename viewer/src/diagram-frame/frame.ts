import mermaid from "mermaid";
import type { DrawRequest, FrameMessage } from "./messages.ts";

// Mermaid makes markup from strings and styles from both, which our page's policy forbids for good reason. So it runs
// here, in a document that has no origin (CSP `sandbox`), no network but our own scripts, no way to open, navigate or
// submit anything, and no secrets: a diagram that takes it over can draw a wrong picture, and that is all.

/** Mermaid's own bounds on what one diagram may cost. UTF-16 units, and lines between boxes. */
const MAX_TEXT = 50_000;
const MAX_EDGES = 500;

const place = document.getElementById("place");

function tell(message: FrameMessage): void {
  // This document has no origin, so it cannot know the page's; who may frame it is said by `frame-ancestors`.
  parent.postMessage(message, "*");
}

addEventListener("message", ({ data, source }: MessageEvent<DrawRequest>) => {
  if (source !== parent) return;
  draw(data).catch(() => tell({ type: "failed" }));
});

async function draw({ source, dark }: DrawRequest): Promise<void> {
  document.documentElement.style.colorScheme = dark ? "dark" : "light";
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    suppressErrorRendering: true,
    htmlLabels: false,
    flowchart: { htmlLabels: false },
    maxTextSize: MAX_TEXT,
    maxEdges: MAX_EDGES,
    theme: dark ? "dark" : "neutral",
    fontFamily: "ui-sans-serif, system-ui, sans-serif",
  });
  const { svg } = await mermaid.render("diagram", source);
  if (!place) return;
  place.innerHTML = svg;
  tellHeight();
}

function tellHeight(): void {
  const height = place?.firstElementChild?.getBoundingClientRect().height ?? 0;
  if (height > 0) tell({ type: "drawn", height: Math.ceil(height) });
}

addEventListener("resize", tellHeight);
tell({ type: "ready" });
