import { contentBlocks } from "./content-blocks.ts";
import type { FormatReader } from "./format-reader.ts";
import { isRecord, type JsonRecord, list, record, string } from "./json.ts";
import { treeOfList } from "./message-list.ts";
import { attachment, markdown, output, reasoning } from "./part.ts";
import type { Piece, RawNode, RawPart } from "./piece.ts";
import { timeOf } from "./time.ts";

/** A conversation that LibreChat exported, with its messages in a list or, `recursive`, each within its parent. */
export const librechat: FormatReader = {
  format: "librechat",
  recognises: (value) => isRecord(value) && listed(value).some((one) => isRecord(one) && "isCreatedByUser" in one),
  read: (value) => {
    const conversation = record(value);
    const roots = listed(conversation).filter(isRecord);
    const nested = roots.some((root) => list(root.children).length > 0);
    return {
      title: string(conversation.title),
      time: timeOf(conversation.updatedAt) ?? timeOf(conversation.createdAt),
      ...(nested
        ? treeOfNested(roots)
        : treeOfList(roots, { id: "messageId", parent: "parentMessageId", leaf: "" }, readMessage)),
    };
  },
};

function listed(conversation: JsonRecord): readonly unknown[] {
  return [...list(conversation.messages), ...list(conversation.messagesTree)];
}

/** Every message before its answers; by a stack, for a conversation nests as deeply as it is long. */
function treeOfNested(roots: readonly JsonRecord[]): { nodes: RawNode[]; shown: number } {
  const nodes: RawNode[] = [];
  const open = roots.map((message) => ({ message, parent: -1 })).reverse();
  for (let next = open.pop(); next; next = open.pop()) {
    const { message, parent } = next;
    const index = nodes.length;
    nodes.push({ parent, piece: readMessage(message) });
    const children = list(message.children).filter(isRecord);
    for (const child of children.reverse()) open.push({ message: child, parent: index });
  }
  // The newest answer to each message is the one on screen, and the newest stands last.
  return { nodes, shown: nodes.length - 1 };
}

function readMessage(message: JsonRecord): Piece | null {
  const user = message.isCreatedByUser === true;
  const parts = [...fileParts(message), ...saidParts(message)];
  if (parts.every((part) => "text" in part && part.text.trim() === "")) return null;
  return {
    role: user ? "user" : "assistant",
    name: user ? "" : string(message.sender),
    parts,
    time: timeOf(message.createdAt),
    model: user ? null : string(message.model) || null,
  };
}

function saidParts(message: JsonRecord): RawPart[] {
  const text = string(message.text);
  if (message.error === true) return [output(text || errorText(message.content), { failed: true })];
  const blocks = contentBlocks(message.content);
  return blocks.length > 0 && (text === "" || blocks.length > 1) ? blocks : thinkingApart(text);
}

function errorText(content: unknown): string {
  return list(content)
    .map((block) => string(record(block).error) || string(record(block).text))
    .join("\n");
}

/** Older versions write a model's thoughts into the text, between `:::thinking` and `:::`. */
function thinkingApart(text: string): RawPart[] {
  const opening = /^\s*:::thinking[ \t]*\n/.exec(text.slice(0, 200));
  const end = opening ? text.indexOf("\n:::", opening[0].length) : -1;
  if (!opening || end < 0) return [markdown(text)];
  return [reasoning(text.slice(opening[0].length, end)), markdown(text.slice(end + 4))];
}

function fileParts(message: JsonRecord): RawPart[] {
  const seen = new Set<string>();
  return [...list(message.files), ...list(message.attachments)].flatMap((value) => {
    const { filename, filepath, file_id, type, width, height, bytes } = record(value);
    const name = string(filename);
    const key = string(file_id) || string(filepath) || name;
    if (key === "" || seen.has(key)) return [];
    seen.add(key);
    const source = string(filepath) || name || null;
    return [attachment({ name, mediaType: string(type), width, height, size: bytes, source })];
  });
}
