import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import {
  type Bytes,
  type ClaimPlace,
  claimedBytes,
  ID_LENGTH,
  idFromBytes,
  namedBytes,
  type SenderId,
  splitSenderClaim,
  toBase64url,
} from "@openmates-share/protocol/wire";
import { WireFailure } from "../http/failure.ts";

export interface ClaimedSender extends ClaimPlace {
  readonly sender: SenderId;
  /** As it came; null for none. */
  readonly claim: Bytes | null;
}

/**
 * Whoever comes to a chat under a sender id for the first time holds its key (SPEC T92). About a tenth of a millisecond,
 * once for each person in a chat.
 * @throws WireFailure `forbidden`
 */
export function requireOwnSender({ sender, claim, ...place }: ClaimedSender): void {
  if (claim === null) {
    throw new WireFailure("forbidden", "To write in this chat, please load the page again: it is of an older version.");
  }
  if (!proves(claim, { sender, ...place })) {
    throw new WireFailure("forbidden", "Only whoever holds the key of a sender writes in a chat as that sender.");
  }
}

function proves(claim: Bytes, { sender, ...place }: ClaimPlace & { sender: SenderId }): boolean {
  const { publicKey, signature } = splitSenderClaim(claim);
  const named = createHash("sha256").update(namedBytes(publicKey)).digest().subarray(0, ID_LENGTH);
  if (idFromBytes(named) !== sender) return false;
  const key = keyOf(publicKey);
  return key !== null && verify(null, claimedBytes(place), key, signature);
}

/** Null for bytes that are no key. As a JWK, for reading DER takes OpenSSL as long as verifying. */
function keyOf(publicKey: Bytes): KeyObject | null {
  try {
    return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: toBase64url(publicKey) }, format: "jwk" });
  } catch {
    return null;
  }
}
