/** Signs that are taken for a letter: digits, and letters of other scripts that look the same. */
const LOOKS_LIKE: Readonly<Record<string, string>> = {
  a: "4@аαɑᴀ",
  b: "вβᴃ",
  c: "сϲᴄ",
  d: "ԁ",
  e: "3еεҽєᴇ",
  h: "нһ",
  i: "1l|іιıӏ",
  j: "јϳ",
  k: "кκᴋ",
  m: "мμᴍ",
  n: "пηոɴ",
  o: "0оοօσᴏ०߀",
  p: "рρᴘ",
  r: "гʀ",
  s: "5$ѕꜱƽ",
  t: "7+тτᴛ",
  u: "υսᴜ",
  v: "ѵνᴠ",
  w: "ԝωᴡ",
  x: "хχ",
  y: "уγყ",
};
const LETTERS = new Map(
  Object.entries(LOOKS_LIKE).flatMap(([letter, signs]) => [...signs].map((sign) => [sign, letter])),
);

/**
 * What a name looks like to somebody who glances at it: two names with one look are taken for one another. Its letters and
 * digits, without case, accents, spaces and what can't be seen; of a name without any, the name itself.
 */
export function lookOf(name: string): string {
  const plain = [...name.normalize("NFKD").toLowerCase()].map((sign) => LETTERS.get(sign) ?? sign).join("");
  const letters = plain
    .replace(/[^\p{L}\p{N}]/gu, "")
    .replaceAll("rn", "m")
    .replaceAll("vv", "w");
  return letters || name.normalize("NFKC").trim();
}
