import type { ConversationMessage, DraftPart } from "@openmates-share/protocol/content";
import { IMPORT_LIMITS } from "./limits.ts";

/**
 * Bytes around a part's texts: its field names, an embed's id and key, numbers, the names of languages and tools. They
 * come to less than 400.
 */
const PART_BYTES = 600;

/** A message whose parts do not fit an envelope becomes several that follow each other; most stay as they are. */
export function splitMessage(message: ConversationMessage): ConversationMessage[] {
  if (surelyFits(message)) return [message];
  const groups: DraftPart[][] = [];
  let room = 0;
  for (const part of message.parts.flatMap((one) => splitPart(one, IMPORT_LIMITS.messageBytes - PART_BYTES))) {
    const size = partBytes(part);
    const group = groups.at(-1);
    if (group && size <= room && group.length < IMPORT_LIMITS.parts) group.push(part);
    else {
      groups.push([part]);
      room = IMPORT_LIMITS.messageBytes;
    }
    room -= size;
  }
  return groups.map((parts) => ({ ...message, parts }));
}

/** Told without counting bytes: six is the most that one UTF-16 unit takes in JSON. */
function surelyFits({ parts }: ConversationMessage): boolean {
  if (parts.length > IMPORT_LIMITS.parts) return false;
  return parts.reduce((sum, part) => sum + partLength(part) * 6 + PART_BYTES, 0) <= IMPORT_LIMITS.messageBytes;
}

/** Characters of everything in a part that can be long. */
function partLength(part: DraftPart): number {
  return partTexts(part).reduce((sum, text) => sum + text.length, 0);
}

function partBytes(part: DraftPart): number {
  return partTexts(part).reduce((sum, text) => sum + jsonBytes(text), PART_BYTES);
}

function partTexts(part: DraftPart): readonly string[] {
  switch (part.type) {
    case "markdown":
    case "reasoning":
    case "code":
    case "output":
      return [part.text];
    case "document":
      return [part.title, part.text];
    case "other":
      return [part.named, part.text];
    case "sources":
      // Quotes, commas and names around each.
      return part.sources.flatMap(({ title, url }) => [title, url, " ".repeat(24)]);
    case "image":
      return [part.name, part.mediaType, part.alt];
    case "file":
      return [part.name, part.mediaType];
    case "unknown":
      return [part.named, JSON.stringify(part.json)];
  }
}

/** Only texts and lists of sources can be larger than a message; what else there is has bounds of its own. */
function splitPart(part: DraftPart, limit: number): readonly DraftPart[] {
  if (partLength(part) * 6 <= limit) return [part];
  switch (part.type) {
    case "markdown":
    case "reasoning":
      return splitText(part.text, limit).map((text) => ({ ...part, text }));
    case "document": {
      const room = limit - jsonBytes(part.title);
      const texts = part.language === null ? splitText(part.text, room) : splitLines(part.text, room);
      return texts.map((text) => ({ ...part, text }));
    }
    case "code":
    case "output":
      return splitLines(part.text, limit).map((text) => ({ ...part, text }));
    case "other":
      return splitLines(part.text, limit - jsonBytes(part.named)).map((text) => ({ ...part, text }));
    case "sources":
      return splitSources(part);
    default:
      return [part];
  }
}

/** A source has at most 10,000 characters; fifteen of them fit even if each takes six bytes. */
const SOURCES_TOGETHER = 15;

function splitSources(part: DraftPart & { readonly type: "sources" }): DraftPart[] {
  const count = Math.ceil(part.sources.length / SOURCES_TOGETHER);
  return Array.from({ length: count }, (_, index) => ({
    ...part,
    sources: part.sources.slice(index * SOURCES_TOGETHER, (index + 1) * SOURCES_TOGETHER),
  }));
}

/** Cuts a text that is not markdown into parts of at most `limit` bytes as JSON, at a line's end where there is one. */
function splitLines(text: string, limit: number): string[] {
  const parts: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = cutAt(text, start, limit);
    const body = text.slice(start, end).replace(/\n+$/, "");
    if (body.trim() !== "") parts.push(body);
    start = end;
  }
  return parts;
}

/**
 * Cuts a text into parts of at most `limit` bytes as JSON, at a line's end where there is one. Joined they are the text,
 * without the blank space at the cuts and with code blocks closed before a cut and opened again behind it.
 */
export function splitText(text: string, limit: number): string[] {
  const parts: string[] = [];
  let fence: string | null = null;
  let start = 0;
  while (start < text.length) {
    const head: string = fence === null ? "" : `${fence}\n`;
    // Room to close a fence that is open at the cut, at most as long as the one that opens the part or begins within.
    const end = cutAt(text, start, limit - jsonBytes(head) - FENCE_ROOM);
    const body = text.slice(start, end);
    fence = openFence(fence, body);
    const tail = fence === null || end >= text.length ? "" : `\n${fenceMark(fence)}`;
    if (body.trim() !== "") parts.push(head + body.replace(/\n+$/, "") + tail);
    start = end;
  }
  return parts;
}

/** Longer fences than this are not carried over a cut. */
const LONGEST_FENCE_LINE = 200;
const FENCE_ROOM = LONGEST_FENCE_LINE + 2;

/** Where the part that begins at `start` ends: behind the last line that fits, or within a line that alone is too long. */
function cutAt(text: string, start: number, limit: number): number {
  let bytes = 0;
  let line = start;
  let index = start;
  while (index < text.length) {
    const code = text.codePointAt(index) ?? 0;
    bytes += codeBytes(code);
    if (bytes > limit) return line > start ? line : Math.max(index, start + 1);
    index += code > 0xffff ? 2 : 1;
    if (code === 0x0a) line = index;
  }
  return text.length;
}

/** Bytes of a string in JSON and UTF-8, without its quotes. */
export function jsonBytes(text: string): number {
  let bytes = 0;
  for (const character of text) bytes += codeBytes(character.codePointAt(0) ?? 0);
  return bytes;
}

function codeBytes(code: number): number {
  if (code === 0x22 || code === 0x5c) return 2;
  if (code < 0x20) return code === 0x0a || code === 0x09 || code === 0x0d || code === 0x08 || code === 0x0c ? 2 : 6;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  if (code >= 0xd800 && code <= 0xdfff) return 6;
  return code > 0xffff ? 4 : 3;
}

/** The line that opened the code block in which `body` ends; null when it ends outside. */
function openFence(before: string | null, body: string): string | null {
  let open = before;
  for (const [line] of body.matchAll(/^ {0,3}(?:`{3,}|~{3,}).*$/gm)) {
    const trimmed = line.trim();
    if (open === null) open = trimmed.length <= LONGEST_FENCE_LINE ? trimmed : null;
    else if (closes(open, trimmed)) open = null;
  }
  return open;
}

function closes(open: string, line: string): boolean {
  const mark = fenceMark(open);
  return line.startsWith(mark) && line === line.charAt(0).repeat(line.length);
}

const fenceMark = (line: string) => /^(?:`+|~+)/.exec(line)?.[0] ?? "```";
