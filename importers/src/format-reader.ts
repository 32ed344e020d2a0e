import type { ImportFormat } from "./imported-file.ts";
import type { RawConversation } from "./piece.ts";

/** What reads the conversations of one kind of export, one record at a time. */
export interface FormatReader {
  readonly format: ImportFormat;
  /** Whether a record is a conversation of this kind, told by fields that no other kind has. */
  recognises(record: unknown): boolean;
  /** Called for recognised records alone; what is damaged in them is left out, so it never throws. */
  read(record: unknown): RawConversation;
}
