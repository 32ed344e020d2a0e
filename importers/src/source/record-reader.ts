import type { Conversation } from "@openmates-share/protocol/content";
import { importedConversation, shapeConversation } from "../conversation.ts";
import type { BranchId, BranchSummary, ImportFormat } from "../imported-file.ts";
import { readerOf, recordsOf } from "../json-export.ts";
import { changed } from "./document.ts";

/** Where a record stands in a parsed piece of a file. */
export interface RecordPlace {
  /** Lists around the piece: 0 when it stands alone, 1 for an element. */
  readonly depth: number;
  /** Its number among the records of the piece. */
  readonly index: number;
}

export interface RecordSummary {
  readonly format: ImportFormat;
  readonly title: string;
  readonly time: number | null;
  readonly messageCount: number;
  readonly branches: readonly BranchSummary[];
}

/** What the records of a parsed piece are; null for those of no known kind, `empty` for those without a message. */
export function summarise(value: unknown, depth: number): (RecordSummary | "empty" | null)[] {
  return recordsOf(value, depth).map((record) => {
    const reader = readerOf(record);
    if (!reader) return null;
    const found = importedConversation(() => reader.read(record));
    if (!found) return "empty";
    const { title, time, messageCount, branches } = found;
    return { format: reader.format, title, time, messageCount, branches };
  });
}

/** @throws ImportError when the bytes are no longer those that were there */
export function readRecord(
  bytes: Uint8Array,
  { place: { depth, index }, branch }: { place: RecordPlace; branch: BranchId | undefined },
): Conversation {
  const record = recordsOf(parseRecord(bytes), depth)[index];
  const raw = readerOf(record)?.read(record);
  const conversation = raw ? shapeConversation(raw, branch) : null;
  if (!conversation) throw changed();
  return conversation;
}

/** The value of a piece; undefined when it is no JSON. */
export function parseRecord(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
