import { type Bytes, equalBytes } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { label } from "../labels.ts";
import { sha256 } from "../primitives.ts";
import { type ChatId, idBytes, type MessageId } from "./ids.ts";

/** How far a transcript goes: the number of its last message, from 1 (0 is the empty chat), and the head there. */
export interface Position {
  readonly seq: number;
  /** 32 bytes. */
  readonly head: Bytes;
}

export async function emptyTranscript(chat: ChatId): Promise<Position> {
  return { seq: 0, head: await sha256(label("transcript"), idBytes(chat)) };
}

/** headₙ = SHA-256(headₙ₋₁ ‖ message id ‖ SHA-256(envelopeₙ)) (SPEC section 7). */
export async function appendToTranscript(
  before: Position,
  message: { id: MessageId; envelope: Uint8Array },
): Promise<Position> {
  const digest = await sha256(message.envelope);
  return { seq: before.seq + 1, head: await sha256(before.head, idBytes(message.id), digest) };
}

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
