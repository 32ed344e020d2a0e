/** Whom a mention calls. Apart from `mention.ts`, so that who shows the name needs no markdown lexer. */
export const MATE_NAME = "OpenMates";

/** Signs that are taken for a letter of the mate's name: digits, and letters of other scripts that look the same. */
const LOOKS_LIKE: Readonly<Record<string, string>> = {
  o: "0оοօσᴏ०߀о",
  p: "рρᴘ",
  e: "3еεҽєᴇ",
  n: "пηոɴ",
  m: "мμᴍ",
  a: "4@аαɑᴀ",
  t: "7+тτᴛ",
  s: "5$ѕꜱƽ",
};
const LETTERS = new Map(
  Object.entries(LOOKS_LIKE).flatMap(([letter, signs]) => [...signs].map((sign) => [sign, letter])),
);

/**
 * Whether people would take somebody of that name for the mate. Nobody may join under such a name, and where somebody
 * bears it all the same it is marked: only answers that the service has signed are the mate's.
 */
export function resemblesMate(name: string): boolean {
  const plain = [...name.normalize("NFKD").toLowerCase()].map((sign) => LETTERS.get(sign) ?? sign).join("");
  const letters = plain
    .replace(/[^\p{L}]/gu, "")
    .replaceAll("rn", "m")
    .replaceAll("vv", "w");
  return letters.includes("openmate");
}
