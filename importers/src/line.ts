import { plainLine } from "@openmates-share/protocol/content";

/**
 * A string on one line, without control characters and what turns or hides text, trimmed and at most `limit` UTF-16
 * units, with "…" where it was cut.
 */
export function clampLine(text: string, limit: number): string {
  // Cut roughly before the expressions run: a title may be megabytes of damage.
  const rough = text.length > limit * 4 ? text.slice(0, limit * 4) : text;
  const line = plainLine(wellFormed(rough));
  if (line.length <= limit) return line;
  return `${wholeCharacters(line.slice(0, limit - 1)).trimEnd()}…`;
}

/** A message's text: line ends are "\n", no byte that UTF-8 cannot carry, no blank space around it. */
export function cleanText(text: string): string {
  return wellFormed(text)
    .replace(/\r\n?/g, "\n")
    .replace(/^(?:[^\S\n]*\n)+/, "")
    .trimEnd();
}

/** Without a half character at its end, where a cut may have left one. */
export function wholeCharacters(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}

/** JSON can carry half characters (lone surrogates); UTF-8 cannot. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, "\ufffd");
}
