import { type Bytes, concat } from "../bytes.ts";
import { label } from "../labels.ts";
import { type ChatId, idBytes } from "./ids.ts";

const PUBLIC_KEY_LENGTH = 32;

/** public key ‖ signature (SPEC T92) */
export const SENDER_CLAIM_LENGTH = PUBLIC_KEY_LENGTH + 64;

/** Where and for whom somebody says that a sender is theirs. */
export interface ClaimPlace {
  readonly chat: ChatId;
  /** SHA-256 of the session's 32 bytes, which is what the server keeps of it. */
  readonly session: Bytes;
}

/** What the sender's key signs: good for one session in one chat. */
export function claimedBytes({ chat, session }: ClaimPlace): Bytes {
  return concat(label("senderClaim"), idBytes(chat), session);
}

/** The SHA-256 of this begins with the sender id of the key (SPEC I3). */
export function namedBytes(publicKey: Bytes): Bytes {
  return concat(label("senderId"), publicKey);
}

export function splitSenderClaim(claim: Bytes): { readonly publicKey: Bytes; readonly signature: Bytes } {
  return { publicKey: claim.slice(0, PUBLIC_KEY_LENGTH), signature: claim.slice(PUBLIC_KEY_LENGTH) };
}
