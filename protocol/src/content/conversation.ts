import type { ContentRole } from "./content.ts";

/** A conversation as importers give it and sharing takes it: the path that was shown, oldest first. */
export interface Conversation {
  readonly title: string;
  readonly messages: readonly ConversationMessage[];
}

export interface ConversationMessage {
  readonly role: ContentRole;
  /** Who speaks, when the source tells; else empty. */
  readonly name: string;
  /** Markdown. */
  readonly text: string;
  /** Milliseconds since 1970, or null. */
  readonly time: number | null;
  readonly model: string | null;
}
