import { type ContentRole, ROLES } from "@openmates-share/protocol/content";
import type { FormatReader } from "./format-reader.ts";
import { isRecord, list, record, string } from "./json.ts";
import type { Piece } from "./piece.ts";
import { timeOf } from "./time.ts";

/** A conversation as this product writes it: `{ title, messages: [{ role, name, text, time, model }] }`. */
export const openmates: FormatReader = {
  format: "openmates",
  recognises: (value) =>
    isRecord(value) &&
    typeof value.title === "string" &&
    list(value.messages).some((message) => readMessage(message) !== null),
  read: (value) => ({
    title: string(record(value).title),
    time: null,
    pieces: list(record(value).messages)
      .map(readMessage)
      .filter((piece) => piece !== null),
  }),
};

function readMessage(value: unknown): Piece | null {
  const { role, name, text, time, model } = record(value);
  if (!isRole(role) || typeof text !== "string" || typeof name !== "string") return null;
  return { role, name, text, time: timeOf(time), model: string(model) || null };
}

function isRole(value: unknown): value is ContentRole {
  return ROLES.some((role) => role === value);
}
