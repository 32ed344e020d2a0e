import type { ContentRole } from "@openmates-share/protocol/content";

/** A part of a message as a source stores it: what one node, block or record says. Several can make one message. */
export interface Piece {
  readonly role: ContentRole;
  readonly name: string;
  /** Markdown. */
  readonly text: string;
  readonly time: number | null;
  readonly model: string | null;
}

/** What an importer finds of one conversation, before it is brought into shape. */
export interface RawConversation {
  readonly title: string;
  readonly time: number | null;
  readonly pieces: readonly Piece[];
}
