import { entropy, passesLuhn, passesMod97 } from "./checksums.ts";
import type { SecretKind } from "./secret-kinds.ts";

export interface Pattern {
  readonly kind: SecretKind;
  /** With the flags `g` and, for the place of a group, `d`. What is found is the group `secret`, or all of it. */
  readonly expression: RegExp;
  /** What the shape alone can't tell. */
  readonly accepts?: (found: string) => boolean;
}

/**
 * Every expression begins where a word does and has bounds to its repetitions, so that the time is linear in the text.
 * Shapes are those that the issuers publish: AWS IAM "unique identifiers", GitHub "token formats", GitLab "token
 * overview", Slack "token types", Google Cloud "API keys", Stripe "API keys", RFC 7519 (JWT), RFC 7468 (PEM).
 */
const word = (body: string, flags = "g") => new RegExp(`(?<![A-Za-z0-9_-])(?:${body})(?![A-Za-z0-9_-])`, flags);

/** More particular patterns stand before those that would take the same text for something else. */
export const PATTERNS: readonly Pattern[] = [
  { kind: "awsKey", expression: word("(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}") },
  { kind: "githubToken", expression: word("gh[opsur]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{60,255}") },
  { kind: "gitlabToken", expression: word("gl(?:pat|oas|ptt|rt|dt|cbt|ft|soat)-[A-Za-z0-9_-]{20,100}") },
  { kind: "anthropicKey", expression: word("sk-ant-[a-z0-9]{2,20}-[A-Za-z0-9_-]{20,200}") },
  {
    kind: "openaiKey",
    expression: word("sk-(?:(?:proj|svcacct|admin|None)-)?[A-Za-z0-9_-]{20,200}"),
    accepts: hasDigit,
  },
  {
    kind: "slackToken",
    expression: word("xox[abeoprs](?:\\.xox[abeoprs])?-[A-Za-z0-9-]{10,250}|xapp-\\d-[A-Za-z0-9-]{10,250}"),
  },
  {
    kind: "slackToken",
    expression: /(?<![A-Za-z0-9])https:\/\/hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9/_-]{20,150}/g,
  },
  {
    kind: "googleKey",
    expression: word("AIza[A-Za-z0-9_-]{35}|GOCSPX-[A-Za-z0-9_-]{28}|ya29\\.[A-Za-z0-9_-]{20,500}"),
  },
  { kind: "stripeKey", expression: word("[prs]k_(?:live|test)_[A-Za-z0-9]{16,250}|whsec_[A-Za-z0-9+/=]{24,100}") },
  {
    kind: "otherToken",
    expression: word(
      "npm_[A-Za-z0-9]{36}|hf_[A-Za-z0-9]{30,40}|SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{30,64}|pypi-[A-Za-z0-9_-]{50,250}|dop_v1_[a-f0-9]{64}|sq0(?:atp|csp)-[A-Za-z0-9_-]{22,60}|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}",
    ),
  },
  {
    kind: "jwt",
    expression: word("eyJ[A-Za-z0-9_-]{8,2000}\\.eyJ[A-Za-z0-9_-]{8,8000}\\.[A-Za-z0-9_-]{10,2000}"),
  },
  // In an address of a service: `postgres://user:password@host`.
  {
    kind: "password",
    expression: /(?<![A-Za-z0-9+.-])[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@]{0,100}:(?<secret>[^\s/@]{3,200})@/dgi,
    accepts: isNoPlaceholder,
  },
  {
    kind: "password",
    expression:
      /(?<![A-Za-z0-9])[A-Za-z0-9_.-]{0,40}(?:password|passwd|passphrase|pwd)["'`]?[ \t]{0,3}(?::=|=>|[:=])[ \t]{0,3}["'`]?(?<secret>[^\s"'`,;<>(){}]{6,200})/dgi,
    accepts: (found) => isNoPlaceholder(found) && (entropy(found) > 2.5 || hasDigit(found)),
  },
  {
    kind: "assignedSecret",
    expression: /(?<![A-Za-z0-9])(?:Bearer|Basic)[ \t]{1,3}(?<secret>[A-Za-z0-9_.~+/=-]{20,2000})/dg,
    accepts: isRandom,
  },
  {
    kind: "assignedSecret",
    expression:
      /(?<![A-Za-z0-9])[A-Za-z0-9_.-]{0,40}(?:api[_-]?key|access[_-]?key|secret|token|credential|private[_-]?key|client[_-]?id|auth)[A-Za-z0-9_]{0,20}["'`]?[ \t]{0,3}(?::=|=>|[:=])[ \t]{0,3}["'`]?(?<secret>[A-Za-z0-9_.~+/=-]{16,500})/dgi,
    accepts: isRandom,
  },
  {
    kind: "email",
    expression:
      /(?<![A-Za-z0-9._%+-])[A-Za-z0-9_%+-][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-])/g,
  },
  {
    kind: "iban",
    expression: /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]){11,30}(?![A-Za-z0-9])/g,
    accepts: (found) => passesMod97(found.replaceAll(" ", "")),
  },
  {
    kind: "card",
    expression:
      /(?<![\dA-Za-z.-])(?:[2-6]\d{3}(?<gap>[ -])\d{4}\k<gap>\d{4}\k<gap>\d{1,7}|3\d{3}[ -]\d{6}[ -]\d{5}|[2-6]\d{12,18})(?![\dA-Za-z-])/g,
    accepts: isCard,
  },
  {
    kind: "phone",
    expression: /(?:(?<![\dA-Za-z+])\+|(?<![\dA-Za-z+]|\d )00)[1-9](?:[ ./-]{0,2}[(]?\d[)]?){7,14}(?![\dA-Za-z])/g,
    accepts: (found) => /[ ./()-]/.test(found) || found.startsWith("+"),
  },
  { kind: "phone", expression: /(?<![\dA-Za-z.-])(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\dA-Za-z-])/g },
  // Area codes with the zero that is dialled within a country.
  {
    kind: "phone",
    expression: /(?<![\dA-Za-z.,:+-])\(?0[1-9]\d{1,4}\)?(?:[ /-]{1,3}\d{2,10}){1,4}(?![\dA-Za-z:-])/g,
    accepts: (found) => within(digitsOf(found).length, 8, 13),
  },
];

function isCard(found: string): boolean {
  const digits = digitsOf(found);
  return within(digits.length, 13, 19) && passesLuhn(digits) && new Set(digits).size > 1;
}

/** Numbers and letters of both kinds, with more in them than words have. */
function isRandom(found: string): boolean {
  return isNoPlaceholder(found) && hasDigit(found) && /[A-Za-z]/.test(found) && entropy(found) > 3;
}

/** What stands where a secret would be put, or says where it comes from. */
const PLACEHOLDER =
  /^(?:your|my|the|some|insert|enter|change|replace|example|sample|dummy|test|placeholder|xxx|\*{3}|\.{3}|<|\$|%|\{|process\.|os\.|env|config|settings|self\.|this\.|null|none|undefined|true|false|string|required|optional)/i;

function isNoPlaceholder(found: string): boolean {
  return !PLACEHOLDER.test(found) && !/(.)\1{5}/.test(found);
}

function hasDigit(found: string): boolean {
  return /\d/.test(found);
}

const digitsOf = (text: string) => text.replace(/\D/g, "");
const within = (number: number, least: number, most: number) => number >= least && number <= most;
