/** Lists up to this length stand in the page as a whole: the browser's own search, selection and printing see all of it. */
export const WHOLE = 200;

/** Which rows stand in the page. */
export interface Rendered {
  readonly first: number;
  /** Inclusive; smaller than `first` when there are none. */
  readonly last: number;
  /** A row outside of that, kept because it has the focus. */
  readonly held: number | null;
  /** Those that have their final form; the others show what is quick to show, at the height they had or may have. */
  readonly formed: ReadonlySet<number>;
}

export const NOTHING: Rendered = { first: 0, last: -1, held: null, formed: new Set() };

/** The rows in the order of the page. */
export function rowsOf({ first, last, held }: Rendered): number[] {
  const rows = Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => first + offset);
  if (held === null || (held >= first && held <= last)) return rows;
  return held < first ? [held, ...rows] : [...rows, held];
}

export interface Forming {
  readonly before: ReadonlySet<number>;
  readonly range: Pick<Rendered, "first" | "last" | "held">;
  /** Rows near the screen, inclusive: only they get their form. */
  readonly near: { readonly first: number; readonly last: number };
  /** The row in the middle of the screen: what is nearest to it comes first. */
  readonly middle: number;
  /** How many may get their form now: each costs time that scrolling needs. */
  readonly budget: number;
}

/** Which rows have their form next, and whether some still wait for it. */
export function form({ before, range, near, middle, budget }: Forming): { formed: Set<number>; waiting: boolean } {
  const rows = rowsOf({ ...range, formed: before });
  const formed = new Set(rows.filter((row) => before.has(row) || row === range.held));
  const waiting = rows
    .filter((row) => row >= near.first && row <= near.last && !formed.has(row))
    .sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  for (const row of waiting.slice(0, budget)) formed.add(row);
  return { formed, waiting: waiting.length > budget };
}

export function sameRendered(a: Rendered, b: Rendered): boolean {
  if (a.first !== b.first || a.last !== b.last || a.held !== b.held || a.formed.size !== b.formed.size) return false;
  for (const row of a.formed) if (!b.formed.has(row)) return false;
  return true;
}
