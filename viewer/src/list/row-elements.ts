import type { Rendered } from "./rendered.ts";

/** A selection is kept in the page as long as it covers no more rows than that. */
const SELECTED = 400;

/** The rows of a list as they stand in the page: where they are, and what a person holds on to in them. */
export class RowElements {
  /** What holds them, while it is in the page. */
  box: HTMLElement | null = null;

  all(): readonly HTMLElement[] {
    return [...(this.box?.children ?? [])].filter((row) => row instanceof HTMLElement);
  }

  /** Null for a row that does not stand in the page. */
  at(index: number): HTMLElement | null {
    return this.box?.querySelector<HTMLElement>(`:scope > [data-row="${index}"]`) ?? null;
  }

  /** The row that has the focus, or null. */
  get focused(): number | null {
    return this.#around(document.activeElement);
  }

  /** What takes the focus in a row; null in one that shows nothing, or is not in the page. */
  focusable(index: number): HTMLElement | null {
    return this.at(index)?.querySelector<HTMLElement>("[tabindex]") ?? null;
  }

  /** Whether it stands in the page and shows nothing. */
  isSilent(index: number): boolean {
    return this.at(index) !== null && this.focusable(index) === null;
  }

  /** These rows and what must stay beside them: the focus is never lost, and neither is what somebody has selected to copy. */
  keeping({ first, last }: { first: number; last: number }): Pick<Rendered, "first" | "last" | "held"> {
    const selection = getSelection();
    const ends = selection && !selection.isCollapsed ? [selection.anchorNode, selection.focusNode] : [];
    const selected = ends.map((node) => this.#around(node)).filter((row) => row !== null);
    const from = Math.min(first, ...selected);
    const to = Math.max(last, ...selected);
    const range = to - from <= SELECTED ? { first: from, last: to } : { first, last };
    const { focused } = this;
    const held = focused !== null && (focused < range.first || focused > range.last) ? focused : null;
    return { ...range, held };
  }

  #around(node: Node | null): number | null {
    if (!node || !this.box?.contains(node)) return null;
    const element = node instanceof Element ? node : node.parentElement;
    const row = element?.closest<HTMLElement>("[data-row]")?.dataset.row;
    return row === undefined ? null : Number(row);
  }
}
