import { type Bytes, concat, randomBytes } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import { label } from "./labels.ts";
import { type Frame, pad, SMALLEST, unpad } from "./padding.ts";
import { decrypt, encrypt, KEY_LENGTH, NONCE_LENGTH, SIGNATURE_LENGTH, sha256, sign, verify } from "./primitives.ts";
import {
  type Envelope,
  encodeEnvelope,
  envelopeHeader,
  type Kind,
  parseEnvelope,
  requireEnvelopeSize,
} from "./wire/envelope.ts";
import { type ChatId, ID_LENGTH, idBytes, idFromBytes, type MessageId, type SenderId } from "./wire/ids.ts";
import { namedBytes } from "./wire/sender-claim.ts";

/** A signing identity: the private half never leaves WebCrypto unless it was made extractable. */
export interface Identity {
  readonly privateKey: CryptoKey;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Bytes;
  readonly sender: SenderId;
}

/** Where an envelope belongs; all of it is authenticated, so nothing can be moved (SPEC E3). */
export interface Place {
  readonly chat: ChatId;
  readonly message: MessageId;
  readonly sender: SenderId;
  readonly kind: Kind;
  readonly epoch: number;
}

export interface Opened {
  readonly json: Bytes;
  /** Ed25519, 64 bytes, verified. */
  readonly signature: Bytes;
  /** Ed25519, 32 bytes; belongs to the sender of the place. */
  readonly publicKey: Bytes;
}

/** Signature and public key stand in front of the padded JSON. */
const SIGNED_OVERHEAD = SIGNATURE_LENGTH + KEY_LENGTH;
const FRAME: Frame = { overhead: SIGNED_OVERHEAD, smallest: SMALLEST.message };

export async function senderIdOf(publicKey: Bytes): Promise<SenderId> {
  const digest = await sha256(namedBytes(publicKey));
  return idFromBytes<SenderId>(digest.subarray(0, ID_LENGTH));
}

/**
 * Signs, pads and encrypts (SPEC section 5). The nonce is drawn here, so no caller can repeat one.
 *
 * @throws ProtocolError `too_large` when nobody would accept the result
 */
export async function sealSigned(options: {
  key: CryptoKey;
  identity: Identity;
  place: Place;
  json: Bytes;
  wrappedReplyKey?: Bytes;
}): Promise<Bytes> {
  const { key, identity, place, json } = options;
  const wrappedReplyKey = options.wrappedReplyKey ?? null;
  const additionalData = placeBytes(place, wrappedReplyKey);
  const padded = pad(json, FRAME);
  requireEnvelopeSize({ kind: place.kind, plaintext: SIGNED_OVERHEAD + padded.length });
  const signature = await sign(identity.privateKey, signedBytes(additionalData, json));
  const plaintext = concat(signature, identity.publicKey, padded);
  const nonce = randomBytes(NONCE_LENGTH);
  const ciphertext = await encrypt({ key, nonce, additionalData }, plaintext);
  return encodeEnvelope({ kind: place.kind, epoch: place.epoch, wrappedReplyKey, nonce, ciphertext });
}

/** @throws ProtocolError `wrong_key`, `malformed`, `bad_padding`, `wrong_sender`, `bad_signature` */
export async function openSigned(options: { key: CryptoKey; envelope: Envelope; place: Place }): Promise<Opened> {
  const { key, envelope, place } = options;
  const additionalData = placeBytes(place, envelope.wrappedReplyKey);
  const plaintext = await decrypt({ key, nonce: envelope.nonce, additionalData }, envelope.ciphertext);
  if (plaintext.length < SIGNED_OVERHEAD) throw new ProtocolError("malformed", "The message is cut short.");
  const signature = plaintext.slice(0, SIGNATURE_LENGTH);
  const publicKey = plaintext.slice(SIGNATURE_LENGTH, SIGNED_OVERHEAD);
  const json = unpad(plaintext.slice(SIGNED_OVERHEAD), FRAME);
  if ((await senderIdOf(publicKey)) !== place.sender) {
    throw new ProtocolError("wrong_sender", "This message claims to be from somebody else than who signed it.");
  }
  if (!(await verify({ publicKey, signature, data: signedBytes(additionalData, json) }))) {
    throw new ProtocolError("bad_signature", "The signature of this message is not valid.");
  }
  return { json, signature, publicKey };
}

/** What a sender signs of what is said at a place (SPEC V1). */
export function signedAt(
  place: Place,
  { json, wrappedReplyKey }: { json: Bytes; wrappedReplyKey: Bytes | null },
): Bytes {
  return signedBytes(placeBytes(place, wrappedReplyKey), json);
}

/** @throws ProtocolError as `parseEnvelope`, and `unsupported_kind` for another kind than expected. */
export function parseEnvelopeOfKind(bytes: Uint8Array, ...kinds: readonly Kind[]): Envelope {
  const envelope = parseEnvelope(bytes);
  if (!kinds.includes(envelope.kind)) {
    throw new ProtocolError("unsupported_kind", "This is not the kind of message expected.");
  }
  return envelope;
}

/** The wrapped reply key belongs to the place: beside another one the answer must not open (SPEC E4). */
function placeBytes(place: Place, wrappedReplyKey: Bytes | null): Bytes {
  return concat(
    label("envelope"),
    envelopeHeader(place),
    idBytes(place.chat),
    idBytes(place.message),
    idBytes(place.sender),
    wrappedReplyKey ?? new Uint8Array(0),
  );
}

function signedBytes(additionalData: Bytes, json: Bytes): Bytes {
  return concat(label("signature"), additionalData, json);
}
