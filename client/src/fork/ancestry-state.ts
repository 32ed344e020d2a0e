import type { Bytes, ChatId, ProtocolErrorCode, SenderId } from "@openmates-share/protocol/wire";
import type { RoomMessage } from "../room-state.ts";

/** A chat that a fork came of, as its owner's signature proves it. */
export interface AncestryChat {
  readonly chat: ChatId;
  /** The seal's signer; whether that is the chat's owner, who knows the chat can tell. */
  readonly owner: SenderId;
  /** Ed25519. */
  readonly publicKey: Bytes;
  /** As sealed, without what turns or hides text. */
  readonly title: string;
  /** Milliseconds since 1970, by the owner's clock. */
  readonly sealedAt: number;
  /** How far it was sealed. */
  readonly sealedThrough: number;
}

/** How a message of a fork stands to what it came from. */
export type Standing =
  /** Its writer signed it, and the owner sealed it at that place. */
  | "sealed"
  /** The same, and it is what its writer changed it to: the words are proved; who spoke, and when, is the forker's word. */
  | "edited"
  /** Its writer signed it, behind what the owner had sealed. */
  | "signed"
  /** The forker says that it was there. */
  | "unproven"
  /** Signed in the source, but it was not there where it stands here. */
  | "misplaced";

interface Judging {
  /** Null for what is the fork's own, and for what can't be shown. */
  judge(message: RoomMessage): Standing | null;
}

/** Where a chat came from, as far as that is proved. */
export type Ancestry =
  | (Judging & {
      readonly state: "proven";
      /** The last one is the chat that was read; those before are what that had come from. */
      readonly chats: readonly AncestryChat[];
      /** Numbers, in the fork, of the first and the last message that was taken over. */
      readonly first: number;
      readonly last: number;
      /** The branch point: a number in the chat that was read. */
      readonly through: number;
      readonly copies: number;
      /** Messages up to the branch point that are not here: deleted there, or left out. */
      readonly leftOut: number;
      /** The number, in the chat where it was signed, of a message that was taken over. */
      sourceSeqOf(message: RoomMessage): number | null;
    })
  /** It claims to be a fork and can't prove it. */
  | (Judging & { readonly state: "refused"; readonly code: ProtocolErrorCode; readonly message: string });
