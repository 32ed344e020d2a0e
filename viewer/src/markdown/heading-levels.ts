import type { Token, Tokens } from "marked";

/** The page's own heading is the first one. */
const FIRST = 2;
const LAST = 6;

/**
 * Which levels the headings of a text have on the page: below the page's own, and each one at most a step below the one that it
 * stands under, however many the writer has left out. Who listens to a page finds their way by that.
 */
export function headingLevels(tokens: readonly Token[]): ReadonlyMap<Token, number> {
  const levels = new Map<Token, number>();
  const above: number[] = [];
  for (const heading of headingsIn(tokens)) {
    while ((above.at(-1) ?? 0) >= heading.depth) above.pop();
    levels.set(heading, Math.min(FIRST + above.length, LAST));
    above.push(heading.depth);
  }
  return levels;
}

/** In the order of the text; also those within quotations and lists. */
function headingsIn(tokens: readonly Token[]): Tokens.Heading[] {
  return tokens.flatMap((token) => {
    if (token.type === "heading") return [token as Tokens.Heading];
    if (token.type === "blockquote") return headingsIn((token as Tokens.Blockquote).tokens);
    if (token.type === "list") return (token as Tokens.List).items.flatMap((item) => headingsIn(item.tokens));
    return [];
  });
}
