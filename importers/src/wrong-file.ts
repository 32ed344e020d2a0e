import { ImportError } from "./import-error.ts";
import { isRecord, type JsonRecord } from "./json.ts";

interface OtherFile {
  /** As the archive calls it. */
  readonly file: string;
  readonly of: keyof typeof PLACE;
  /** Fields that every record of it has. */
  readonly fields: readonly string[];
}

/** Where conversations are instead. Long histories of ChatGPT come in parts. */
export const PLACE = {
  ChatGPT: "conversations.json, or in its parts: conversations-000.json and so on",
  Claude: "conversations.json",
} as const;

/** Files of exports that people take for the one with the conversations. */
const OTHER_FILES: readonly OtherFile[] = [
  { file: "user.json", of: "ChatGPT", fields: ["id", "email", "chatgpt_plus_user"] },
  { file: "message_feedback.json", of: "ChatGPT", fields: ["id", "conversation_id", "rating"] },
  { file: "shared_conversations.json", of: "ChatGPT", fields: ["id", "conversation_id", "title"] },
  { file: "users.json", of: "Claude", fields: ["uuid", "full_name"] },
  { file: "projects.json", of: "Claude", fields: ["uuid", "name", "prompt_template"] },
  { file: "projects.json", of: "Claude", fields: ["uuid", "name", "docs"] },
  { file: "memories.json", of: "Claude", fields: ["conversations_memory"] },
];

const BY_NAME =
  /(?:^|[\\/])(user|user_settings|message_feedback|shared_conversations|model_comparisons|conversation_asset_file_names|library_files|export_manifest|tool_messages|sora|shopping|group_chats)\.json$/i;

/** @throws ImportError `wrong_file` if the records are those of such a file, or of an export with none in it */
export function refuseWrongFile(records: readonly unknown[], name: string): void {
  if (records.length === 0) {
    throw new ImportError("no_conversations", "This file holds an empty list: the export has no conversations in it.");
  }
  const known = OTHER_FILES.find(({ fields }) => records.every((one) => isRecord(one) && hasAll(one, fields)));
  if (known) throw wrongFile(known.file, known.of);
  const named = BY_NAME.exec(name)?.[1];
  if (named) throw wrongFile(`${named.toLowerCase()}.json`, "ChatGPT");
}

function wrongFile(file: string, of: OtherFile["of"]): ImportError {
  return new ImportError("wrong_file", `This is \`${file}\` of a ${of} export; the conversations are in ${PLACE[of]}.`);
}

function hasAll(record: JsonRecord, fields: readonly string[]): boolean {
  return fields.every((field) => Object.hasOwn(record, field));
}
