import type { Conversation } from "@openmates-share/protocol/content";

/** What an importer is given: a file's name (empty for pasted text) and its text. */
export interface ImportInput {
  readonly name: string;
  readonly text: string;
}

export type ImportFormat =
  | "chatgpt"
  | "claude"
  | "librechat"
  | "sharegpt"
  | "openai-messages"
  | "openmates"
  /** Text with recognised speakers. */
  | "transcript"
  /** Text without; one message of the user's. */
  | "text";

/** One conversation of a file, as a list shows it. */
export interface ImportedConversation {
  /** At most `IMPORT_LIMITS.title` characters, never empty, on one line. */
  readonly title: string;
  /** When it was last written to, milliseconds since 1970; null when the file does not tell. */
  readonly time: number | null;
  /** The number of messages that `read()` gives; at least 1. */
  readonly messageCount: number;
  /** Converts it; never throws, and gives equal values each time. The file's data stay in memory as long as this does. */
  read(): Conversation;
}

export interface ImportedFile {
  readonly format: ImportFormat;
  /** At least one, in the order of the file. */
  readonly conversations: readonly ImportedConversation[];
  /** Records of the file that hold no conversation: empty, or damaged. */
  readonly skipped: number;
}
