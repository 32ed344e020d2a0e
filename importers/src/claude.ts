import { contentBlocks } from "./content-blocks.ts";
import type { FormatReader } from "./format-reader.ts";
import { isRecord, type JsonRecord, list, record, string } from "./json.ts";
import { treeOfList } from "./message-list.ts";
import { attachment, document, languageOfFile, markdown } from "./part.ts";
import type { Piece, RawPart } from "./piece.ts";
import { timeOf } from "./time.ts";

/** `conversations.json` of a Claude data export, or one conversation of it. */
export const claude: FormatReader = {
  format: "claude",
  recognises: (value) => isRecord(value) && Array.isArray(value.chat_messages),
  read: (value) => {
    const conversation = record(value);
    const model = string(conversation.model) || null;
    return {
      title: string(conversation.name),
      time: timeOf(conversation.updated_at) ?? timeOf(conversation.created_at),
      // Retries are siblings in the list; what was shown hangs together by parents.
      ...treeOfList(
        list(conversation.chat_messages).filter(isRecord),
        {
          id: "uuid",
          parent: "parent_message_uuid",
          leaf: string(conversation.current_leaf_message_uuid),
        },
        (message) => readMessage(message, model),
      ),
    };
  },
};

function readMessage(message: JsonRecord, model: string | null): Piece | null {
  const role = message.sender === "human" || message.sender === "user" ? "user" : "assistant";
  const parts = [...fileParts(message), ...saidParts(message)];
  if (parts.every((part) => "text" in part && part.text.trim() === "")) return null;
  return {
    role,
    name: role === "assistant" ? "Claude" : "",
    parts,
    time: timeOf(message.created_at),
    model: role === "assistant" ? model : null,
  };
}

/** `text` glues thinking and answer together; the blocks tell them apart. */
function saidParts(message: JsonRecord): RawPart[] {
  const blocks = contentBlocks(message.content);
  return blocks.some((part) => !("text" in part) || part.text.trim() !== "")
    ? blocks
    : [markdown(string(message.text))];
}

/** Attachments come as the text that was read out of them, files by their names; some stand in several lists. */
function fileParts(message: JsonRecord): RawPart[] {
  const read = list(message.attachments).map(record);
  const known = new Set(read.map((one) => string(one.file_name)).filter((name) => name !== ""));
  const files = [...list(message.files), ...list(message.files_v2)].map(record).filter((one) => {
    const name = string(one.file_uuid) || string(one.file_name);
    if (known.has(name) || known.has(string(one.file_name))) return false;
    known.add(name);
    return true;
  });
  return [...read.map(attachmentPart), ...files.map(attachmentPart)];
}

function attachmentPart(attached: JsonRecord): RawPart {
  const name = string(attached.file_name);
  const text = string(attached.extracted_content);
  if (text.trim() !== "") return document(name || "Pasted text", text, languageOfFile(name));
  const facts = { name, size: attached.file_size, source: name || null };
  const mediaType = attached.file_kind === "image" ? "image/png" : mediaTypeOf(string(attached.file_type));
  return attachment(mediaType === "" ? facts : { ...facts, mediaType });
}

/** Some records have an ending (`pdf`) where others have a media type. */
const mediaTypeOf = (type: string) => (type.includes("/") ? type : "");
