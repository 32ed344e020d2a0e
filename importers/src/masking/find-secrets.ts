import { PATTERNS, type Pattern } from "./patterns.ts";
import { type Finding, SECRET_KINDS } from "./secret-kinds.ts";

/**
 * What in a text should perhaps not be shared: keys and tokens, passwords, e-mail addresses, phone numbers, accounts and
 * cards. In the order of the text, none over another; in time that is linear in its length. It is a help and no proof:
 * what has no shape of its own is not found.
 */
export function findSecrets(text: string): readonly Finding[] {
  const found = [...privateKeys(text), ...PATTERNS.flatMap((pattern) => [...matches(text, pattern)])];
  // Sorting is stable: of what begins at one place, the more particular pattern comes first.
  found.sort((a, b) => a.start - b.start);
  const kept: Finding[] = [];
  for (const one of found) if (one.start >= (kept.at(-1)?.end ?? 0)) kept.push(one);
  return kept;
}

/** The text with something else in place of what was found: what it was, and nothing of it. */
export function withMasks(text: string, findings: readonly Finding[]): string {
  let masked = "";
  let at = 0;
  for (const { kind, start, end } of findings) {
    masked += `${text.slice(at, start)}[${SECRET_KINDS[kind]} removed]`;
    at = end;
  }
  return masked + text.slice(at);
}

function* matches(text: string, { kind, expression, accepts }: Pattern): Generator<Finding> {
  for (const match of text.matchAll(expression)) {
    const [start, end] = match.indices?.groups?.secret ?? [match.index, match.index + match[0].length];
    if (accepts && !accepts(text.slice(start, end))) continue;
    yield { kind, start, end };
  }
}

const PEM_BEGIN = /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g;
const PEM_END = /-----END (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g;

/** From the first line to the last; without a last one, to the end of the text. */
function* privateKeys(text: string): Generator<Finding> {
  let at = 0;
  for (const begin of text.matchAll(PEM_BEGIN)) {
    if (begin.index < at) continue;
    PEM_END.lastIndex = begin.index;
    const end = PEM_END.exec(text);
    at = end ? end.index + end[0].length : text.length;
    yield { kind: "privateKey", start: begin.index, end: at };
  }
}
