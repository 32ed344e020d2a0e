import type { Token, TokenizerThis } from "marked";

/** A mark in the text that belongs to a note. */
export interface NoteMarkToken {
  readonly type: "noteMark";
  readonly raw: string;
  readonly number: number;
}

/** Where the note was written; it is shown at the text's end. */
export interface NoteToken {
  readonly type: "note";
  readonly raw: string;
}

export interface Note {
  readonly number: number;
  readonly tokens: readonly Token[];
  /** Whether a mark in the text leads here. */
  readonly marked: boolean;
}

const DEFINED = /^ {0,3}\[\^([^\]\s[]{1,64})\]:/gm;
const NOTE =
  /^ {0,3}\[\^([^\]\s[]{1,64})\]:[ \t]*([^\n]*(?:\n(?! {0,3}\[\^)[^\n]*\S[^\n]*|\n+(?: {4}|\t)[^\n]+)*)(?:\n+|$)/;
const MARK = /^\[\^([^\]\s[]{1,64})\]/;

/** Footnotes of one text, numbered as their marks appear: `word[^a]` and, anywhere, `[^a]: the note`. */
export class Footnotes {
  readonly #defined: ReadonlySet<string>;
  readonly #numbers = new Map<string, number>();
  readonly #written = new Map<string, readonly Token[]>();

  constructor(text: string) {
    this.#defined = new Set([...text.matchAll(DEFINED)].map((match) => match[1] ?? ""));
  }

  get any(): boolean {
    return this.#defined.size > 0;
  }

  /** In the order of their numbers; notes that nothing leads to come last, for they are text as well. */
  notes(): readonly Note[] {
    const marked = [...this.#numbers].map(([label, number]) => this.#note(label, { number, marked: true }));
    const others = [...this.#written.keys()].filter((label) => !this.#numbers.has(label));
    return [
      ...marked,
      ...others.map((label, index) => this.#note(label, { number: marked.length + index + 1, marked: false })),
    ];
  }

  #note(label: string, { number, marked }: { number: number; marked: boolean }): Note {
    return { number, marked, tokens: this.#written.get(label) ?? [] };
  }

  /** For marked's inline lexer. */
  mark(source: string): NoteMarkToken | undefined {
    const match = MARK.exec(source);
    const label = match?.[1] ?? "";
    if (!match || !this.#defined.has(label)) return undefined;
    const number = this.#numbers.get(label) ?? this.#numbers.size + 1;
    this.#numbers.set(label, number);
    return { type: "noteMark", raw: match[0], number };
  }

  /** For marked's block lexer. */
  note(lexer: TokenizerThis["lexer"], source: string): NoteToken | undefined {
    const match = NOTE.exec(source);
    const label = match?.[1] ?? "";
    if (!match || this.#written.has(label)) return undefined;
    const inside = (match[2] ?? "").replace(/^(?: {4}|\t)/gm, "");
    this.#written.set(label, []);
    this.#written.set(label, lexer.blockTokens(inside, []));
    return { type: "note", raw: match[0] };
  }
}
