import { type Conversation, type ConversationMessage, messageText, textParts } from "@openmates-share/protocol/content";
import type { ImportedConversation } from "./imported-file.ts";
import { IMPORT_LIMITS } from "./limits.ts";
import { clampLine, cleanText } from "./line.ts";
import type { Piece, RawConversation } from "./piece.ts";
import { splitMessage } from "./split-message.ts";

const TITLE_FROM_TEXT = 80;

/**
 * Brings what an importer found into shape: parts of one answer become one message, titles and names fit their limits,
 * messages that are too large become several. Null when nothing is said in it.
 */
export function shapeConversation(raw: RawConversation): Conversation | null {
  const messages = joinPieces(raw.pieces).flatMap(splitMessage);
  const first = messages.find((message) => message.role === "user") ?? messages[0];
  if (!first) return null;
  const title = clampLine(raw.title, IMPORT_LIMITS.title) || titleFrom(messageText(first));
  return { title, messages };
}

/** The list entry of a conversation that is converted when asked for; null when nothing is said in it. */
export function importedConversation(convert: () => RawConversation | null): ImportedConversation | null {
  const raw = convert();
  const shaped = raw && shapeConversation(raw);
  if (!shaped) return null;
  const { title, messages } = shaped;
  return {
    title,
    time: raw.time ?? messages.findLast((message) => message.time !== null)?.time ?? null,
    messageCount: messages.length,
    read: () => converted(convert),
  };
}

/** Converted again when it is read, and not kept before: an export of years would otherwise be in memory twice. */
function converted(convert: () => RawConversation | null): Conversation {
  const raw = convert();
  const shaped = raw && shapeConversation(raw);
  if (!shaped) throw new Error("A conversation of an unchanged file was there once and is no longer.");
  return shaped;
}

/** One message for each turn: an answer's text, its tool calls and their results are one message of the assistant's. */
function joinPieces(pieces: readonly Piece[]): ConversationMessage[] {
  const turns: Piece[][] = [];
  for (const piece of pieces) {
    const text = cleanText(piece.text);
    if (text === "") continue;
    const cleaned = { ...piece, text };
    const turn = turns.at(-1);
    if (turn?.[0] && continues(turn, cleaned)) turn.push(cleaned);
    else turns.push([cleaned]);
  }
  return turns.map(joinTurn);
}

function continues(turn: readonly Piece[], piece: Piece): boolean {
  const previous = turn.at(-1);
  if (!previous || !isAnswer(previous) || !isAnswer(piece)) return false;
  if (piece.role === "tool") return true;
  const speaker = turn.find((one) => one.role === "assistant");
  return speaker === undefined || speaker.name === piece.name;
}

const isAnswer = (piece: Piece) => piece.role === "assistant" || piece.role === "tool";

function joinTurn(turn: readonly Piece[]): ConversationMessage {
  const speaker = turn.find((piece) => piece.role !== "tool") ?? turn[0];
  const model = turn.findLast((piece) => piece.model !== null)?.model ?? null;
  return {
    role: speaker?.role ?? "tool",
    name: clampLine(speaker?.name ?? "", IMPORT_LIMITS.name),
    parts: textParts(turn.map((piece) => piece.text).join("\n\n")),
    time: turn.find((piece) => piece.time !== null)?.time ?? null,
    model: model === null ? null : clampLine(model, IMPORT_LIMITS.model) || null,
  };
}

function titleFrom(text: string): string {
  const line = text.split("\n", 40).find((candidate) => /[\p{L}\p{N}]/u.test(candidate)) ?? "";
  const bare = line.replace(/^[\s#>*_`~-]+/u, "");
  return clampLine(bare, TITLE_FROM_TEXT) || "Conversation";
}
