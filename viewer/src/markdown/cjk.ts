const LETTER = "[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Bopomofo}]";
const BESIDE = new RegExp(`(?<=\\*)${LETTER}|${LETTER}(?=\\*)`, "gu");

/**
 * Chinese and Japanese put no spaces between words, and Korean puts its particles right behind a quote. CommonMark's
 * rule for where emphasis may begin and end looks for spaces beside punctuation, so it fails in 他说**“你好”**然后. On
 * the mask in which marked looks for the ends of emphasis, such letters beside `*` therefore count as punctuation.
 */
export function emphasisMask(mask: string): string {
  return mask.includes("*") ? mask.replace(BESIDE, (letter) => ".".repeat(letter.length)) : mask;
}
