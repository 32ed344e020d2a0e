import type { ComponentChildren } from "preact";

export interface FoldProps {
  readonly title: ComponentChildren;
  /** The beginning of what is inside, beside the title while it is folded. */
  readonly start?: string;
  readonly className?: string;
  readonly children: ComponentChildren;
}

/** What most readers pass over: it opens on demand. The browser's own search opens it as well. */
export function Fold({ title, start = "", className = "", children }: FoldProps) {
  return (
    <details class={`folded ${className}`}>
      <summary>
        <span class="folded-title">{title}</span>
        {start && (
          <span class="folded-start" dir="auto">
            {start}
          </span>
        )}
      </summary>
      <div class="folded-inside">{children}</div>
    </details>
  );
}

/** In a few words, on one line. */
export function startOf(text: string): string {
  return text.slice(0, 400).replace(/\s+/g, " ").trim().slice(0, 120);
}

/** `1 line`, `1,200 lines`. */
export function linesOf(text: string): string {
  const lines = text.trimEnd().split("\n").length;
  return lines === 1 ? "1 line" : `${lines.toLocaleString("en")} lines`;
}
