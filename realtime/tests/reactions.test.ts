import { type MessageId, memoryStore, type Room, type RoomMessage, ShareClient } from "@openmates-share/client";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Meddler, startMeddler } from "./meddler.ts";
import { live, messagesOf, ShareWorld, says, shareChat } from "./share-world.ts";
import { until } from "./until.ts";

const THUMB = "\u{1f44d}";
const HEART = "\u{2764}\u{fe0f}";

let world: ShareWorld;
let meddler: Meddler | null = null;
beforeAll(async () => {
  world = await ShareWorld.start();
});
afterEach(async () => {
  await world.closeClients();
  await meddler?.stop();
  meddler = null;
});
afterAll(() => world.stop());

const at = (room: Room, id: MessageId) =>
  room.state.reactions.of(id).map(({ emoji, senders }) => [emoji, senders.length]);

const isReaction = ({ body }: RoomMessage) => body.type === "content" && body.content.type === "reaction";

/** The owner at one node, Grace at the other, and a message of hers. */
async function two() {
  const { url, room } = await shareChat(world.client());
  const grace = await live(world.client({ node: 1 }).open(url, { name: "Grace" }));
  const id = await grace.send("Rye or wheat?");
  await says(room, "Rye or wheat?");
  return { url, room, grace, id };
}

describe("C14 reactions", () => {
  test("are seen at both nodes, by whoever comes later, and by their number as by their id", async () => {
    const { url, room, grace, id } = await two();
    await Promise.all([room.react(id, THUMB, true), grace.react(id, THUMB, true), grace.react(id, HEART, true)]);
    await grace.react(id, HEART, false);
    const late = await live(world.client().open(url, { name: "Late" }));
    for (const one of [room, grace, late]) {
      await until(() => at(one, id)[0]?.[1] === 2);
      await until(() => at(one, id).length === 1);
      const seq = messagesOf(one).find((message) => message.id === id)?.seq ?? 0;
      expect(one.state.reactions.of(seq)).toBe(one.state.reactions.of(id));
      expect(one.state.reactions.of(id)).toMatchObject([{ emoji: THUMB, mine: one !== late }]);
      await until(() => one.state.integrity.state === "sealed");
    }
  });

  test("show at once while the line is down, and the last click is what goes out", async () => {
    const { url, room, id } = await two();
    meddler = await startMeddler(world.urlOf(1));
    const client = new ShareClient({ server: meddler.url, store: memoryStore() });
    const carol = await live(client.open(url, { name: "Carol" }));
    meddler.refuse = { code: "unavailable", message: "Away." };
    meddler.cut();
    await until(() => carol.state.connection === "offline");
    const clicks = [carol.react(id, THUMB, true), carol.react(id, HEART, true), carol.react(id, THUMB, false)];
    const shown = () => carol.state.reactions.of(id).map(({ emoji, mine }) => [emoji, mine]);
    await until(() => shown().join() === `${HEART},true`);
    meddler.refuse = null;
    await Promise.all(clicks);
    await until(() => at(room, id).length === 1);
    expect(messagesOf(room).filter(isReaction)).toHaveLength(1);
    await client.close();
  });

  test("go with the message that is taken back, and none come to it", async () => {
    const { room, grace, id } = await two();
    await room.react(id, THUMB, true);
    await until(() => at(grace, id).length === 1);
    await grace.redact(id);
    for (const one of [room, grace]) {
      await until(() => messagesOf(one).some((message) => message.id === id && message.body.type === "redacted"));
      expect(at(one, id)).toEqual([]);
      await expect(one.react(id, HEART, true)).rejects.toMatchObject({ code: "not_allowed" });
    }
  });

  test("of words, by a reader, or to what is no message are refused", async () => {
    const owner = world.client();
    const { chat, room } = await shareChat(owner);
    const [first] = messagesOf(room);
    if (!first) throw new Error("there is one");
    await expect(room.react(first.id, "yes", true)).rejects.toMatchObject({ code: "bad_request" });
    await room.react(first.id, THUMB, true);
    const reaction = await until(() => messagesOf(room).find(isReaction));
    await expect(room.react(reaction.id, THUMB, true)).rejects.toMatchObject({ code: "not_allowed" });
    await owner.updateShared(chat);
    const { url } = await owner.createLink(chat, { mode: "read-only" });
    const reader = await live(world.client({ node: 1 }).open(url));
    await until(() => at(reader, first.id).length === 1);
    expect(reader.state.reactions.of(first.id)).toMatchObject([{ emoji: THUMB, mine: false }]);
    await expect(reader.react(first.id, HEART, true)).rejects.toMatchObject({ code: "not_allowed" });
  });
});

describe("C15 a colour", () => {
  test("is chosen in joining, changed later, and otherwise follows from the sender", async () => {
    const { room, grace } = await two();
    const colourOf = (one: Room) => one.state.people.find(({ sender }) => sender === grace.state.me)?.colour;
    expect(colourOf(room)).toBe(colourOf(grace));
    for (const colour of [3, 11, 0]) {
      await grace.join("Grace", { colour });
      for (const one of [room, grace]) await until(() => colourOf(one) === colour);
    }
    await grace.join("Grace H.");
    await until(() => room.state.people.some(({ name, colour }) => name === "Grace H." && colour === 0));
  });
});
