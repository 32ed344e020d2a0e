/** For what nobody calls by: neither a word nor a space, and no `@`. */
const OPAQUE = "\u{fffc}";

/** Labels of link definitions, as `normalLabel` writes them. */
export type Definitions = ReadonlySet<string>;

export function normalLabel(label: string): string {
  return label.trim().replace(/\s+/g, " ").toLowerCase();
}

const ESCAPE = /\\[!-/:-@[-`{-~]/y;
const BARE_URL = /(?:https?:\/\/|ftp:\/\/|www\.)[^\s<]*/iy;
const TAG_OR_AUTOLINK = /<(?:[a-z][a-z0-9+.-]{1,31}:[^\s<>]*|\/?[a-z][^<>]*|[?!][^<>]*)>/iy;
/** `(destination "title")`; spaces are bounded, or looking for their end would take quadratic time. */
const DESTINATION =
  /\(\s{0,20}(?:<[^<>\n]*>|(?:[^\s()\\<]|\\.|\((?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*\))*\))*)(?:\s{1,20}(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?\s{0,20}\)/y;
const REFERENCE = /\[([^[\]]{0,999})\]/y;
const LONGEST_LABEL = 999;

/** Tags whose content is code, a link or a quotation, like their counterparts in markdown. */
const SILENT_TAG = /^<(\/?)(?:a|code|pre|kbd|samp|script|style|textarea|q|blockquote|s|del)(?![a-z0-9-])/i;

/**
 * The text of one markdown block with a stand-in for everything that nobody calls by: code spans, links, images,
 * addresses, tags and what is struck out. One pass, in linear time, because the text may be hostile; marked's inline
 * lexer takes quadratic time for several of them. Emphasis is left as it stands.
 */
export function runningText(block: string, definitions: Definitions): string {
  return new Pass(block, definitions).run();
}

class Pass {
  readonly #text: string;
  readonly #definitions: Definitions;
  readonly #codeEnds: CodeEnds;
  /** What was seen so far, in pieces, so that a link can take back its text. */
  readonly #pieces: string[] = [];
  /** Places in `pieces` where a bracket is open. */
  readonly #brackets: number[] = [];
  #at = 0;
  #silent = 0;
  #noMoreComments = false;
  #struck: { readonly from: number; readonly tildes: number } | null = null;

  constructor(text: string, definitions: Definitions) {
    this.#text = text;
    this.#definitions = definitions;
    this.#codeEnds = new CodeEnds(text);
  }

  run(): string {
    while (this.#at < this.#text.length) this.#step();
    return this.#pieces.join("");
  }

  #step(): void {
    switch (this.#text[this.#at]) {
      case "\\":
        this.#escape();
        break;
      case "`":
        this.#code();
        break;
      case "<":
        this.#tag();
        break;
      case "~":
        this.#strike();
        break;
      case "[":
        this.#brackets.push(this.#pieces.length);
        this.#plain(1);
        break;
      case "]":
        this.#closeBracket();
        break;
      default:
        this.#address();
    }
  }

  #plain(length: number): void {
    this.#emit(this.#text.slice(this.#at, this.#at + length), length);
  }

  #emit(seen: string, length: number): void {
    this.#pieces.push(this.#silent > 0 ? OPAQUE : seen);
    this.#at += length;
  }

  #match(pattern: RegExp, at = this.#at): RegExpExecArray | null {
    pattern.lastIndex = at;
    return pattern.exec(this.#text);
  }

  /** An escaped `@` is one that its writer did not mean; of other escapes the character remains. */
  #escape(): void {
    const escaped = this.#match(ESCAPE)?.[0];
    if (!escaped) this.#plain(1);
    else this.#emit(escaped === "\\@" ? OPAQUE : escaped.slice(1), 2);
  }

  #code(): void {
    const { length, end } = this.#codeEnds.after(this.#at);
    if (end === null) this.#plain(length);
    else this.#emit(OPAQUE, end - this.#at);
  }

  #tag(): void {
    const tag = this.#comment() ?? this.#match(TAG_OR_AUTOLINK)?.[0];
    const silent = SILENT_TAG.exec(tag ?? "");
    if (silent) this.#silent = Math.max(0, this.#silent + (silent[1] ? -1 : 1));
    if (tag) this.#emit(OPAQUE, tag.length);
    else this.#plain(1);
  }

  /** A comment ends at `-->` and nowhere else; once none is left, it is not looked for again. */
  #comment(): string | null {
    if (this.#noMoreComments || !this.#text.startsWith("<!--", this.#at)) return null;
    const end = this.#text.indexOf("-->", this.#at + 4);
    this.#noMoreComments = end < 0;
    return end < 0 ? null : this.#text.slice(this.#at, end + 3);
  }

  /** One tilde or two, closed by as many; as with emphasis, a space on the inner side makes it none. */
  #strike(): void {
    let length = 1;
    while (this.#text[this.#at + length] === "~") length++;
    if (this.#struck?.tildes === length && this.#isInk(this.#at - 1)) {
      this.#takeBack(this.#struck.from);
      this.#struck = null;
    } else if (length <= 2 && this.#struck === null && this.#isInk(this.#at + length)) {
      this.#struck = { from: this.#pieces.length, tildes: length };
    }
    this.#plain(length);
  }

  #isInk(at: number): boolean {
    return /\S/.test(this.#text[at] ?? "");
  }

  #closeBracket(): void {
    const opened = this.#brackets.pop();
    const length = opened === undefined ? null : this.#linkLength(opened);
    if (opened === undefined || length === null) {
      this.#plain(1);
    } else {
      this.#takeBack(opened);
      this.#emit(OPAQUE, length);
    }
  }

  /** The length of the rest of a link from its `]` on, or null if the brackets are none. */
  #linkLength(opened: number): number | null {
    const destination = this.#match(DESTINATION, this.#at + 1);
    if (destination) return 1 + destination[0].length;
    const reference = this.#match(REFERENCE, this.#at + 1);
    if (reference?.[1] && this.#definitions.has(normalLabel(reference[1]))) return 1 + reference[0].length;
    if (this.#definitions.size === 0 || this.#pieces.length - opened > LONGEST_LABEL) return null;
    const label = this.#pieces.slice(opened + 1).join("");
    return this.#definitions.has(normalLabel(label)) ? 1 : null;
  }

  #takeBack(from: number): void {
    this.#pieces.length = Math.min(from, this.#pieces.length);
    this.#pieces.push(OPAQUE);
  }

  #address(): void {
    const url = this.#atWordStart() ? this.#match(BARE_URL)?.[0] : undefined;
    if (url) this.#emit(OPAQUE, url.length);
    else this.#plain(1);
  }

  #atWordStart(): boolean {
    return !/[a-z0-9]/i.test(this.#text[this.#at - 1] ?? "");
  }
}

/** Where code spans end: at the next run of as many backticks. */
class CodeEnds {
  readonly #lengthAt = new Map<number, number>();
  readonly #startsOf = new Map<number, number[]>();

  constructor(text: string) {
    for (const { index, 0: run } of text.matchAll(/`+/g)) {
      this.#lengthAt.set(index, run.length);
      const starts = this.#startsOf.get(run.length);
      if (starts) starts.push(index);
      else this.#startsOf.set(run.length, [index]);
    }
    for (const starts of this.#startsOf.values()) starts.reverse();
  }

  /** For a run of backticks at a place: its length and, if it opens a code span, where that ends. Places ascend. */
  after(at: number): { length: number; end: number | null } {
    const length = this.#lengthAt.get(at) ?? 1;
    const starts = this.#startsOf.get(length) ?? [];
    while ((starts.at(-1) ?? Number.POSITIVE_INFINITY) <= at) starts.pop();
    const start = starts.at(-1);
    return { length, end: start === undefined ? null : start + length };
  }
}
