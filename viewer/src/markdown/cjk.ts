import { type Hooks, Tokenizer, type Tokens } from "marked";

const LETTER = "[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Bopomofo}]";
const BESIDE = new RegExp(`(?<=\\*)${LETTER}|${LETTER}(?=\\*)`, "gu");
const LAST = new RegExp(`${LETTER}$`, "u");

// Chinese and Japanese put no spaces between words, and Korean puts its particles right behind a quote. CommonMark's
// rule for where emphasis may begin and end looks for spaces beside punctuation, so it fails in 他说**“你好”**然后. For
// that rule such letters beside `*` count as punctuation here, in the two places where marked looks at them.

/** The mask on which marked looks for the ends of emphasis. */
function emStrongMask(mask: string): string {
  return mask.includes("*") ? mask.replace(BESIDE, (letter) => ".".repeat(letter.length)) : mask;
}

// The class Hooks would bring marked's parser and renderers along; the lexer asks nothing of it but this.
export const EMPHASIS_MASK = { emStrongMask } as Hooks;

const WITHIN_WORD = /[\p{L}\p{N}]/u;

export class EmphasisTokenizer extends Tokenizer {
  /** By the character in front of its beginning. */
  override emStrong(source: string, mask: string, before = ""): Tokens.Em | Tokens.Strong | undefined {
    return super.emStrong(source, mask, source.startsWith("*") && LAST.test(before) ? "." : before);
  }

  /** A single `~` between letters or numbers is a range, 5~10, and strikes nothing through. */
  override del(source: string, mask: string, before = ""): Tokens.Del | undefined {
    const single = source.startsWith("~") && !source.startsWith("~~");
    if (single && WITHIN_WORD.test(before)) return undefined;
    const token = super.del(source, mask, before);
    const behind = token ? String.fromCodePoint(source.codePointAt(token.raw.length) ?? 0x20) : "";
    return single && WITHIN_WORD.test(behind) ? undefined : token;
  }
}
