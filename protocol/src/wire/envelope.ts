import { type Bytes, concat, ownBytes, readU32be, u32be } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { NONCE_LENGTH, TAG_LENGTH } from "../primitives.ts";
import { LIMITS } from "./limits.ts";

export const VERSION = 1;

/** What an envelope holds. The server sees the kind, and accepts each only from whom it may come from. */
export const KIND = { content: 1, reply: 2, seal: 3, linkLabel: 4, amendment: 5 } as const;
export type Kind = (typeof KIND)[keyof typeof KIND];
const KINDS = Object.values(KIND);

/** nonce ‖ reply key under the reply wrap key ‖ tag */
export const WRAPPED_REPLY_KEY_LENGTH = NONCE_LENGTH + 32 + TAG_LENGTH;

const HEADER_LENGTH = 1 + 1 + 4;

/** What an envelope of a kind has at least: everything but the plaintext. */
function frameLength(kind: Kind): number {
  return HEADER_LENGTH + (kind === KIND.reply ? WRAPPED_REPLY_KEY_LENGTH : 0) + NONCE_LENGTH + TAG_LENGTH;
}

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

/** @throws ProtocolError `malformed` unless a reply, and only a reply, has a whole wrapped reply key. */
export function encodeEnvelope(envelope: Envelope): Bytes {
  const expected = envelope.kind === KIND.reply ? WRAPPED_REPLY_KEY_LENGTH : 0;
  if ((envelope.wrappedReplyKey?.length ?? 0) !== expected) throw malformed("the wrapped reply key is out of place");
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

/** The kinds that people write: what they say, and what says something about the chat or another message. */
export type WrittenKind = typeof KIND.content | typeof KIND.amendment;

/** @throws ProtocolError `malformed`, `too_large`, `unsupported_version`, `unsupported_kind`, in the order of SPEC E6. */
export function parseEnvelope(bytes: Uint8Array): Envelope {
  const { kind, epoch } = envelopeHead(bytes);
  const nonceAt = HEADER_LENGTH + (kind === KIND.reply ? WRAPPED_REPLY_KEY_LENGTH : 0);
  const own = ownBytes(bytes);
  return {
    kind,
    epoch,
    wrappedReplyKey: kind === KIND.reply ? own.slice(HEADER_LENGTH, nonceAt) : null,
    nonce: own.slice(nonceAt, nonceAt + NONCE_LENGTH),
    ciphertext: own.slice(nonceAt + NONCE_LENGTH),
  };
}

/** Checks an envelope as `parseEnvelope` does, and copies nothing: for those who only pass it on. @throws ProtocolError the same */
export function envelopeHead(bytes: Uint8Array): Pick<Envelope, "kind" | "epoch"> {
  if (bytes.length > LIMITS.envelope) throw tooLarge(LIMITS.envelope);
  if (bytes.length < HEADER_LENGTH) throw malformed("too short");
  if (bytes[0] !== VERSION) {
    throw new ProtocolError("unsupported_version", "This was written by a newer version. Please update.");
  }
  const kind = KINDS.find((known) => known === bytes[1]);
  if (kind === undefined) throw new ProtocolError("unsupported_kind", "This kind of message is not known.");
  const epoch = readU32be(bytes, 2);
  if (epoch < 1 || epoch > LIMITS.epoch) throw malformed("no such epoch");
  if (bytes.length < frameLength(kind)) throw malformed("too short");
  return { kind, epoch };
}

/** Before any work on it. @throws ProtocolError `too_large` for a plaintext whose envelope nobody would accept. */
export function requireEnvelopeSize({ kind, plaintext }: { kind: Kind; plaintext: number }): void {
  if (frameLength(kind) + plaintext > LIMITS.envelope) throw tooLarge(LIMITS.envelope);
}

function tooLarge(limit: number): ProtocolError {
  return new ProtocolError("too_large", `A message may have ${limit} bytes at most.`);
}

function malformed(reason: string): ProtocolError {
  return new ProtocolError("malformed", `This is not a message envelope: ${reason}.`);
}
