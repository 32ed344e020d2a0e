import { createHash, KeyObject, sign } from "node:crypto";
import { createIdentity, type Identity } from "@openmates-share/protocol/crypto";
import {
  type Bytes,
  type ChatId,
  claimedBytes,
  fromBase64url,
  ownBytes,
  SESSION_PREFIX,
  type SenderId,
} from "@openmates-share/protocol/wire";

/** The keys of everybody whom a test has made up. */
const keys = new Map<SenderId, Identity>();

/** Somebody to write as, whose key is at hand when they come into a chat. */
export async function newWriter(): Promise<Identity> {
  const { identity } = await createIdentity();
  keys.set(identity.sender, identity);
  return identity;
}

/**
 * What proves that whoever has the session is that sender (SPEC T92); null for a sender without a known key. At once, so
 * that tests can send one thing behind the other without waiting.
 */
export function claimOf(claim: { sender: SenderId; chat: ChatId; session: string }): Bytes | null {
  const { sender, chat, session } = claim;
  const identity = keys.get(sender);
  const token = fromBase64url(session.slice(SESSION_PREFIX.length));
  if (!identity || !token) return null;
  const data = claimedBytes({ chat, session: ownBytes(createHash("sha256").update(token).digest()) });
  return ownBytes(Buffer.concat([identity.publicKey, sign(null, data, KeyObject.from(identity.privateKey))]));
}
