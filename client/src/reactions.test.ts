import { LIMITS, type MessageId, newId, type SenderId } from "@openmates-share/protocol/wire";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { Reactions } from "./reactions.ts";
import type { RoomMessage } from "./room-state.ts";

const THUMB = "\u{1f44d}";
const HEART = "\u{2764}\u{fe0f}";
const target = newId<MessageId>();
const [ada, grace] = [newId<SenderId>(), newId<SenderId>()];

let reactions: Reactions;
beforeEach(() => {
  reactions = new Reactions();
});

type Reacting = Pick<RoomMessage, "seq" | "sender" | "body">;
function reaction(seq: number, sender: SenderId, emoji: string, on = true): Reacting {
  const after = { seq: 0, head: new Uint8Array(32) };
  return { seq, sender, body: { type: "content", content: { type: "reaction", target, emoji, on, time: 0, after } } };
}
const shown = (of = reactions, me: SenderId | null = ada) => of.of(target, { seq: 1, me });

describe("C14: reactions", () => {
  it("are counted by emoji, the oldest first, with who put them there and whether I did", () => {
    for (const one of [reaction(2, grace, HEART), reaction(3, ada, THUMB), reaction(4, grace, THUMB)]) {
      reactions.take(one);
    }
    expect(shown()).toEqual([
      { emoji: HEART, senders: [grace], mine: false },
      { emoji: THUMB, senders: [ada, grace], mine: true },
    ]);
  });

  it("stand as they were said last, in whatever order they come", () => {
    const said = fc.record({
      sender: fc.constantFrom(ada, grace),
      emoji: fc.constantFrom(THUMB, HEART, "\u{2764}"),
      on: fc.boolean(),
    });
    const inTwoOrders = fc
      .array(said, { maxLength: 30 })
      .map((all) => all.map(({ sender, emoji, on }, i) => reaction(i + 2, sender, emoji, on)))
      .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
    fc.assert(
      fc.property(inTwoOrders, ([inOrder, shuffled]) => {
        const [one, other] = [new Reactions(), new Reactions()];
        for (const next of inOrder) one.take(next);
        for (const next of shuffled) other.take(next);
        expect(shown(other)).toEqual(shown(one));
      }),
    );
  });

  it("as a sign and as a picture are the same", () => {
    reactions.take(reaction(2, grace, "\u{2764}"));
    reactions.take(reaction(3, ada, HEART));
    expect(shown()).toEqual([{ emoji: "\u{2764}", senders: [grace, ada], mine: true }]);
    reactions.take(reaction(4, grace, HEART, false));
    expect(shown()).toMatchObject([{ senders: [ada] }]);
  });

  it("to a message that was not there yet count for nothing", () => {
    reactions.take(reaction(2, grace, THUMB));
    expect(reactions.of(target, { seq: 2, me: ada })).toEqual([]);
  });

  it("of one person, and different ones at one message, are shown up to a number", () => {
    const emoji = (n: number) => String.fromCodePoint(0x1f600 + n);
    for (let n = 0; n < LIMITS.reactions + 1; n++) reactions.take(reaction(n + 2, ada, emoji(n)));
    expect(shown()).toHaveLength(LIMITS.reactions);
    for (let n = 0; n < LIMITS.reactionKinds; n++) reactions.take(reaction(n + 100, newId(), emoji(n)));
    expect(shown()).toHaveLength(LIMITS.reactionKinds);
  });

  it("count as soon as they are chosen, and once when they come back", () => {
    reactions.take(reaction(2, grace, THUMB));
    const before = shown();
    expect(shown()).toBe(before);
    const { version } = reactions;
    reactions.expect([{ target, emoji: THUMB, on: true }]);
    expect(reactions.version).not.toBe(version);
    expect(shown()).toEqual([{ emoji: THUMB, senders: [grace, ada], mine: true }]);
    reactions.take(reaction(3, ada, THUMB));
    expect(shown()).toEqual([{ emoji: THUMB, senders: [grace, ada], mine: true }]);
    reactions.expect([{ target, emoji: THUMB, on: false }]);
    expect(shown()).toEqual(before);
  });
});
