import { contentBlocks } from "./content-blocks.ts";
import type { FormatReader } from "./format-reader.ts";
import { isRecord, type JsonRecord, list, record, string } from "./json.ts";
import { pathInList } from "./message-tree.ts";
import type { Piece } from "./piece.ts";
import { timeOf } from "./time.ts";

/** A conversation that LibreChat exported, with its messages in a list or, `recursive`, each within its parent. */
export const librechat: FormatReader = {
  format: "librechat",
  recognises: (value) => isRecord(value) && listed(value).some((one) => isRecord(one) && "isCreatedByUser" in one),
  read: (value) => {
    const conversation = record(value);
    return {
      title: string(conversation.title),
      time: null,
      pieces: shown(conversation).map(readMessage),
    };
  },
};

function listed(conversation: JsonRecord): readonly unknown[] {
  return [...list(conversation.messages), ...list(conversation.messagesTree)];
}

function shown(conversation: JsonRecord): readonly JsonRecord[] {
  const flat = flattened(listed(conversation).filter(isRecord));
  return pathInList(flat, { id: "messageId", parent: "parentMessageId", leaf: "" });
}

/** Every message before its answers; by a stack, for a conversation nests as deeply as it is long. */
function flattened(roots: readonly JsonRecord[]): JsonRecord[] {
  const all: JsonRecord[] = [];
  const open = [...roots].reverse();
  for (let message = open.pop(); message; message = open.pop()) {
    all.push(message);
    for (const child of [...list(message.children)].reverse()) if (isRecord(child)) open.push(child);
  }
  return all;
}

function readMessage(message: JsonRecord): Piece {
  const user = message.isCreatedByUser === true;
  return {
    role: user ? "user" : "assistant",
    name: user ? "" : string(message.sender),
    text: string(message.text) || contentBlocks(message.content),
    time: timeOf(message.createdAt),
    model: user ? null : string(message.model) || null,
  };
}
