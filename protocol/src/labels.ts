import { type Bytes, utf8 } from "./bytes.ts";

/**
 * Every label of the protocol, written once (SPEC L1). A label separates one use of a key or hash from all others, so
 * no two may be equal and none may be a prefix of another followed by data an attacker chooses; hence the closing NUL.
 */
export const LABELS = {
  linkId: "link id",
  accessToken: "access token",
  wrapKey: "wrap key",
  password: "password salt",
  wrappedKey: "wrapped key",
  envelopeKey: "envelope key",
  replyWrapKey: "reply wrap key",
  labelKey: "link label key",
  linkLabel: "link label",
  envelope: "envelope",
  signature: "signature",
  senderId: "sender id",
  senderClaim: "sender claim",
  transcript: "transcript",
  replyKey: "reply key",
  replyEnvelopeKey: "reply envelope key",
  delta: "reply delta",
  deltaKey: "reply delta key",
  given: "given context",
  embedHeaderKey: "embed header key",
  embedHeader: "sealed embed header",
  embedSignature: "embed signature",
  embedCommitment: "embed key commitment",
  embedChat: "chat of an embed",
  embedContent: "embed content",
  embedContentKey: "content key of an embed",
  embedChunk: "embed chunk",
  wrappedEmbedKey: "wrapped embed key",
  keyringSalt: "keyring salt",
  keyringKey: "keyring key",
  keyring: "sealed keyring",
  viewTicket: "view ticket",
  safetyNumber: "safety number",
  copyId: "copy id",
  offer: "offer of a chat",
  succession: "acceptance of a chat",
  bequest: "sealed bequest",
  bequestKey: "bequest key",
  keyPair: "key pair",
} as const;

export function label(name: keyof typeof LABELS): Bytes {
  return utf8(`openmates-share v1 ${LABELS[name]}\0`);
}
