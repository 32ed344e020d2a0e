import { chatbotUi } from "./chatbot-ui.ts";
import { chatgpt } from "./chatgpt/chatgpt.ts";
import { claude } from "./claude.ts";
import type { FormatReader } from "./format-reader.ts";
import type { ImportFormat } from "./imported-file.ts";
import { isRecord } from "./json.ts";
import { librechat } from "./librechat.ts";
import { openaiMessages } from "./openai-messages.ts";
import { openmates } from "./openmates.ts";
import type { RawConversation } from "./piece.ts";
import { sharegpt } from "./sharegpt.ts";
import { shareprompts } from "./shareprompts.ts";
import { refuseWrongFile } from "./wrong-file.ts";

/** The order matters only where a record has the marks of two kinds: the more particular kind comes first. */
const READERS: readonly FormatReader[] = [
  chatgpt,
  claude,
  librechat,
  sharegpt,
  shareprompts,
  chatbotUi,
  openmates,
  openaiMessages,
];

/** Deeper than lists of lists of conversations nothing is looked for. */
const DEEPEST_LIST = 2;

/** What exports call the list of their conversations. */
const CONTAINERS = ["conversations", "history", "chats"] as const;

interface JsonExport {
  readonly format: ImportFormat;
  /** One for each record; null for those that hold no conversation. */
  readonly conversations: readonly (() => RawConversation | null)[];
}

/**
 * The conversations of a JSON value; null when its kind is not known.
 *
 * @throws ImportError `wrong_file` when another file of the same export is the right one
 */
export function readJsonExport(data: unknown, name: string): JsonExport | null {
  const records = recordsOf(data, 0);
  const readers = records.map(readerOf);
  const first = readers.find((reader) => reader !== undefined);
  if (!first) {
    refuseWrongFile(records, name);
    return null;
  }
  const conversations = records.map((record, index) => () => readers[index]?.read(record) ?? null);
  return { format: first.format, conversations };
}

/** What reads a record; undefined for one of no known kind. */
export function readerOf(record: unknown): FormatReader | undefined {
  return READERS.find((reader) => reader.recognises(record));
}

/** One record for each conversation, out of the ways in which exports put them together. */
export function recordsOf(data: unknown, depth: number): readonly unknown[] {
  if (READERS.some((reader) => reader.recognises(data))) return [data];
  if (Array.isArray(data) && depth < DEEPEST_LIST)
    return data.length > 0 ? data.flatMap((one) => nested(one, depth)) : [];
  if (isRecord(data)) for (const name of CONTAINERS) if (Array.isArray(data[name])) return data[name];
  return [data];
}

/** Only a list within a list is opened; a record stays what it is, known or not. */
function nested(one: unknown, depth: number): readonly unknown[] {
  return Array.isArray(one) ? recordsOf(one, depth + 1) : [one];
}
