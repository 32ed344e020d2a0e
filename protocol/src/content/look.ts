/** Signs that are taken for a letter: digits, and letters of other scripts that look the same. */
const LOOKS_LIKE: Readonly<Record<string, string>> = {
  a: "4@аαɑᴀⲁⱥꓮꭺ",
  b: "вβᴃⲃꓐᏼ",
  c: "сϲᴄⲥꓚꮯ",
  d: "ԁđɗꓓꭰ",
  e: "3еεҽєᴇⲉɇꓰꭼ",
  h: "нһⲏꓧꮋ",
  i: "1l|іιıӏⲓꓲꓡꮮꭵ",
  j: "јϳꓙꭻ",
  k: "кκᴋⲕꓗꮶ",
  m: "мμᴍɱⲙꓟꮇ",
  n: "пηոɴŋɲⲛꓠ",
  o: "0оοօσᴏ०߀øɵөⲟꓳ𐐬",
  p: "рρᴘƿⲣꓑꮲ",
  r: "гʀꓣꮢ",
  s: "5$ѕꜱƽȿꓢꮪ",
  t: "7+тτᴛŧⲧꓔꭲ",
  u: "υսᴜꓴ",
  v: "ѵνᴠꓦꮩ",
  w: "ԝωᴡꓪꮃ",
  x: "хχⲭꓫ",
  y: "уγყꓬꭹ",
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
    // Some letters can't be seen, those that fill the place of a Korean one.
    .replace(/[^\p{L}\p{N}]|\p{Default_Ignorable_Code_Point}/gu, "")
    .replaceAll("rn", "m")
    .replaceAll("vv", "w");
  return letters || name.normalize("NFKC").trim();
}
