import * as v from "valibot";
import { type Bytes, fromBase64url, fromUtf8, toBase64url, utf8 } from "../bytes.ts";
import type { ChatKey } from "../crypto/chat-key.ts";
import { requireEpoch } from "../crypto/message.ts";
import { placeOfSeal } from "../crypto/seal.ts";
import { ProtocolError } from "../errors.ts";
import { KEY_LENGTH, SIGNATURE_LENGTH, verify } from "../primitives.ts";
import { unwrapReplyKey } from "../reply/reply-key.ts";
import { replyEnvelopeKey } from "../reply/stored-reply.ts";
import { openSigned, senderIdOf, signedAt } from "../signed.ts";
import { KIND, parseEnvelope, WRAPPED_REPLY_KEY_LENGTH } from "../wire/envelope.ts";
import type { AskId, ChatId, MessageId, SenderId } from "../wire/ids.ts";
import { LIMITS } from "../wire/limits.ts";

const PROVEN_KINDS = [KIND.content, KIND.reply, KIND.seal, KIND.amendment] as const;

/** What somebody signed in a chat, with all that it takes to verify it without that chat's key (SPEC O2). */
export interface Proof {
  readonly kind: (typeof PROVEN_KINDS)[number];
  readonly epoch: number;
  /** Ed25519 of the signer, 32 bytes. */
  readonly publicKey: Bytes;
  readonly signature: Bytes;
  /** Of an answer: it belongs to the place that was signed. It opens nothing without the chat's key. */
  readonly wrappedReplyKey: Bytes | null;
  /** The content, byte for byte. */
  readonly json: Bytes;
}

/** Where it was signed. */
export interface ProofPlace {
  readonly chat: ChatId;
  readonly message: MessageId;
}

function bytesOf(length: number) {
  return v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }): Bytes => {
      const bytes = fromBase64url(dataset.value);
      if (bytes?.length === length) return bytes;
      addIssue({ message: "bytes of another length are expected" });
      return NEVER;
    }),
  );
}

export const proofSchema = v.pipe(
  v.object({
    kind: v.picklist(PROVEN_KINDS),
    epoch: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(LIMITS.epoch)),
    key: bytesOf(KEY_LENGTH),
    signature: bytesOf(SIGNATURE_LENGTH),
    replyKey: v.nullable(bytesOf(WRAPPED_REPLY_KEY_LENGTH)),
    json: v.string(),
  }),
  v.check(({ kind, replyKey }) => (kind === KIND.reply) === (replyKey !== null), "a reply key for answers alone"),
  v.transform(
    ({ key, replyKey, json, ...rest }): Proof => ({
      ...rest,
      publicKey: key,
      wrappedReplyKey: replyKey,
      json: utf8(json),
    }),
  ),
);

/** A proof as it stands in JSON. */
export function proofJson({ kind, epoch, publicKey, signature, wrappedReplyKey, json }: Proof): unknown {
  return {
    kind,
    epoch,
    key: toBase64url(publicKey),
    signature: toBase64url(signature),
    replyKey: wrappedReplyKey && toBase64url(wrappedReplyKey),
    json: fromUtf8(json),
  };
}

/** Returns who signed it. @throws ProtocolError `bad_signature` */
export async function verifyProof(proof: Proof, { chat, message }: ProofPlace): Promise<SenderId> {
  const { kind, epoch, publicKey, signature } = proof;
  const sender = await senderIdOf(publicKey);
  const data = signedAt({ chat, message, sender, kind, epoch }, proof);
  if (await verify({ publicKey, signature, data })) return sender;
  throw new ProtocolError("bad_signature", "This was copied from another chat, and is not what was signed there.");
}

/**
 * Takes the proof out of a message of a chat that one reads.
 * @throws ProtocolError with every code of sections 5, 6 and 9 of the SPEC
 */
export async function proofOfMessage(options: {
  chatKey: ChatKey;
  message: MessageId;
  sender: SenderId;
  envelope: Uint8Array;
}): Promise<Proof> {
  const { chatKey, message, sender } = options;
  const envelope = parseEnvelope(options.envelope);
  const { kind, epoch, wrappedReplyKey } = envelope;
  if (kind === KIND.linkLabel || kind === KIND.seal) {
    throw new ProtocolError("unsupported_kind", "This is not the kind of message expected.");
  }
  requireEpoch(epoch, chatKey);
  const place = { chat: chatKey.chat, message, sender, kind, epoch };
  const key = wrappedReplyKey ? await answerKey({ chatKey, message, wrappedReplyKey }) : chatKey.envelopeKey;
  return { kind, epoch, wrappedReplyKey, ...(await openSigned({ key, envelope, place })) };
}

/** Takes the proof out of the owner's seal. @throws ProtocolError as `openSeal` */
export async function proofOfSeal(options: { chatKey: ChatKey; owner: Bytes; sealed: Uint8Array }): Promise<Proof> {
  const { chatKey, owner, sealed } = options;
  const envelope = parseEnvelope(sealed);
  requireEpoch(envelope.epoch, chatKey);
  const place = placeOfSeal(chatKey, await senderIdOf(owner));
  const opened = await openSigned({ key: chatKey.envelopeKey, envelope, place });
  return { kind: KIND.seal, epoch: place.epoch, wrappedReplyKey: null, ...opened };
}

async function answerKey(options: {
  chatKey: ChatKey;
  message: MessageId;
  wrappedReplyKey: Bytes;
}): Promise<CryptoKey> {
  const { chatKey, message, wrappedReplyKey } = options;
  const ask = message as string as AskId; // A reply's message id is its ask id (SPEC I5).
  return replyEnvelopeKey(await unwrapReplyKey({ chatKey, ask, wrapped: wrappedReplyKey }), ask);
}
