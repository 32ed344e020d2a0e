import type { ContentRole } from "./content.ts";
import type { DraftPart } from "./parts.ts";

/** A conversation as importers give it and sharing takes it: the path that was shown, oldest first. */
export interface Conversation {
  readonly title: string;
  readonly messages: readonly ConversationMessage[];
  /** The bytes of a part's `source`, while what was imported is at hand; null when they can't be had. */
  readonly attachment?: (source: string) => Promise<Blob | null>;
}

export interface ConversationMessage {
  readonly role: ContentRole;
  /** Who speaks, when the source tells; else empty. */
  readonly name: string;
  /** At least one. */
  readonly parts: readonly DraftPart[];
  /** Milliseconds since 1970, or null. */
  readonly time: number | null;
  readonly model: string | null;
}
