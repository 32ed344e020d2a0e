import type { ContentRole } from "@openmates-share/protocol/content";
import type { FormatReader } from "./format-reader.ts";
import { renderCall } from "./function-call.ts";
import { isRecord, list, prettyJson, record, string } from "./json.ts";
import { fenced } from "./markdown.ts";
import type { Piece } from "./piece.ts";

const ROLES: Readonly<Record<string, ContentRole>> = {
  human: "user",
  user: "user",
  gpt: "assistant",
  chatgpt: "assistant",
  assistant: "assistant",
  bing: "assistant",
  bard: "assistant",
  function_call: "assistant",
  observation: "tool",
  tool: "tool",
  system: "system",
};

/** ShareGPT and the data sets that took its shape: `conversations: [{ from, value }]`. */
export const sharegpt: FormatReader = {
  format: "sharegpt",
  recognises: (value) =>
    isRecord(value) &&
    list(value.conversations).some((turn) => isRecord(turn) && typeof turn.from === "string" && "value" in turn),
  read: (value) => {
    const outer = record(value);
    const pieces = list(outer.conversations).map(readTurn);
    const system = string(outer.system);
    const before: Piece[] = system === "" ? [] : [{ role: "system", name: "", text: system, time: null, model: null }];
    return { title: string(outer.title), time: null, pieces: [...before, ...pieces] };
  },
};

function readTurn(value: unknown): Piece {
  const turn = record(value);
  const from = string(turn.from);
  const said = typeof turn.value === "string" ? turn.value : turn.value == null ? "" : prettyJson(turn.value);
  const role = Object.hasOwn(ROLES, from) ? (ROLES[from] ?? "user") : "user";
  // A speaker of another name is kept as one.
  const name = Object.hasOwn(ROLES, from) ? "" : from;
  const text = from === "function_call" ? renderFunctionCall(said) : role === "tool" ? fenced(said, "json") : said;
  return { role, name, text, time: null, model: null };
}

function renderFunctionCall(said: string): string {
  try {
    const call = record(JSON.parse(said));
    if (typeof call.name === "string") return renderCall(call.name, call.arguments);
  } catch {
    // Not JSON: shown as it is.
  }
  return fenced(said, "json");
}
