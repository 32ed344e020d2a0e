/**
 * A name, a title or a file's name, to be shown between words of our own: on one line, without control characters,
 * without half characters, and without the invisible ones that reorder or hide text (bidirectional controls, zero-width
 * characters, tags). Joiners stay where scripts and emoji need them: between letters or signs, one at a time.
 */
export function plainLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(INVISIBLE, "")
    .replace(/\s+/gu, " ")
    .trim();
}

const JOINED = String.raw`[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Oriya}\p{Script=Sinhala}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Khmer}\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]`;
const INVISIBLE = new RegExp(
  String.raw`[\p{Cs}\u115f\u1160\u3164\uffa0]|(?![\u200c\u200d])\p{Cf}|(?<!${JOINED})[\u200c\u200d]|[\u200c\u200d](?!${JOINED})`,
  "gu",
);
