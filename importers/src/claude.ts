import { contentBlocks } from "./content-blocks.ts";
import type { FormatReader } from "./format-reader.ts";
import { isRecord, type JsonRecord, list, record, string } from "./json.ts";
import { fenced, note, paragraphs } from "./markdown.ts";
import { pathInList } from "./message-tree.ts";
import type { Piece } from "./piece.ts";
import { timeOf } from "./time.ts";

/** `conversations.json` of a Claude data export, or one conversation of it. */
export const claude: FormatReader = {
  format: "claude",
  recognises: (value) => isRecord(value) && Array.isArray(value.chat_messages),
  read: (value) => {
    const conversation = record(value);
    return {
      title: string(conversation.name),
      time: timeOf(conversation.updated_at) ?? timeOf(conversation.created_at),
      // Retries are siblings in the list; what was shown hangs together by parents.
      pieces: pathInList(list(conversation.chat_messages).filter(isRecord), {
        id: "uuid",
        parent: "parent_message_uuid",
        leaf: string(conversation.current_leaf_message_uuid),
      }).map((message) => readMessage(message, string(conversation.model) || null)),
    };
  },
};

function readMessage(message: JsonRecord, model: string | null): Piece {
  const role = message.sender === "human" || message.sender === "user" ? "user" : "assistant";
  // `text` glues thinking and answer together; the blocks tell them apart.
  const said = contentBlocks(message.content) || string(message.text);
  const files = [...list(message.attachments), ...list(message.files), ...list(message.files_v2)];
  return {
    role,
    name: role === "assistant" ? "Claude" : "",
    text: paragraphs([said, ...distinct(files.map((file) => renderFile(record(file))))]),
    time: timeOf(message.created_at),
    model: role === "assistant" ? model : null,
  };
}

function renderFile(file: JsonRecord): string {
  const name = string(file.file_name);
  return paragraphs([
    note(file.file_kind === "image" ? "image" : "file", name),
    fenced(string(file.extracted_content), extension(name)),
  ]);
}

/** Files of one message stand in `files` and `files_v2` alike. */
const distinct = (texts: readonly string[]) => [...new Set(texts)];

const extension = (name: string) => /\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1]?.toLowerCase() ?? "text";
