import type { ContentRole, DraftPart } from "@openmates-share/protocol/content";

/** What one node, block or record of a source says. Several can make one message. */
export interface Piece {
  readonly role: ContentRole;
  readonly name: string;
  readonly parts: readonly RawPart[];
  readonly time: number | null;
  readonly model: string | null;
}

/** A part as it was found; the versions of a document become documents on the path that is read. */
export type RawPart = DraftPart | DocumentVersion;

/** A document beside the conversation (a canvas, an artifact) after it was written or changed. */
export interface DocumentVersion {
  readonly type: "version";
  /** Which document; the same one comes again when it changes. */
  readonly id: string;
  /** Null when it is called as before. */
  readonly title: string | null;
  /** Undefined when it is as before; null for markdown. */
  readonly language: string | null | undefined;
  readonly changes: readonly DocumentChange[];
}

export interface DocumentChange {
  /** The passage that goes; null for the whole text. */
  readonly from: string | null;
  readonly to: string;
  /** Whether the passage is changed everywhere or only where it stands first. */
  readonly everywhere: boolean;
}

/** A place in the tree of a conversation. */
export interface RawNode {
  /** The index of the node before it, or -1. Sources may be damaged: loops are possible. */
  readonly parent: number;
  /** Null for what was not on screen. */
  readonly piece: Piece | null;
}

/** What an importer finds of one conversation, before it is brought into shape. */
export interface RawConversation {
  readonly title: string;
  readonly time: number | null;
  /** In the order of the source. */
  readonly nodes: readonly RawNode[];
  /** The index of the node that the shown path ends with; -1 when the source does not tell. */
  readonly shown: number;
}

/** The nodes of a conversation without branches. */
export function inLine(pieces: readonly (Piece | null)[]): Pick<RawConversation, "nodes" | "shown"> {
  return { nodes: pieces.map((piece, index) => ({ parent: index - 1, piece })), shown: pieces.length - 1 };
}
