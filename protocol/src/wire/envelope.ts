import { type Bytes, concat, ownBytes, readU32be, u32be } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { NONCE_LENGTH, TAG_LENGTH } from "../primitives.ts";
import { LIMITS } from "./limits.ts";

export const VERSION = 1;

/** What an envelope holds. The server sees the kind, and accepts each only from whom it may come from. */
export const KIND = { content: 1, reply: 2, seal: 3, linkLabel: 4 } as const;
export type Kind = (typeof KIND)[keyof typeof KIND];

/** nonce ‖ reply key under the reply wrap key ‖ tag */
export const WRAPPED_REPLY_KEY_LENGTH = NONCE_LENGTH + 32 + TAG_LENGTH;

const HEADER_LENGTH = 1 + 1 + 4;

/** An envelope cut into its fields (SPEC section 5); nothing in it is decrypted. */
export interface Envelope {
  readonly kind: Kind;
  /** From 1. */
  readonly epoch: number;
  /** Only in replies: the reply key for those who hold the chat key. */
  readonly wrappedReplyKey: Bytes | null;
  readonly nonce: Bytes;
  /** With the tag. */
  readonly ciphertext: Bytes;
}

export function encodeEnvelope(envelope: Envelope): Bytes {
  return concat(
    envelopeHeader(envelope),
    envelope.wrappedReplyKey ?? new Uint8Array(0),
    envelope.nonce,
    envelope.ciphertext,
  );
}

/** `version ‖ kind ‖ epoch`: the part that the additional data repeats. */
export function envelopeHeader({ kind, epoch }: { kind: Kind; epoch: number }): Bytes {
  return concat(Uint8Array.of(VERSION, kind), u32be(epoch));
}

/** @throws ProtocolError `malformed`, `unsupported_version`, `unsupported_kind`, `too_large` */
export function parseEnvelope(bytes: Uint8Array): Envelope {
  if (bytes.length < HEADER_LENGTH + NONCE_LENGTH + TAG_LENGTH) throw malformed("too short");
  if (bytes.length > LIMITS.envelope) {
    throw new ProtocolError("too_large", `A message may have ${LIMITS.envelope} bytes at most.`);
  }
  if (bytes[0] !== VERSION) {
    throw new ProtocolError("unsupported_version", "This was written by a newer version. Please update.");
  }
  const kind = Object.values(KIND).find((known) => known === bytes[1]);
  if (kind === undefined) throw new ProtocolError("unsupported_kind", "This kind of message is not known.");
  const epoch = readU32be(bytes, 2);
  if (epoch === 0) throw malformed("epochs count from 1");
  const own = ownBytes(bytes);
  const nonceAt = HEADER_LENGTH + (kind === KIND.reply ? WRAPPED_REPLY_KEY_LENGTH : 0);
  if (own.length < nonceAt + NONCE_LENGTH + TAG_LENGTH) throw malformed("too short");
  return {
    kind,
    epoch,
    wrappedReplyKey: kind === KIND.reply ? own.slice(HEADER_LENGTH, nonceAt) : null,
    nonce: own.slice(nonceAt, nonceAt + NONCE_LENGTH),
    ciphertext: own.slice(nonceAt + NONCE_LENGTH),
  };
}

function malformed(reason: string): ProtocolError {
  return new ProtocolError("malformed", `This is not a message envelope: ${reason}.`);
}
