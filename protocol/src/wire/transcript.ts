import { type Bytes, equalBytes } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { label } from "../labels.ts";
import { sha256 } from "../primitives.ts";
import { KIND } from "./envelope.ts";
import { type ChatId, idBytes, type MessageId } from "./ids.ts";

/** Bytes of a head, and of a digest: SHA-256. */
export const HEAD_LENGTH = 32;

/** How far a transcript goes: the number of its last message, from 1 (0 is the empty chat), and the head there. */
export interface Position {
  readonly seq: number;
  /** `HEAD_LENGTH` bytes. */
  readonly head: Bytes;
}

export async function emptyTranscript(chat: ChatId): Promise<Position> {
  return { seq: 0, head: await sha256(label("transcript"), idBytes(chat)) };
}

/** What the heads are made of: a message without its ciphertext. */
export interface SpineEntry {
  readonly id: MessageId;
  /** The second byte of the envelope. */
  readonly kind: number;
  /** SHA-256 of the envelope, 32 bytes. */
  readonly digest: Bytes;
}

export async function spineEntry(message: { id: MessageId; envelope: Uint8Array }): Promise<SpineEntry> {
  return { id: message.id, kind: message.envelope[1] ?? 0, digest: await sha256(message.envelope) };
}

/** The position with one more entry: SPEC T1. */
export async function extendTranscript(before: Position, { id, kind, digest }: SpineEntry): Promise<Position> {
  const amends = kind === KIND.amendment ? AMENDS : NOTHING;
  return { seq: before.seq + 1, head: await sha256(before.head, idBytes(id), digest, amends) };
}

export async function appendToTranscript(
  before: Position,
  message: { id: MessageId; envelope: Uint8Array },
): Promise<Position> {
  return extendTranscript(before, await spineEntry(message));
}

const AMENDS = Uint8Array.of(KIND.amendment);
const NOTHING = new Uint8Array(0);

/**
 * Checks what the writer of the message at `seq` says to have seen: something earlier, and the same as here (SPEC T4).
 * `mine` is this reader's position at `claimed.seq`, or null where it has not verified that far back.
 *
 * @throws ProtocolError `head_mismatch`
 */
export function checkClaim(claimed: Position, { seq, mine }: { seq: number; mine: Position | null }): void {
  if (claimed.seq >= seq) {
    throw new ProtocolError("head_mismatch", "A message refers to a history that is not shown here.");
  }
  if (mine) checkSamePosition(mine, claimed);
}

/** @throws ProtocolError `head_mismatch` when both name the same place and not the same head. */
export function checkSamePosition(mine: Position, claimed: Position): void {
  if (mine.seq === claimed.seq && !equalBytes(mine.head, claimed.head)) {
    throw new ProtocolError(
      "head_mismatch",
      "Messages were changed, dropped or reordered: the history differs from what others verified.",
    );
  }
}
