export type Direction = "ltr" | "rtl";

/** The scripts that are written from right to left and that people write chats in (Unicode, "Scripts.txt"). */
const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
const LETTER = /\p{L}/u;
/** Code says nothing about the language around it. */
const CODE = /`[^`]*`/g;
/** The first letter is near the beginning; what follows may be megabytes. */
const LOOKED_AT = 500;

/**
 * At which side a list, a quote or a table begins: where its first letter does. `dir="auto"` finds that out for a text, but
 * not for what consists of elements with a direction of their own.
 */
export function directionOf(markdown: string): Direction {
  const [letter = ""] = LETTER.exec(markdown.slice(0, LOOKED_AT).replace(CODE, "")) ?? [];
  return RIGHT_TO_LEFT.test(letter) ? "rtl" : "ltr";
}
