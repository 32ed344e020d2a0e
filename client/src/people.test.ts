import { newId, type SenderId } from "@openmates-share/protocol/wire";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { People } from "./people.ts";
import type { RoomMessage } from "./room-state.ts";

const [owner, grace] = [newId<SenderId>(), newId<SenderId>()];
const nothingRead = { of: () => 0 };
const after = { seq: 0, head: new Uint8Array(32) };

let people: People;
let changed: ReturnType<typeof vi.fn<() => void>>;
beforeEach(() => {
  vi.useFakeTimers();
  changed = vi.fn();
  people = new People(changed);
});
afterEach(() => {
  people.stop();
  vi.useRealTimers();
});

const seen = (reads: { of(sender: SenderId): number } = nothingRead) =>
  people.list(owner, reads).find(({ sender }) => sender === grace);

function joins(seq: number, name: string, colour: number | null): RoomMessage {
  const content = { type: "join", name, colour, time: 0, after } as const;
  return {
    ...{ seq, id: newId(), sender: grace, storedAt: 0, doubt: null, edited: null },
    body: { type: "content", content },
  } as RoomMessage;
}

describe("people in a room", () => {
  it("H4: are told apart from an owner who has said no name, also when they call themselves what that one is called", () => {
    people.learn([joins(1, "Owner", null)]);
    const [first, second] = people.list(owner, nothingRead);
    expect(first).toMatchObject({ sender: owner, name: "Owner", namesake: { place: 1, all: [owner, grace] } });
    expect(second).toMatchObject({ sender: grace, name: "Owner", namesake: { place: 2 } });
  });

  it("H4: who wrote what was copied into a fork is told apart from others of that name, and from nobody who is here", () => {
    const copied = (seq: number, signer: SenderId): RoomMessage => {
      const content = { type: "message", role: "user", name: "Ada", time: 0, after } as const;
      const message = { ...joins(seq, "", null), sender: owner };
      return { ...message, body: { type: "content", content, copied: { signer } } } as unknown as RoomMessage;
    };
    const [ada, eve] = [newId<SenderId>(), newId<SenderId>()];
    people.learn([copied(2, ada), copied(3, eve), joins(4, "Ada", null)]);
    const namesakes = people.namesakes(owner);
    expect(namesakes.of(ada, "Ada")).toEqual({ place: 1, all: [ada, eve] });
    expect(namesakes.of(eve, "Ada")).toMatchObject({ place: 2 });
    expect(namesakes.of(grace, "Ada")).toBeNull();
    expect(people.namesakes(owner)).toBe(namesakes);
    expect(people.list(owner, nothingRead).map(({ sender }) => sender)).toEqual([owner, grace]);
  });

  it("bear their names without what turns or hides the words around them", () => {
    people.learn([joins(1, "Ada\u202e\u3164\n", null)]);
    expect(seen()?.name).toBe("Ada");
    people.learn([joins(2, "\u3164", null)]);
    expect(seen()?.name).toBe("Ada");
  });

  it("type no longer than they say so: who vanishes is not writing for ever", () => {
    people.setPresent(grace, true);
    people.setTyping(grace, true);
    vi.advanceTimersByTime(4_000);
    people.setTyping(grace, true);
    vi.advanceTimersByTime(4_000);
    expect(seen()?.typing).toBe(true);
    vi.advanceTimersByTime(4_000);
    expect(seen()?.typing).toBe(false);
    expect(changed).toHaveBeenCalledTimes(1);
  });

  it("type no longer when they leave", () => {
    people.setPresent(grace, true);
    people.setTyping(grace, true);
    people.setPresent(grace, false);
    people.setPresent(grace, true);
    expect(seen()).toMatchObject({ present: true, typing: false });
  });

  it("are here as was heard last, also while somebody comes in and is told who was here before", () => {
    people.expectPresent();
    people.setPresent(grace, true);
    people.replacePresent([owner]);
    expect(seen()?.present).toBe(true);
    people.expectPresent();
    people.setPresent(grace, false);
    people.replacePresent([owner, grace]);
    expect(seen()).toBeUndefined();
    people.expectPresent();
    people.replacePresent([grace]);
    expect(seen()?.present).toBe(true);
  });

  it("C15: have the colour of their newest word on it, whichever comes first, and else one of their own", () => {
    people.setPresent(grace, true);
    const own = seen()?.colour;
    expect(own).toBe(people.colourOf(grace));
    people.learn([joins(5, "Grace", 7)]);
    people.learn([joins(3, "Grace", 2)]);
    expect(seen()?.colour).toBe(7);
    people.learn([joins(8, "Grace", null)]);
    expect(seen()?.colour).toBe(own);
  });

  it("have read what they say, and what they wrote", () => {
    people.learn([joins(4, "Grace", null)]);
    expect(seen()?.readThrough).toBe(4);
    expect(seen({ of: () => 9 })?.readThrough).toBe(9);
  });

  it("H4: who has said no name goes by what they are: the owner, whoever was that before, or a guest", () => {
    const [founder, guest] = [newId<SenderId>(), newId<SenderId>()];
    people = new People(changed, [founder, owner]);
    for (const sender of [founder, guest]) people.setPresent(sender, true);
    expect(people.list(owner, nothingRead).map(({ name, named }) => [name, named])).toEqual([
      ["Owner", false],
      ["Former owner", false],
      ["Guest", false],
    ]);
  });
});
