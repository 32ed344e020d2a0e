import type { FormatReader } from "../format-reader.ts";
import { isRecord, type JsonRecord, record, string } from "../json.ts";
import type { Piece, RawConversation } from "../piece.ts";
import { timeOf } from "../time.ts";
import { readMessage } from "./message.ts";
import { newestPath, shownPath } from "./path.ts";

/** `conversations.json` of a ChatGPT data export, one conversation of it, or one as the web app loads it. */
export const chatgpt: FormatReader = {
  format: "chatgpt",
  recognises: (value) => isRecord(value) && isRecord(value.mapping),
  read: (value) => readConversation(record(value)),
};

function readConversation(conversation: JsonRecord): RawConversation {
  const mapping = record(conversation.mapping);
  const current = typeof conversation.current_node === "string" ? conversation.current_node : null;
  const shown = readPath(shownPath(mapping, current));
  return {
    title: string(conversation.title),
    time: timeOf(conversation.update_time) ?? timeOf(conversation.create_time),
    // The current node can be a hidden one aside of everything that was said.
    pieces: shown.length > 0 ? shown : readPath(newestPath(mapping)),
  };
}

function readPath(messages: readonly JsonRecord[]): Piece[] {
  return messages.map(readMessage).filter((piece) => piece !== null);
}
