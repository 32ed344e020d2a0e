import type { TokenizerThis } from "marked";

/** A formula: TeX, as it was written. */
export interface MathToken {
  readonly type: "math";
  readonly raw: string;
  readonly tex: string;
  /** On lines of its own. */
  readonly display: boolean;
}

// A formula holds no second opening sign: so a text of nothing but opening signs is read once, not once from each.
const INLINE =
  /^\\\(((?:(?!\\[()])[\s\S]){1,1000}?)\\\)|^\\\[((?:(?!\\[[\]])[\s\S]){1,1000}?)\\\](?!\()|^\$\$((?:(?!\$\$)[\s\S]){1,1000}?)\$\$/;
/** As pandoc reads it: no space inside of the signs, no letter or digit behind the second. */
const DOLLARS = /^\$((?=[^\s$])(?:\\[^\n]|[^\\$\n]|\n(?!\s*\n)){1,500}?)(?<=[^\s])\$(?![\p{L}\p{N}$])/u;
/** Where one may begin: not within a word, as in US$5, and not where a sign says it is none. */
const DOLLAR_START = /(?<![\p{L}\p{N}$\\])\$(?=[^\s$])|\$\$/u;
const BLOCK = /^ {0,3}(?:\\\[((?:(?!\\[[\]])[\s\S]){1,5000}?)\\\]|\$\$((?:(?!\$\$)[\s\S]){1,5000}?)\$\$) *(?:\n+|$)/;
const BLOCKS = new RegExp(BLOCK.source.replace("^", "(?<=^|\\n)"), "g");

/**
 * Formulas of one text for marked's lexer: `\( … \)`, `\[ … \]`, `$$ … $$` and `$ … $` as models write them. Without
 * this their backslashes and underscores would be taken for markdown.
 */
export function mathIn(text: string) {
  // Marked asks behind every paragraph where the next formula may begin. An answer that turns out wrong costs it a
  // paragraph's rereading, so only whole formulas count, found once.
  const starts = [...text.matchAll(BLOCKS)].map(({ index }) => index);
  return {
    inline: [inline],
    block: [block],
    startInline: [nextDollar],
    startBlock: [(rest: string) => nextStart({ text, rest, starts })],
  };
}

function inline(this: TokenizerThis, source: string): MathToken | undefined {
  if (source.startsWith("$") && !source.startsWith("$$")) return betweenDollars(source);
  if (!/^[\\$]/.test(source)) return undefined;
  const token = toToken(INLINE.exec(source), { display: false });
  // \[1\] within a line is more often a bracket that someone escaped.
  if (token?.raw.startsWith("\\[") && !/[\\^_=].*[\p{L}\p{N}]|[\p{L}\p{N}].*[\\^_=]/su.test(token.tex))
    return undefined;
  return token;
}

function betweenDollars(source: string): MathToken | undefined {
  const match = DOLLARS.exec(source);
  const tex = match?.[1];
  if (!match || tex === undefined || isMoney(tex)) return undefined;
  return { type: "math", raw: match[0], tex: tex.trim(), display: false };
}

/** `$5 (or 5$)`: a number, then words, and nothing that only TeX would have. */
function isMoney(tex: string): boolean {
  return /^[\d.,]+[kKMB]?(?:\s|[-–/]).*\p{L}{2}/su.test(tex) && !/[\\^_=]/.test(tex);
}

function block(this: TokenizerThis, source: string): MathToken | undefined {
  return toToken(BLOCK.exec(source), { display: true });
}

function toToken(match: RegExpExecArray | null, { display }: { display: boolean }): MathToken | undefined {
  const tex = match?.slice(1).find((group) => group !== undefined);
  if (!match || tex === undefined) return undefined;
  return { type: "math", raw: match[0], tex: tex.trim(), display: display || match[0].startsWith("\\[") };
}

/** Marked stops at backslashes by itself; of dollars it must be told. It asks at every step, so no further than this. */
const LOOK_AHEAD = 2_000;

function nextDollar(source: string): number | undefined {
  const at = source.slice(0, LOOK_AHEAD).search(DOLLAR_START);
  return at >= 0 ? at : undefined;
}

/** `rest` is the end of the text, except inside of quotes and lists, where formulas are found at a block's start only. */
function nextStart(options: { text: string; rest: string; starts: readonly number[] }): number | undefined {
  const { text, rest, starts } = options;
  const at = text.length - rest.length;
  if (starts.length === 0 || !text.startsWith(rest.slice(0, 40), at)) return undefined;
  const next = starts[firstBeyond(starts, at)];
  return next === undefined ? undefined : next - at;
}

/** By halving: the index of the first number above `limit`. */
function firstBeyond(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}
