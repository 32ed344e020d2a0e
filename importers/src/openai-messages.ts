import type { ContentRole } from "@openmates-share/protocol/content";
import { contentBlocks } from "./content-blocks.ts";
import type { FormatReader } from "./format-reader.ts";
import { renderCall } from "./function-call.ts";
import { isRecord, type JsonRecord, list, record, string } from "./json.ts";
import { fenced, paragraphs } from "./markdown.ts";
import type { Piece, RawConversation } from "./piece.ts";
import { timeOf } from "./time.ts";

const ROLES: Readonly<Record<string, ContentRole>> = {
  user: "user",
  human: "user",
  assistant: "assistant",
  ai: "assistant",
  model: "assistant",
  system: "system",
  developer: "system",
  tool: "tool",
  function: "tool",
};

/** `messages` as chat APIs take them: the bare list, or in a request, a log or a line of training data. */
export const openaiMessages: FormatReader = {
  format: "openai-messages",
  recognises: (value) =>
    messagesOf(value).some((message) => isRecord(message) && roleOf(message) !== null && hasContent(message)),
  read: (value) => readMessages(value),
};

function readMessages(value: unknown): RawConversation {
  const outer = record(value);
  const model = string(outer.model) || null;
  return {
    title: string(outer.title) || string(outer.name),
    time: timeOf(outer.updated_at) ?? timeOf(outer.created_at) ?? timeOf(outer.created),
    pieces: messagesOf(value)
      .map((message) => readMessage(record(message), model))
      .filter((piece) => piece !== null),
  };
}

function messagesOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : isRecord(value) ? list(value.messages) : [];
}

function hasContent(message: JsonRecord): boolean {
  return "content" in message || "tool_calls" in message || "parts" in message;
}

function roleOf(message: JsonRecord): ContentRole | null {
  const role = string(message.role);
  return Object.hasOwn(ROLES, role) ? (ROLES[role] ?? null) : null;
}

function readMessage(message: JsonRecord, model: string | null): Piece | null {
  const role = roleOf(message);
  if (!role) return null;
  const said = contentBlocks(message.content ?? message.parts);
  const text = paragraphs([
    string(message.refusal),
    role === "tool" ? fenced(said, "text") : said,
    ...toolCalls(message),
  ]);
  return {
    role,
    name: role === "tool" ? "" : string(message.name),
    text,
    time: timeOf(message.created_at) ?? timeOf(message.timestamp) ?? timeOf(message.create_time),
    model: role === "assistant" ? string(message.model) || model : null,
  };
}

function toolCalls(message: JsonRecord): string[] {
  const calls = list(message.tool_calls).map((call) => record(record(call).function));
  if (isRecord(message.function_call)) calls.push(message.function_call);
  return calls.map((call) => renderCall(string(call.name), call.arguments));
}
