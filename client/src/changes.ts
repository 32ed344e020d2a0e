import type { Room } from "./room.ts";

/** What the messages between two numbers bring, as somebody counts it who has read those before. */
export interface Changes {
  /** New ones, without those that were taken back since. */
  readonly messages: number;
  /** Earlier messages that say something else now. */
  readonly edits: number;
  /** Earlier messages that are gone. */
  readonly deletions: number;
  /** Emoji put to earlier messages, or taken from them. */
  readonly reactions: number;
}

/**
 * Counts what comes behind `after`, up to `through`. Whether an edit or a deletion counts is known for messages that are here;
 * of one that is not it is taken to.
 */
export function countChanges(
  room: Pick<Room, "messagesTo" | "amended" | "state">,
  { after, through }: { after: number; through: number },
): Changes {
  const edited = new Set<number>();
  const deleted = new Set<number>();
  const reactedTo: number[] = [];
  for (const { type, target, seq } of room.amended()) {
    if (target === null || seq <= Math.max(after, target) || seq > through) continue;
    const message = room.state.messages.at(target);
    if (type === "reaction") reactedTo.push(target);
    else if (type === "edit" && (!message || message.edited)) edited.add(target);
    else if (type === "redaction" && (!message || message.body.type === "redacted")) deleted.add(target);
  }
  const isEarlier = (target: number) => target <= after;
  const isLeft = (target: number) => isEarlier(target) && !deleted.has(target);
  const gone = [...deleted];
  return {
    messages: room.messagesTo(through) - room.messagesTo(after) - gone.filter((target) => !isEarlier(target)).length,
    edits: [...edited].filter(isLeft).length,
    deletions: gone.filter(isEarlier).length,
    reactions: reactedTo.filter(isLeft).length,
  };
}
