import { describe, expect, it } from "vitest";
import { countChanges } from "./changes.ts";
import type { Room } from "./room.ts";
import type { RoomMessage } from "./room-state.ts";

type Said = ReturnType<Room["amended"]> extends Iterable<infer One> ? One : never;

interface Chat {
  /** `m` is a message, `e` one that was edited, `d` one that was deleted, `a` an amendment, `?` a message that is not here. */
  readonly kinds: string;
  readonly said: readonly Said[];
}

/** As much of a room as is counted from. */
function roomOf({ kinds, said }: Chat): Parameters<typeof countChanges>[0] {
  const at = (seq: number) => {
    const kind = kinds[seq - 1];
    if (kind === undefined || kind === "?") return undefined;
    const body = { type: kind === "d" ? "redacted" : "content" };
    return { seq, edited: kind === "e" ? { seq: seq + 1, time: null } : null, body } as unknown as RoomMessage;
  };
  const messagesTo = (seq: number) => [...kinds.slice(0, seq)].filter((kind) => kind !== "a").length;
  return { messagesTo, amended: () => said, state: { messages: { at } } as unknown as Room["state"] };
}

const edit = (target: number, seq: number): Said => ({ type: "edit", target, seq });
const redaction = (target: number, seq: number): Said => ({ type: "redaction", target, seq });
const reaction = (target: number | null, seq: number): Said => ({ type: "reaction", target, seq });
const none = { messages: 0, edits: 0, deletions: 0, reactions: 0 };

describe("what an update of the shared chat brings is counted as people count it", () => {
  it.each<[string, Chat & { after: number; through: number }, Partial<typeof none>]>([
    ["nothing", { kinds: "mm", said: [], after: 2, through: 2 }, {}],
    ["new messages", { kinds: "mmm", said: [], after: 1, through: 3 }, { messages: 2 }],
    [
      "a new message and an edit of an earlier one",
      { kinds: "ema", said: [edit(1, 3)], after: 1, through: 3 },
      { messages: 1, edits: 1 },
    ],
    [
      "an edit of a new message is no change of its own",
      { kinds: "mea", said: [edit(2, 3)], after: 1, through: 3 },
      { messages: 1 },
    ],
    [
      "two edits of one message are one",
      { kinds: "eaa", said: [edit(1, 2), edit(1, 3)], after: 1, through: 3 },
      { edits: 1 },
    ],
    [
      "a deletion of an earlier message",
      { kinds: "da", said: [redaction(1, 2)], after: 1, through: 2 },
      { deletions: 1 },
    ],
    [
      "a new message that was deleted is none",
      { kinds: "mdma", said: [redaction(2, 4)], after: 1, through: 4 },
      { messages: 1 },
    ],
    [
      "an edit and a deletion of one message are a deletion",
      { kinds: "daa", said: [edit(1, 2), redaction(1, 3)], after: 1, through: 3 },
      { deletions: 1 },
    ],
    [
      "reactions to earlier messages",
      { kinds: "mmaaa", said: [reaction(1, 3), reaction(1, 4), reaction(2, 5)], after: 2, through: 5 },
      { reactions: 3 },
    ],
    [
      "a reaction to a new message comes with it",
      { kinds: "mma", said: [reaction(2, 3)], after: 1, through: 3 },
      { messages: 1 },
    ],
    [
      "a reaction to what is gone is none",
      { kinds: "daa", said: [reaction(1, 2), redaction(1, 3)], after: 1, through: 3 },
      { deletions: 1 },
    ],
    ["somebody who joined", { kinds: "ma", said: [], after: 1, through: 2 }, {}],
    ["what is not to be shared yet", { kinds: "mmma", said: [edit(1, 4)], after: 1, through: 2 }, { messages: 1 }],
    ["what was shared before", { kinds: "eam", said: [edit(1, 2)], after: 2, through: 3 }, { messages: 1 }],
    ["an edit that does not count", { kinds: "maa", said: [edit(1, 2), redaction(1, 3)], after: 1, through: 3 }, {}],
    ["an edit of what is not here", { kinds: "?a", said: [edit(1, 2)], after: 1, through: 2 }, { edits: 1 }],
    ["what is about nothing in the chat", { kinds: "ma", said: [reaction(null, 2)], after: 1, through: 2 }, {}],
  ])("%s", (_, { after, through, ...chat }, expected) => {
    expect(countChanges(roomOf(chat), { after, through })).toEqual({ ...none, ...expected });
  });
});
