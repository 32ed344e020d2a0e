import { Lexer, type MarkedOptions, type MarkedToken, type Token, type TokenizerThis } from "marked";
import { EMPHASIS_MASK, EmphasisTokenizer } from "./cjk.ts";
import { Footnotes, type Note, type NoteMarkToken, type NoteToken } from "./footnotes.ts";
import { type MathToken, mathIn } from "./math.ts";

/** What a text consists of. Plain data, so that it can come from a worker. */
export interface Lexed {
  readonly tokens: readonly Token[];
  readonly notes: readonly Note[];
}

/** Only the lexer's own tokens, formulas and footnotes: no other extension is installed that could make more. */
export type KnownToken = MarkedToken | MathToken | NoteMarkToken | NoteToken;

export interface LexOptions {
  /** A line break is a line break, as people type it. */
  readonly breaks: boolean;
}

/** @throws RangeError for nesting that exhausts the stack: the lexer recurses */
export function lex(text: string, { breaks }: LexOptions): Lexed {
  const lines = text.replace(/\r\n?/g, "\n");
  const footnotes = new Footnotes(lines);
  const lexer = new Lexer({
    gfm: true,
    breaks,
    extensions: extensions(lines, footnotes),
    hooks: EMPHASIS_MASK,
    tokenizer: new EmphasisTokenizer(),
  });
  const tokens = [...lexer.lex(lines)];
  return { tokens, notes: footnotes.notes() };
}

type Extensions = NonNullable<MarkedOptions<string, string>["extensions"]>;

function extensions(text: string, footnotes: Footnotes): Extensions {
  const math = mathIn(text);
  return {
    inline: footnotes.any ? [...math.inline, (source: string) => footnotes.mark(source)] : math.inline,
    block: footnotes.any
      ? [
          ...math.block,
          function (this: TokenizerThis, source: string) {
            return footnotes.note(this.lexer, source);
          },
        ]
      : math.block,
    startInline: math.startInline,
    startBlock: footnotes.any ? [...math.startBlock, nextNote] : math.startBlock,
    renderers: {},
    childTokens: {},
  };
}

/** A note may stand right below a paragraph; marked asks behind every paragraph's line, so no further than this. */
function nextNote(rest: string): number | undefined {
  const at = rest.slice(0, 4_000).search(/(?<=\n) {0,3}\[\^[^\]\s[]{1,64}\]:/);
  return at >= 0 ? at : undefined;
}
