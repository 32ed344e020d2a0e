import { memoryStore, type Room } from "@openmates-share/client";
import { idBytes } from "@openmates-share/protocol/wire";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createChat, createLink, createPerson, type TestChat, type TestPerson, write } from "./chat-world.ts";
import { live, messagesOf, ShareWorld, says, shareChat } from "./share-world.ts";
import { TestClient } from "./test-client.ts";
import { until } from "./until.ts";

let world: ShareWorld;
const clients: TestClient[] = [];
beforeAll(async () => {
  world = await ShareWorld.start();
});
afterEach(async () => {
  await world.closeClients();
  for (const client of clients.splice(0)) client.close();
});
afterAll(() => world.stop());

const readBy = (room: Room, who: Room) =>
  room.state.people.find(({ sender }) => sender === who.state.me)?.readThrough ?? 0;

/** The owner at one node, Grace at the other, who has read nothing of the owner's last message. */
async function two() {
  const owner = world.client();
  const { chat, url, room } = await shareChat(owner);
  const graces = memoryStore();
  const grace = await live(world.client({ node: 1, store: graces }).open(url, { name: "Grace" }));
  await room.send("Read this");
  await says(grace, "Read this");
  return { owner, chat, url, room, grace, graces, last: grace.state.messages.through };
}

async function stored(room: Room): Promise<number[]> {
  const rows = await world.database.database.readMark.findMany({ where: { chatId: idBytes(room.chat) } });
  return rows.map(({ seq }) => seq);
}

describe("read marks", () => {
  test("reach the others at the other node, and whoever comes later; they never go back", async () => {
    const { url, room, grace, last } = await two();
    grace.markRead(last);
    expect(grace.state.readThrough).toBeLessThanOrEqual(last);
    await until(() => readBy(room, grace) === last);
    grace.markRead(1);
    const late = await live(world.client().open(url, { name: "Late" }));
    await until(() => readBy(late, grace) === last);
    expect(grace.state.readThrough).toBe(last);
    await until(async () => (await stored(room)).join() === String(last));
  });

  test("are one's own on all devices, and after the page was loaded again, also when nobody is told", async () => {
    const { room, url, graces, last } = await two();
    const shy = memoryStore();
    const open = () => live(world.client({ store: shy, tellsReads: () => false }).open(url, { name: "Shy" }));
    const first = await open();
    first.markRead(last);
    await until(() => first.state.readThrough === last);
    first.close();
    await until(async () => (await shy.names("read/")).length === 1);
    expect((await open()).state.readThrough).toBe(last);

    const again = await live(world.client({ store: graces }).open(url));
    again.markRead(last);
    await until(() => readBy(room, again) === last);
    const other = await live(world.client({ node: 1, store: graces }).open(url));
    await until(() => other.state.readThrough === last);
    // Of the one who is shy nobody has heard.
    await until(async () => (await stored(room)).join() === String(last));
    expect(readBy(room, first)).toBe(0);
  });

  test("of many messages in a moment end at the last one", async () => {
    const { room, grace } = await two();
    const rooms = [room, grace];
    for (let i = 0; i < 20; i++) {
      await room.send(`Number ${i}`);
      for (const one of rooms) one.markRead(messagesOf(room).length);
    }
    await says(grace, "Number 19");
    const { through } = grace.state.messages;
    for (const one of rooms) one.markRead(through);
    await until(() => readBy(room, grace) === through);
    await until(async () => (await stored(room)).join() === `${through},${through}`);
  });
});

describe("R4: a read mark", () => {
  let chat: TestChat;
  let bearer: string;

  async function connect(person: TestPerson, node: 0 | 1 = 0): Promise<TestClient> {
    const client = await TestClient.connect({ url: world.urlOf(node), session: person.session });
    clients.push(client);
    return client;
  }

  async function member(node: 0 | 1 = 0): Promise<{ client: TestClient; person: TestPerson }> {
    const person = await createPerson(world.database.database);
    const client = await connect(person, node);
    const { sender } = person.identity;
    await client.request("join", { chat: chat.chat, link: bearer, sender, after: 0 });
    return { client, person };
  }

  async function begin(): Promise<TestClient> {
    const { database } = world.database;
    chat = await createChat(database);
    ({ bearer } = await createLink(database, { chat: chat.chat, mode: "collaborative" }));
    const owner = await connect(chat.owner);
    const { sender } = chat.owner.identity;
    await owner.request("join", { chat: chat.chat, link: null, sender, after: 0 });
    for (const text of ["One", "Two"]) {
      await owner.request("send", { chat: chat.chat, message: await write(chat, { by: chat.owner, text }) });
    }
    return owner;
  }

  test("beyond what there is, by somebody who only reads, or who is not in the chat, is refused", async () => {
    const owner = await begin();
    const { client } = await member(1);
    const mark = (seq: number) => ({ chat: chat.chat, seq });
    expect(await client.refusal("read", mark(3))).toBe("bad_request");
    await client.request("read", mark(2));
    await owner.hears("read", ({ reads }) => reads.some(({ seq }) => seq === 2));
    // What is written next may be read at once, whatever was asked before.
    await owner.request("send", { chat: chat.chat, message: await write(chat, { by: chat.owner, text: "Three" }) });
    await client.request("read", mark(3));
    await owner.hears("read", ({ reads }) => reads.some(({ seq }) => seq === 3));

    const reader = await connect(await createPerson(world.database.database));
    expect(await reader.refusal("read", mark(1))).toBe("forbidden");
    await reader.request("join", { chat: chat.chat, link: bearer, sender: null, after: 0 });
    expect(await reader.refusal("read", mark(1))).toBe("forbidden");
    for (const wrong of [-1, 0.5, 2 ** 31, "1", null]) {
      expect(await client.refusal("read", { chat: chat.chat, seq: wrong })).toBe("bad_request");
    }
  });

  test("is told to no read-only reader, nor in another chat, and packets hold many people's", async () => {
    const owner = await begin();
    const members = await Promise.all(Array.from({ length: 12 }, (_, i) => member(i % 2 ? 1 : 0)));
    const { bearer: reading } = await createLink(world.database.database, { chat: chat.chat, mode: "read-only" });
    const reader = await connect(await createPerson(world.database.database));
    const joined = await reader.request("join", { chat: chat.chat, link: reading, sender: null, after: 0 });
    const began = performance.now();
    await Promise.all(members.map(({ client }) => client.request("read", { chat: chat.chat, seq: 1 })));
    await Promise.all(members.map(({ client }) => client.request("read", { chat: chat.chat, seq: 2 })));
    const finished = () => {
      const last = new Map(owner.heard("read").flatMap(({ reads }) => reads.map(({ sender, seq }) => [sender, seq])));
      return members.every(({ person }) => last.get(person.identity.sender) === 2);
    };
    await until(finished);
    // Of 24 marks: two nodes tell of theirs twice in a second.
    const rounds = 2 + (performance.now() - began) / 500;
    expect(owner.heard("read").length).toBeLessThanOrEqual(2 * rounds);
    await reader.settled();
    expect([joined.reads, reader.heard("read")]).toEqual([[], []]);
    const late = await member(1);
    const again = await late.client.request("join", {
      ...{ chat: chat.chat, link: null, sender: late.person.identity.sender, after: 0 },
    });
    expect(again.reads).toHaveLength(12);
  });
});
