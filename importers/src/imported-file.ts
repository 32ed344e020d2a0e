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
  | "chatbot-ui"
  | "sharegpt"
  | "shareprompts"
  | "openai-messages"
  | "openmates"
  /** Text with recognised speakers. */
  | "transcript"
  /** Text without; one message of the user's. */
  | "text";

/** Names a branch of one conversation; the same file gives the same names. */
export type BranchId = string;

/** A way through a conversation that is not the one on screen: another answer, or another wording of a question. */
export interface BranchSummary {
  readonly id: BranchId;
  /** The number of messages that it begins with, of those on screen: it leaves behind the last of them. */
  readonly after: number;
  /** How many messages it has beyond those; at least 1. Messages that are too large for one are counted once. */
  readonly messageCount: number;
  /** When its last message was written, milliseconds since 1970; null when the file does not tell. */
  readonly time: number | null;
  /** Its first words, on one line; empty when it begins with something else. */
  readonly words: string;
}

/** One conversation of a file, as a list shows it. */
export interface ImportedConversation {
  /** At most `IMPORT_LIMITS.title` characters, never empty, on one line. */
  readonly title: string;
  /** When it was last written to, milliseconds since 1970; null when the file does not tell. */
  readonly time: number | null;
  /** The number of messages that `read()` gives; at least 1. */
  readonly messageCount: number;
  /** What else there is than what was on screen, in the order of the file. */
  readonly branches: readonly BranchSummary[];
  /**
   * Converts what was on screen, or a branch from its beginning. Never throws, and gives equal values each time; an id that
   * is none of `branches` gives what was on screen. The file's data stay in memory as long as this does.
   */
  read(branch?: BranchId): Conversation;
}

export interface ImportedFile {
  readonly format: ImportFormat;
  /** At least one, in the order of the file. */
  readonly conversations: readonly ImportedConversation[];
  /** Records of the file that hold no conversation: empty, or damaged. */
  readonly skipped: number;
}
