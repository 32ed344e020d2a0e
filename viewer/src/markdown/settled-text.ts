import { lex } from "./lex.ts";

/**
 * A text that grows at its end, cut into pieces of whole blocks: all but the last never change again, so only the last has to
 * be read anew when more comes. What a later definition would make of an earlier link is seen when the text is complete.
 */
export class SettledText {
  readonly #pieces: string[] = [];
  #text = "";
  #settled = 0;

  /** The pieces of the text as it is now; the last one is still growing. A text that is not a longer version begins anew. */
  take(text: string): readonly string[] {
    if (!text.startsWith(this.#text)) this.#begin();
    this.#text = text;
    const growing = text.slice(this.#settled);
    const piece = settledIn(growing);
    if (piece !== "") {
      this.#pieces.push(piece);
      this.#settled += piece.length;
    }
    return [...this.#pieces, text.slice(this.#settled)];
  }

  #begin(): void {
    this.#pieces.length = 0;
    this.#settled = 0;
  }
}

/** Blocks that end with a blank line, whatever follows; lists and quotes may go on behind one, and so may what is indented. */
const ENDS = new Set(["paragraph", "heading", "code", "table", "hr", "math"]);

/** The beginning of a text that nothing behind it can change; empty while there is none. */
function settledIn(text: string): string {
  // Without a blank line inside there can't be two blocks that are done with each other.
  if (!/\n[ \t]*\n[^\n]/.test(text) || text.includes("\r")) return "";
  try {
    const { tokens } = lex(text, { breaks: false });
    let [settled, length] = [0, 0];
    for (const [index, token] of tokens.entries()) {
      const next = tokens[index + 1];
      length += token.raw.length;
      const blank = next?.type === "space" || /\n[ \t]*\n$/.test(token.raw);
      if (ENDS.has(token.type) && blank && index < tokens.length - 2) settled = length;
      else if (token.type === "space" && settled === length - token.raw.length && index < tokens.length - 1)
        settled = length;
    }
    return length === text.length ? text.slice(0, settled) : "";
  } catch {
    return "";
  }
}
