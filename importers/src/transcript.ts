import type { ContentRole } from "@openmates-share/protocol/content";
import { markdown } from "./part.ts";
import { inLine, type Piece, type RawConversation } from "./piece.ts";

/** How a line says who speaks: the styles are not mixed, so that "User:" inside an answer under "## Assistant" is text. */
type Style = "heading" | "bold" | "colon" | "said";

interface Marker {
  readonly style: Style;
  readonly role: ContentRole;
  /** As written; empty for the generic names. */
  readonly name: string;
  /** What follows on the same line. */
  readonly rest: string;
}

interface Turn {
  readonly role: ContentRole;
  readonly name: string;
  readonly lines: string[];
}

/** Longer lines name no speaker; it keeps the expressions away from lines of megabytes. */
const LONGEST_NAME = 80;

const ROLES: readonly (readonly [ContentRole, RegExp])[] = [
  ["user", /^(?:user|you|human|me|prompt)$/i],
  ["system", /^(?:system|developer)$/i],
  ["tool", /^(?:tool|function)$/i],
  ["assistant", /^(?:assistant|ai|bot|model|answer|response)$/i],
  [
    "assistant",
    /^(?:chatgpt|gpt|claude|gemini|bard|copilot|bing|grok|deepseek|mistral|le chat|llama|perplexity|qwen|openmates)(?:[ -][\w. -]{1,30})?$/i,
  ],
  ["assistant", /^(?:gpt-?[\w.-]{1,20}|o[134](?:-[\w-]{1,20})?)$/i],
];
const GENERIC = /^(?:user|you|human|me|prompt|system|developer|tool|function|assistant|ai|bot|model|answer|response)$/i;

const STYLES: readonly (readonly [Style, RegExp])[] = [
  ["heading", /^ {0,3}#{1,6}[ \t]+(?:\*\*)?([^:*]+?):?(?:\*\*)?:?[ \t]*#*[ \t]*$/],
  ["bold", /^ {0,3}(?:\*\*|__)([^:*]+?)(?::(?:\*\*|__)|(?:\*\*|__)[ \t]*:|(?:\*\*|__)[ \t]*$)[ \t]*(.*)$/],
  ["said", /^[ \t]*([^:*]+?) said:[ \t]*$/],
  ["colon", /^[ \t]{0,3}([^:*]+?)[ \t]*:(?:[ \t]+(.*))?$/],
];

/** The conversation of a pasted or saved text; null when nobody is said to speak in it. */
export function readTranscript(text: string): RawConversation | null {
  const lines = text.split(/\r\n?|\n/);
  const style = styleOf(lines);
  return style && readTurns(lines, style);
}

/** All of a text as one message of the user's. */
export function readPlainText({ name, text }: { name: string; text: string }): RawConversation {
  const heading = /^\s*#[ \t]+(.+)$/m.exec(text.slice(0, 1000))?.[1] ?? "";
  return {
    title: heading || fileTitle(name),
    time: null,
    ...inLine([piece({ role: "user", name: "", lines: [text] })]),
  };
}

/** The style of the first line that names a speaker, if the text is a dialogue in that style. */
function styleOf(lines: readonly string[]): Style | null {
  const seen = new Map<Style, Set<ContentRole>>();
  for (const { marker } of outsideFences(lines)) {
    if (!marker) continue;
    seen.set(marker.style, (seen.get(marker.style) ?? new Set()).add(marker.role));
  }
  for (const [style, roles] of seen) if (roles.has("user") && roles.has("assistant")) return style;
  // Without an answer yet it is a dialogue only if it begins with a speaker.
  const first = lines.find((line) => line.trim() !== "") ?? "";
  return markerOf(first)?.style ?? null;
}

function readTurns(lines: readonly string[], style: Style): RawConversation {
  const turns: Turn[] = [{ role: "user", name: "", lines: [] }];
  for (const { line, marker } of outsideFences(lines)) {
    if (marker?.style !== style) turns.at(-1)?.lines.push(line);
    else turns.push({ role: marker.role, name: marker.name, lines: [marker.rest] });
  }
  const [preamble, ...spoken] = turns;
  const above = preamble?.lines.join("\n") ?? "";
  const heading = /^\s*#[ \t]+([^\n]+)\s*([\s\S]*)$/.exec(above);
  const before: Turn = { role: "user", name: "", lines: [heading ? (heading[2] ?? "") : above] };
  return { title: heading?.[1] ?? "", time: null, ...inLine([before, ...spoken].map(piece)) };
}

function piece({ role, name, lines }: Turn): Piece {
  return { role, name, parts: [markdown(lines.join("\n"))], time: null, model: null };
}

function* outsideFences(lines: readonly string[]): Generator<{ line: string; marker: Marker | null }> {
  let fence: string | null = null;
  for (const line of lines) {
    const mark: string | undefined = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark && fence === null) fence = mark;
    else if (mark && fence !== null && mark.startsWith(fence) && line.trim() === mark) fence = null;
    yield { line, marker: fence === null && !mark ? markerOf(line) : null };
  }
}

function markerOf(line: string): Marker | null {
  // The name stands in the first characters; what follows it may be long.
  const start = line.slice(0, LONGEST_NAME);
  for (const [style, expression] of STYLES) {
    const found = expression.exec(start);
    const name = found?.[1]?.trim();
    if (!found || !name) continue;
    const role = roleOf(name);
    if (!role) continue;
    const head = start.length - (found[2] ?? "").length;
    return { style, role, name: GENERIC.test(name) ? "" : name, rest: line.slice(head).trimStart() };
  }
  return null;
}

function roleOf(name: string): ContentRole | null {
  return ROLES.find(([, expression]) => expression.test(name))?.[0] ?? null;
}

/** A file's name without folder and ending, as a title. */
function fileTitle(name: string): string {
  return (name.split(/[\\/]/).at(-1) ?? "").replace(/\.[A-Za-z0-9]{1,8}$/, "");
}
