import { type ConversationMessage, messageText, textParts } from "@openmates-share/protocol/content";
import { IMPORT_LIMITS } from "./limits.ts";

/** A message whose text does not fit an envelope becomes several that follow each other; most stay as they are. */
export function splitMessage(message: ConversationMessage): ConversationMessage[] {
  // Six bytes is the most that one UTF-16 unit takes in JSON.
  const whole = messageText(message);
  if (whole.length * 6 <= IMPORT_LIMITS.messageBytes) return [message];
  return splitText(whole, IMPORT_LIMITS.messageBytes).map((text) => ({ ...message, parts: textParts(text) }));
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
