import type { ContextEntry } from "@openmates-share/protocol/wire";

/**
 * How many tokens a text is at most, nearly always. Every provider has a tokenizer of its own, and their tables are megabytes,
 * so this is a bound and no count: a token of words and spaces has three letters or more on average in every alphabet that
 * tokenizers were made for (English has more than four); digits and signs are tokens of their own; of all other scripts a
 * token has two bytes or more (Cyrillic and Greek letters have two, Chinese signs three, emoji four). What turns out to be too much
 * all the same the provider says, and less is sent.
 */
export function estimateTokens(text: string): number {
  let [letters, signs, otherBytes] = [0, 0, 0];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) {
      if (isLetterOrSpace(unit)) letters++;
      else signs++;
    } else {
      // Both halves of a surrogate pair count, which makes four.
      otherBytes += unit < 0x8_00 || (unit >= 0xd8_00 && unit < 0xe0_00) ? 2 : 3;
    }
  }
  return Math.ceil(letters / 3) + signs + Math.ceil(otherBytes / 2);
}

/** What a provider puts around each message: its role, and where it begins and ends. */
const AROUND = 8;

export function entryTokens({ name, text }: ContextEntry): number {
  return AROUND + estimateTokens(name) + estimateTokens(text);
}

export function contextTokens(context: readonly ContextEntry[]): number {
  return context.reduce((sum, entry) => sum + entryTokens(entry), 0);
}

/** The newest entries that have room in so many tokens. The last one is the question and goes in any case. */
export function newestWithin(context: readonly ContextEntry[], room: number): readonly ContextEntry[] {
  let tokens = 0;
  let first = context.length;
  while (first > 0) {
    const entry = context[first - 1];
    if (!entry) break;
    tokens += entryTokens(entry);
    if (tokens > room && first < context.length) break;
    first--;
  }
  return context.slice(first);
}

function isLetterOrSpace(unit: number): boolean {
  return unit === 0x20 || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a);
}
