import { Lexer, type Token, type Tokens } from "marked";

export const MATE_NAME = "OpenMates";

/** Neither a part of a longer word, path or address before it, nor of one behind it. */
const MENTION = /(?<![\p{L}\p{N}\p{M}_@./\\+-])@openmates(?![\p{L}\p{N}\p{M}_@/\\-]|\.[\p{L}\p{N}])/iu;

/**
 * Whether a markdown text asks the mate (R9): `@OpenMates` in running text, in any case; not in code, quotes, links or
 * addresses. The one place that decides it, for every client.
 */
export function mentionsMate(markdown: string): boolean {
  // Most messages have none; the lexer need not run for them.
  if (!/@openmates/i.test(markdown)) return false;
  return anyMention(new Lexer({ gfm: true }).lex(markdown));
}

function anyMention(tokens: readonly Token[]): boolean {
  return tokens.some((token) => {
    switch (token.type) {
      case "code":
      case "codespan":
      case "blockquote":
      case "link":
      case "image":
      case "html":
      case "def":
        return false;
      case "list":
        return (token as Tokens.List).items.some((item) => anyMention(item.tokens));
      case "table": {
        const { header, rows } = token as Tokens.Table;
        return [header, ...rows].some((row) => row.some((cell) => anyMention(cell.tokens)));
      }
      default:
        return "tokens" in token && token.tokens ? anyMention(token.tokens) : MENTION.test(token.raw);
    }
  });
}
