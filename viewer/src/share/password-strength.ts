/** How long a password holds against somebody who has the link and tries on machines of their own. */
export interface Strength {
  readonly level: "weak" | "fair" | "strong";
  readonly sentence: string;
}

/**
 * Guesses as a power of two. The derivation takes 600,000 rounds per guess, so about 10,000 guesses a second on one good
 * graphics card: 2^30 are a day, 2^45 a hundred years on one card and a month on a thousand.
 */
const WEAK_BELOW = 30;
const STRONG_FROM = 45;

/** What people take first. Short on purpose: it teaches what kind of thing is guessed, and says so by the hint. */
const COMMON = [
  "password",
  "passwort",
  "kennwort",
  "motdepasse",
  "contrasena",
  "qwertyuiop",
  "qwertzuiop",
  "azertyuiop",
  "asdfghjkl",
  "yxcvbnm",
  "zxcvbnm",
  "1234567890",
  "abcdefghijklmnopqrstuvwxyz",
  "letmein",
  "welcome",
  "iloveyou",
  "monkey",
  "dragon",
  "football",
  "secret",
  "geheim",
  "openmates",
  "sommer",
  "summer",
  "winter",
  "hallo",
  "hello",
  "admin",
  "master",
  "test",
];
/** Bits for choosing one of them with its variants. */
const COMMON_BITS = 7;
/** Bits of a word in a sentence: ten thousand words are in use, and not all as likely. */
const WORD_BITS = 11;
/** Of letters that follow no pattern, and of those that spell a word. */
const LETTER_BITS = 4.3;
const CLASSES = [
  { of: /[a-z]/, size: 26 },
  { of: /[A-Z]/, size: 26 },
  { of: /\d/, size: 10 },
  { of: /[^A-Za-z\d\s]/, size: 33 },
];

/** Null for no password. */
export function passwordStrength(password: string): Strength | null {
  if (password === "") return null;
  const bits = bitsOf(password);
  if (bits < WEAK_BELOW) {
    return {
      level: "weak",
      sentence: "Weak: somebody who has the link would guess it. A few random words hold longer.",
    };
  }
  if (bits < STRONG_FROM) {
    return { level: "fair", sentence: "Fair: it keeps out people, but not somebody with many machines." };
  }
  return { level: "strong", sentence: "Strong, as far as this page can tell. It must not be in use elsewhere." };
}

/** An estimate from below: the cheapest of the ways in which somebody would go about it. */
export function bitsOf(password: string): number {
  const plain = withoutPatterns(password.normalize("NFC"));
  return Math.min(byLetters(plain), byWords(plain));
}

interface Plain {
  readonly rest: string;
  /** For what was taken out. */
  readonly bits: number;
}

/** Takes out what is guessed as a whole: common words, years, runs (`aaaa`, `4567`). */
function withoutPatterns(password: string): Plain {
  let rest = unleet(password);
  let bits = 0;
  const take = (pattern: RegExp, cost: number) => {
    rest = rest.replace(pattern, () => {
      bits += cost;
      return " ";
    });
  };
  for (const word of COMMON) {
    // Longer rows are typed in part.
    for (const part of word.length > 8 ? [word, word.slice(0, 6), word.slice(0, 4)] : [word]) {
      take(new RegExp(part, "giu"), COMMON_BITS);
    }
  }
  take(/(?:19|20)\d\d/g, COMMON_BITS);
  take(/(.)\1{2,}/gu, COMMON_BITS);
  take(/(.{2,6}?)\1{2,}/gu, COMMON_BITS + 5);
  return { rest: rest.replace(/\s+/g, " ").trim(), bits };
}

/** `p4ssw0rd` → `password`, where it spells something common. */
function unleet(text: string): string {
  const spelt = text
    .replace(/[@4]/g, "a")
    .replace(/0/g, "o")
    .replace(/[$5]/g, "s")
    .replace(/3/g, "e")
    .replace(/1/g, "i");
  return COMMON.some((word) => word.length >= 5 && spelt.toLowerCase().includes(word)) ? spelt : text;
}

function byLetters({ rest, bits }: Plain): number {
  const pool = CLASSES.reduce((sum, { of, size }) => sum + (of.test(rest) ? size : 0), 0);
  const distinct = new Set(rest).size;
  // Few letters many times are few letters.
  const counted = Math.min([...rest].length, distinct * 2);
  return bits + counted * Math.log2(Math.max(pool, 2));
}

function byWords({ rest, bits }: Plain): number {
  const words = rest.split(/[\s\-_.,]+/u).filter((word) => word !== "");
  return words.reduce((sum, word) => {
    const letters = /^\p{L}+$/u.test(word);
    const capital = /^\p{Lu}?\p{Ll}*$/u.test(word);
    if (letters && capital) return sum + Math.min(WORD_BITS, word.length * LETTER_BITS);
    return sum + byLetters({ rest: word, bits: 0 });
  }, bits);
}
