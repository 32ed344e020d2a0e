import type { ContentRole } from "@openmates-share/protocol/content";
import { contentBlocks, functionCall } from "./content-blocks.ts";
import type { FormatReader } from "./format-reader.ts";
import { isRecord, type JsonRecord, list, record, string } from "./json.ts";
import { markdown, output, reasoning } from "./part.ts";
import { inLine, type Piece, type RawConversation, type RawPart } from "./piece.ts";
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

/** What the newer API has between messages, and who it is of. */
const ITEMS: Readonly<Record<string, ContentRole>> = {
  function_call: "assistant",
  reasoning: "assistant",
  function_call_output: "tool",
};

/** `messages` as chat APIs take them: the bare list, or in a request, a log or a line of training data. */
export const openaiMessages: FormatReader = {
  format: "openai-messages",
  recognises: (value) =>
    messagesOf(value).some((message) => isRecord(message) && ownRole(message) !== null && hasContent(message)),
  read: (value) => readMessages(value),
};

function readMessages(value: unknown): RawConversation {
  const outer = record(value);
  const model = string(outer.model) || null;
  const tools = new Map<string, string>();
  const system = string(outer.system) || string(outer.instructions);
  const before: Piece[] =
    system === "" ? [] : [{ role: "system", name: "", parts: [markdown(system)], time: null, model: null }];
  const pieces = messagesOf(value).map((message) => readMessage(record(message), { model, tools }));
  return {
    title: string(outer.title) || string(outer.name),
    time: timeOf(outer.updated_at) ?? timeOf(outer.created_at) ?? timeOf(outer.created),
    ...inLine([...before, ...pieces]),
  };
}

function messagesOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const { messages, input } = record(value);
  return Array.isArray(messages) ? messages : list(input);
}

function hasContent(message: JsonRecord): boolean {
  return "content" in message || "tool_calls" in message || "parts" in message;
}

const ownRole = (message: JsonRecord) => named(ROLES, message.role);
const roleOf = (message: JsonRecord) => ownRole(message) ?? named(ITEMS, message.type);

function named(roles: Readonly<Record<string, ContentRole>>, value: unknown): ContentRole | null {
  const name = string(value);
  return Object.hasOwn(roles, name) ? (roles[name] ?? null) : null;
}

interface Context {
  readonly model: string | null;
  /** Names of the functions that were called, by the ids of the calls. */
  readonly tools: Map<string, string>;
}

function readMessage(message: JsonRecord, { model, tools }: Context): Piece | null {
  const role = roleOf(message);
  if (!role) return null;
  return {
    role,
    name: role === "tool" ? "" : ownRole(message) ? string(message.name) : "",
    parts: role === "tool" ? resultParts(message, tools) : saidParts(message, tools),
    time: timeOf(message.created_at) ?? timeOf(message.timestamp) ?? timeOf(message.create_time),
    model: role === "assistant" ? string(message.model) || model : null,
  };
}

function resultParts(message: JsonRecord, tools: Context["tools"]): RawPart[] {
  const id = string(message.tool_call_id) || string(message.call_id);
  const tool = tools.get(id) ?? (string(message.name) || null);
  return contentBlocks(message.content ?? message.output ?? message.parts).map((part) =>
    part.type === "markdown" ? output(part.text, { tool }) : part,
  );
}

function saidParts(message: JsonRecord, tools: Context["tools"]): RawPart[] {
  if (message.type === "reasoning" && !ownRole(message)) return contentBlocks(message);
  return [
    reasoning(string(message.reasoning_content) || string(message.reasoning)),
    ...contentBlocks(message.content ?? message.parts),
    markdown(string(message.refusal)),
    ...callParts(message, tools),
  ].filter((part) => !("text" in part) || part.text.trim() !== "");
}

function callParts(message: JsonRecord, tools: Context["tools"]): RawPart[] {
  const calls = list(message.tool_calls).map(record);
  if (isRecord(message.function_call)) calls.push({ function: message.function_call });
  if (message.type === "function_call") calls.push({ id: message.call_id, function: message });
  return calls.map((call) => {
    const { name, arguments: input } = record(call.function ?? call.custom ?? call);
    tools.set(string(call.id), string(name));
    return functionCall(string(name), input ?? record(call.custom).input);
  });
}
