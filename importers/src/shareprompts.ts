import type { ContentRole } from "@openmates-share/protocol/content";
import type { FormatReader } from "./format-reader.ts";
import { isRecord, list, prettyJson, record, string } from "./json.ts";
import { markdown } from "./part.ts";
import { inLine, type Piece } from "./piece.ts";
import { timeOf } from "./time.ts";

const ROLES: Readonly<Record<string, ContentRole>> = {
  human: "user",
  user: "user",
  gpt: "assistant",
  chatgpt: "assistant",
  assistant: "assistant",
  system: "system",
};

/** A conversation that SharePrompts keeps: `{ title, model, contents: { dialog: [{ who, what }] } }`. */
export const shareprompts: FormatReader = {
  format: "shareprompts",
  recognises: (value) => dialogOf(value).some((turn) => isRecord(turn) && "who" in turn && "what" in turn),
  read: (value) => {
    const { title, model, creation_date, created_at } = record(value);
    const shown = string(model).replace(/^model:\s*/i, "") || null;
    const pieces = dialogOf(value).map((turn) => readTurn(turn, shown));
    return { title: string(title), time: timeOf(creation_date) ?? timeOf(created_at), ...inLine(pieces) };
  },
};

/** The contents can be JSON in a string, as their server stores them. */
function dialogOf(value: unknown): readonly unknown[] {
  const { contents, dialog } = record(value);
  if (typeof contents !== "string") return list(record(contents).dialog ?? dialog);
  try {
    return list(record(JSON.parse(contents)).dialog);
  } catch {
    return [];
  }
}

function readTurn(value: unknown, model: string | null): Piece {
  const { who, what } = record(value);
  const speaker = string(who);
  const known = Object.hasOwn(ROLES, speaker.toLowerCase());
  const role = known ? (ROLES[speaker.toLowerCase()] ?? "user") : "user";
  const text = typeof what === "string" ? what : what == null ? "" : prettyJson(what);
  return {
    role,
    name: known ? "" : speaker,
    parts: [markdown(text)],
    time: null,
    model: role === "assistant" ? model : null,
  };
}
