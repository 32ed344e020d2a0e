import type { Conversation } from "@openmates-share/client";
import type { BranchId, BranchSummary, FoundSecret, ImportProgress } from "@openmates-share/importers";

/** One line of the list to choose from. */
export interface Choice {
  readonly title: string;
  /** Milliseconds since 1970, or null. */
  readonly time: number | null;
  readonly messageCount: number;
  readonly branches: readonly BranchSummary[];
}

export interface ChoiceList {
  readonly conversations: readonly Choice[];
  /** Records without a conversation. */
  readonly skipped: number;
  /** What is wrong with the file although it gave something. */
  readonly flaw: string | null;
}

/** What a conversation is without the way to its files, which can't be posted. */
export type PostedConversation = Pick<Conversation, "title" | "messages">;

/** What the worker can be asked for, and what it answers. */
export interface ReaderCalls {
  /** Once, first: a file or a text. */
  open: { ask: { readonly name: string; readonly blob: Blob }; answer: ChoiceList };
  read: { ask: { readonly index: number; readonly branch: BranchId | null }; answer: PostedConversation };
  /** Of a conversation that was read. */
  attachment: { ask: { readonly index: number; readonly source: string }; answer: Blob | null };
  /** Needs no file. */
  secrets: { ask: PostedConversation; answer: readonly FoundSecret[] };
  mask: {
    ask: { readonly conversation: PostedConversation; readonly values: ReadonlySet<string> };
    answer: PostedConversation;
  };
}
export type ReaderCall = keyof ReaderCalls;

export type ReaderRequest = {
  [Call in ReaderCall]: { readonly number: number; readonly call: Call; readonly ask: ReaderCalls[Call]["ask"] };
}[ReaderCall];

export type ReaderMessage =
  | { readonly type: "progress"; readonly progress: ImportProgress }
  | { readonly type: "answer"; readonly number: number; readonly answer: unknown }
  /** A sentence for the person. */
  | { readonly type: "failed"; readonly number: number; readonly sentence: string };
