import type { Conversation } from "@openmates-share/client";

/** One line of the list to choose from. */
export interface Choice {
  readonly title: string;
  /** Milliseconds since 1970, or null. */
  readonly time: number | null;
  readonly messageCount: number;
}

export type ReaderRequest =
  | { readonly type: "file"; readonly file: File }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "pick"; readonly index: number };

export type ReaderAnswer =
  | { readonly type: "progress"; readonly done: number; readonly total: number }
  | { readonly type: "list"; readonly conversations: readonly Choice[]; readonly skipped: number }
  | { readonly type: "conversation"; readonly conversation: Conversation }
  /** A sentence for the person. */
  | { readonly type: "failed"; readonly message: string };
