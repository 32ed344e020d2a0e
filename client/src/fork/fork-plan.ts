import type { Run } from "@openmates-share/protocol/fork";
import { KIND, type StoredMessage } from "@openmates-share/protocol/wire";
import type { RoomMessage } from "../room-state.ts";
import type { Ancestry } from "./ancestry-state.ts";

/** A message that is taken over. */
export interface Taken {
  readonly message: RoomMessage;
  readonly stored: StoredMessage;
  /** It was copied into the chat that is read here: its first proof goes along. */
  readonly again: boolean;
}

/** Whether a message is taken over: not what was deleted, can't be read, or was never where it stands. */
export function taken(message: RoomMessage, stored: StoredMessage, ancestry: Ancestry | null): Taken | null {
  const { body } = message;
  if (body.type === "broken" || body.type === "redacted" || stored.envelope[1] === KIND.amendment) return null;
  const standing = ancestry?.judge(message) ?? null;
  if (standing === "misplaced") return null;
  return { message, stored, again: standing === "sealed" || standing === "edited" || standing === "signed" };
}

/** The numbers of messages in order, as few runs as there are. */
export function runsOf(places: readonly { readonly chat: number; readonly seq: number }[]): Run[] {
  const runs: { chat: number; from: number; to: number }[] = [];
  for (const { chat, seq } of places) {
    const last = runs.at(-1);
    if (last?.chat === chat && last.to === seq - 1) last.to = seq;
    else runs.push({ chat, from: seq, to: seq });
  }
  return runs;
}
