import type { ListView } from "../list/list-view.ts";

/** A message that is higher than the screen counts once it has filled so much of it. */
const FILLED = 0.75;

/**
 * The last message that somebody can have read: its end is on the screen, or it fills it. Null where none is.
 * @param bottom where the text ends on the screen, above what one writes in. CSS pixels.
 */
export function lastOnScreen({ element }: Pick<ListView, "element">, bottom: number): number | null {
  const rows = [...(element?.children ?? [])].filter((row) => row instanceof HTMLElement && row.dataset.row);
  for (const row of rows.reverse()) {
    const box = row.getBoundingClientRect();
    const filled = bottom - Math.max(box.top, 0) > bottom * FILLED;
    if (box.bottom > 0 && (box.bottom <= bottom + 1 || filled)) return Number((row as HTMLElement).dataset.row) + 1;
  }
  return null;
}
