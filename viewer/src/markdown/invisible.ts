/**
 * Characters that show nothing and change how code reads: controls of text direction (Trojan Source, CVE-2021-42574),
 * zero-width characters, fillers, soft hyphens, tags, and controls other than tab and line feed. Joiners between signs
 * that make one emoji stay.
 */
const ALWAYS = String.raw`[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u2028-\u202e]|[\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}]|\u034f|[^\P{Cc}\t\n]`;
const JOINER = String.raw`(?<!\p{Extended_Pictographic}\ufe0f?\p{Emoji_Modifier}?)\u200d|\u200d(?!\p{Extended_Pictographic})`;
const INVISIBLE = new RegExp(`${ALWAYS}|${JOINER}`, "gu");

export interface Invisible {
  /** As Unicode writes it: U+202E. */
  readonly code: string;
}

/** Cuts a text at its invisible characters, which are named instead. */
export function namingInvisible(text: string): readonly (string | Invisible)[] {
  const pieces: (string | Invisible)[] = [];
  let from = 0;
  for (const match of text.matchAll(INVISIBLE)) {
    if (match.index > from) pieces.push(text.slice(from, match.index));
    pieces.push({ code: `U+${(match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}` });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}
