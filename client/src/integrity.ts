import { checkNoRollback, checkSeal, type Seal } from "@openmates-share/protocol/crypto";
import { checkSamePosition, type Position, ProtocolError, type Role } from "@openmates-share/protocol/wire";
import type { Integrity } from "./room-state.ts";
import type { Transcript } from "./transcript.ts";

/**
 * Whether the transcript is what the owner sealed and not less than this device saw before (R2). Contradictions are kept
 * in the transcript, so they stay visible whatever the server sends next.
 */
export function judgeIntegrity(options: {
  transcript: Transcript;
  seal: Seal | null;
  seen: Position | null;
  role: Role;
  complete: boolean;
  /** The last number there is. */
  through: number;
}): Integrity {
  const { transcript, seal, complete, through } = options;
  if (complete) keepViolation(transcript, () => checkEnd(options));
  const { violation } = transcript;
  if (violation) return { state: "violated", code: violation.code, message: violation.message };
  if (!complete) return { state: "checking", checked: transcript.end.seq, of: through };
  return seal ? { state: "sealed", time: seal.time, at: { seq: seal.seq, head: seal.head } } : { state: "unsealed" };
}

function checkEnd({ transcript, seal, seen, role }: Parameters<typeof judgeIntegrity>[0]): void {
  const { end } = transcript;
  if (seen) {
    checkNoRollback(seen, end);
    const then = transcript.positionAt(seen.seq);
    if (then) checkSamePosition(then, seen);
  }
  for (const handed of transcript.handedOver) {
    const then = transcript.positionAt(handed.seq);
    if (then) checkSamePosition(then, handed);
  }
  if (!seal) {
    if (role !== "owner") throw new ProtocolError("seal_mismatch", "The owner's seal of this chat is missing.");
    return;
  }
  // Members see on beyond the seal; a reader's part ends with it.
  checkSeal(seal, role === "reader" ? end : (transcript.positionAt(seal.seq) ?? end));
}

function keepViolation(transcript: Transcript, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    transcript.violate(error);
  }
}
