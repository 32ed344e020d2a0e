export type Unit = "ms" | "s" | "µs" | "bytes" | "MB" | "per second" | "%" | "count" | "ratio";

/**
 * How far a figure may go; with a rival it is the ratio that is limited. `within`: how far the ratio may be from 1, to either
 * side.
 */
export type Limit = { readonly most: number } | { readonly least: number } | { readonly within: number };

/** One line of the result. */
export interface Row {
  /** What was measured, in words. */
  readonly what: string;
  readonly value: number;
  readonly unit: Unit;
  /** What it stands beside, measured in the same rounds. */
  readonly rival?: { readonly what: string; readonly value: number };
  readonly limit?: Limit;
  /** What one should know to read it: a spread, a size. */
  readonly note?: string;
}

export interface JudgedRow extends Row {
  /** Value by rival; null without one, and beside one of nothing. */
  readonly ratio: number | null;
  /** Null without a limit. */
  readonly holds: boolean | null;
}

export function judge(row: Row): JudgedRow {
  const { value, rival, limit } = row;
  const ratio = rival && rival.value !== 0 ? value / rival.value : null;
  const limited = rival ? (ratio ?? Number.NaN) : value;
  return { ...row, ratio, holds: limit ? isWithin(limited, limit) : null };
}

/** What is not a number holds no limit. */
function isWithin(figure: number, limit: Limit): boolean {
  if ("most" in limit) return figure <= limit.most;
  if ("least" in limit) return figure >= limit.least;
  return Math.abs(figure - 1) <= limit.within;
}
