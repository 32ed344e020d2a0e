import type { ContentRole } from "@openmates-share/protocol/content";
import { functionCall } from "./content-blocks.ts";
import type { FormatReader } from "./format-reader.ts";
import { isRecord, list, prettyJson, record, string } from "./json.ts";
import { code, markdown, output } from "./part.ts";
import { inLine, type Piece, type RawPart } from "./piece.ts";

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

/** ShareGPT and the data sets that took its shape: `conversations: [{ from, value }]`, or `items`. */
export const sharegpt: FormatReader = {
  format: "sharegpt",
  recognises: (value) =>
    turnsOf(value).some((turn) => isRecord(turn) && typeof turn.from === "string" && "value" in turn),
  read: (value) => {
    const { title, system } = record(value);
    const pieces = readTurns(turnsOf(value));
    const before: Piece[] = string(system) === "" ? [] : [said("system", "", [markdown(string(system))])];
    return { title: string(title), time: null, ...inLine([...before, ...pieces]) };
  },
};

function turnsOf(value: unknown): readonly unknown[] {
  const { conversations, items } = record(value);
  return Array.isArray(conversations) ? conversations : list(items);
}

function readTurns(turns: readonly unknown[]): Piece[] {
  let tool: string | null = null;
  return turns.map((value) => {
    const turn = record(value);
    const from = string(turn.from);
    const text = typeof turn.value === "string" ? turn.value : turn.value == null ? "" : prettyJson(turn.value);
    const known = Object.hasOwn(ROLES, from);
    const role = known ? (ROLES[from] ?? "user") : "user";
    if (from === "function_call") {
      const call = callParts(text);
      tool = call.tool;
      return said(role, "", [call.part]);
    }
    if (role === "tool") return said(role, "", [output(text, { tool })]);
    // A speaker of another name is kept as one.
    return said(role, known ? "" : from, [markdown(text)]);
  });
}

function said(role: ContentRole, name: string, parts: readonly RawPart[]): Piece {
  return { role, name, parts, time: null, model: null };
}

function callParts(text: string): { part: RawPart; tool: string | null } {
  try {
    const call = record(JSON.parse(text));
    if (typeof call.name === "string") return { part: functionCall(call.name, call.arguments), tool: call.name };
  } catch {
    // Not JSON: shown as it is.
  }
  return { part: code(text, {}), tool: null };
}
