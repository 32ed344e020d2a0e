import { Lexer, type Token, type Tokens } from "marked";
import { LIMITS } from "../wire/limits.ts";
import { MATE_NAME } from "./mate-name.ts";
import { type Definitions, normalLabel, runningText } from "./running-text.ts";

/** Scripts that put no spaces between words, and Korean, whose particles follow a name directly. */
const UNSPACED = ["Han", "Hira", "Kana", "Bopo", "Hang", "Thai", "Laoo", "Khmr", "Mymr", "Tibt"]
  .map((script) => `\\p{scx=${script}}`)
  .join("");

/** A character that makes a longer word of a name beside it. What ends an emoji (U+20E3, U+FE0F) is a mark, but no part of a word. */
const WORD = `(?![${UNSPACED}\\u{20e3}\\u{fe0f}])[\\p{L}\\p{N}\\p{M}]`;

/**
 * Not in `me@…`, `me+@…`, `@@…`, `scope/@…`, nor before `…Bot`, `….org`, `…/x`, `…-x`, `…@host`. Underscores may be
 * emphasis, so what stands beyond them decides; more than three are none.
 */
const MENTION = new RegExp(
  `(?<!(?:${WORD}[+-]?|[@/\\\\])_{0,3})@${MATE_NAME}(?!_{0,3}${WORD}|@|[./\\\\-]${WORD})`,
  "iu",
);

/** Quotes and lists in each other, on one line. Marked recurses into them, and nobody means something by forty. */
const TOO_DEEP = /^(?:[ \t]{0,9}(?:[>*+-]|\d{1,9}[.)])){40}/m;

/**
 * Whether a markdown text has a mention: `@OpenMates` in running text, in any case; not in code, quotes, links, addresses or
 * struck-out text (SPEC M1 to M9). Whether it asks is for `asksMate` to say.
 */
export function mentionsMate(markdown: string): boolean {
  if (markdown.length > LIMITS.mentionCharacters || !mayMention(markdown) || TOO_DEEP.test(markdown)) return false;
  const lexer = new Lexer({ gfm: true });
  const blocks = lexer.blockTokens(markdown.replace(/\r\n?/g, "\n"));
  const definitions = new Set(Object.keys(lexer.tokens.links).map(normalLabel));
  return blocks.some((block) => isMentionIn(block, definitions));
}

/** Most texts have no mention; the lexer need not run for them. */
function mayMention(text: string): boolean {
  return text.toLowerCase().includes(`@${MATE_NAME.toLowerCase()}`);
}

function isMentionIn(block: Token, definitions: Definitions): boolean {
  if (!mayMention(block.raw)) return false;
  const says = (text: string) => MENTION.test(runningText(text, definitions));
  switch (block.type) {
    case "paragraph":
    case "heading":
    case "text":
      return says((block as Tokens.Paragraph).text);
    case "list":
      return (block as Tokens.List).items.some((item) => item.tokens.some((part) => isMentionIn(part, definitions)));
    case "table": {
      const { header, rows } = block as Tokens.Table;
      return [header, ...rows].some((row) => row.some((cell) => says(cell.text)));
    }
    case "blockquote":
      return mentionsMate(unquotedLines(block.raw));
    default:
      return false;
  }
}

/** Markdown lets a quote's paragraph run on without `>`; who writes such a line has not quoted it. */
function unquotedLines(quote: string): string {
  return quote
    .split("\n")
    .filter((line) => !/^ {0,3}>/.test(line))
    .join("\n");
}
