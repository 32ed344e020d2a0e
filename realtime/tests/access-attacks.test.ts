import { idBytes, type LinkMode, replyIdOf } from "@openmates-share/protocol/wire";
import type { TestDatabase } from "@openmates-share/testing/database";
import type { TestRedis } from "@openmates-share/testing/redis";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { Gate } from "../src/access/gate.ts";
import { Chats } from "../src/chats/chats.ts";
import { Committer } from "../src/messages/committer.ts";
import { MessageStore } from "../src/messages/message-store.ts";
import { askFor, deltasOf, hearsReply, hearsState } from "./asking.ts";
import { createChat, createLink, createPerson, type TestChat, type TestPerson, write } from "./chat-world.ts";
import { endingSoon } from "./ending-soon.ts";
import { type SocketNode, startSocketNode } from "./socket-node.ts";
import { TestClient } from "./test-client.ts";
import { startTwoNodes, type TwoNodes } from "./two-nodes.ts";
import { until } from "./until.ts";

const LONG = "All work and no play makes a dull answer. ".repeat(1_000);

let nodes: TwoNodes;
let redis: TestRedis;
let world: TestDatabase;
let a: SocketNode;
let b: SocketNode;
beforeAll(async () => {
  nodes = await startTwoNodes({ slow: LONG });
  ({ redis, world, a, b } = nodes);
});
afterAll(() => nodes.stop());

let clients: TestClient[];
let chat: TestChat;
let owner: TestClient;
beforeEach(async () => {
  clients = [];
  chat = await createChat(world.database);
  owner = await comeIn(a, chat.owner, null);
});
afterEach(() => {
  for (const client of clients) client.close();
});

async function connect(node: SocketNode, person: TestPerson | null): Promise<TestClient> {
  const client = await TestClient.connect({ url: node.url, session: person?.session ?? null });
  clients.push(client);
  return client;
}

async function join(client: TestClient, person: TestPerson | null, bearer: string | null): Promise<void> {
  const sender = person?.identity.sender ?? null;
  await client.request("join", { chat: chat.chat, link: bearer, sender, after: 0 });
}

async function comeIn(node: SocketNode, person: TestPerson | null, bearer: string | null): Promise<TestClient> {
  const client = await connect(node, person);
  await join(client, person, bearer);
  return client;
}

async function say(client: TestClient, by: TestPerson, text: string) {
  const message = await write(chat, { by, text });
  await client.request("send", { chat: chat.chat, message });
  return message.id;
}

function linkFor(mode: LinkMode, expiresAt?: Date) {
  return createLink(world.database, { chat: chat.chat, mode, ...(expiresAt ? { expiresAt } : {}) });
}

test("R5: a link that expires ends what came by it at that moment, on every node, without anybody's doing", async () => {
  const staying = await comeIn(b, await createPerson(world.database), (await linkFor("collaborative")).bearer);
  const { expiresAt, came } = await endingSoon(async (end) => {
    const people = [await createPerson(world.database), await createPerson(world.database), null, null, null] as const;
    const clients = await Promise.all(people.map((person, i) => connect(i % 2 ? b : a, person)));
    const ends = Promise.all(
      clients.map(({ socket }) => new Promise<number>((ended) => socket.once("removed", () => ended(Date.now())))),
    );
    const link = await linkFor("collaborative", end);
    const readOnly = await linkFor("read-only", end);
    const bearers = [link, link, link, readOnly, readOnly].map(({ bearer }) => bearer);
    await Promise.all(clients.map((client, i) => join(client, people[i] ?? null, bearers[i] ?? null)));
    return { clients, ends };
  });
  const ending = came.clients;
  for (const endedAt of await came.ends) {
    expect(endedAt).toBeGreaterThanOrEqual(expiresAt.getTime());
    // Before anybody looks round.
    expect(endedAt).toBeLessThan(expiresAt.getTime() + 25_000);
  }
  await say(owner, chat.owner, "among us");
  await staying.hears("messages");
  await Promise.all(ending.map((client) => client.settled()));
  expect(ending.flatMap((client) => client.heard("messages"))).toEqual([]);
});

test("R5: somebody whose link is revoked while an answer comes hears no more of it, also on the other node", async () => {
  const link = await linkFor("collaborative");
  const ending = [
    await comeIn(a, await createPerson(world.database), link.bearer),
    await comeIn(b, await createPerson(world.database), link.bearer),
  ];
  const message = await say(owner, chat.owner, "@OpenMates slow");
  const request = await askFor(chat, { message, text: "slow" });
  await owner.request("ask", request);
  await Promise.all(ending.map((client) => until(() => deltasOf(client, request.ask).length > 2)));
  await world.database.link.updateMany({ where: { id: idBytes(link.link) }, data: { revokedAt: new Date() } });
  b.revocations.publish({ type: "link-revoked", chat: chat.chat, link: link.link });
  await Promise.all(ending.map((client) => client.hears("removed")));
  const heard = ending.map((client) => deltasOf(client, request.ask).length);
  const [sofar] = heard;
  await until(() => deltasOf(owner, request.ask).length > (sofar ?? 0) + 10);
  await Promise.all(ending.map((client) => client.settled()));
  expect(ending.map((client) => deltasOf(client, request.ask).length)).toEqual(heard);
  for (const client of ending)
    expect(await client.refusal("stop", { chat: chat.chat, ask: request.ask })).toBe("forbidden");
  await owner.request("stop", { chat: chat.chat, ask: request.ask });
  await hearsReply(owner, request.ask);
});

test("a chat that is deleted while an answer comes takes it along, and the node goes on", async () => {
  const message = await say(owner, chat.owner, "@OpenMates slow");
  const request = await askFor(chat, { message, text: "slow" });
  await owner.request("ask", request);
  await until(() => deltasOf(owner, request.ask).length > 2);
  const { database, revocations } = a;
  const gate = new Gate({ database });
  const chats = new Chats({ database, gate, messages: new MessageStore({ database }), revocations });
  await chats.delete({ chat: chat.chat, account: chat.owner.account, link: null });
  await owner.hears("removed");
  expect(await world.database.message.count({ where: { chatId: idBytes(chat.chat) } })).toBe(0);
  expect(await world.database.ask.count({ where: { chatId: idBytes(chat.chat) } })).toBe(0);
  chat = await createChat(world.database);
  owner = await comeIn(a, chat.owner, null);
  await say(owner, chat.owner, "and on");
});

describe("the same at once on two nodes", () => {
  test("ask is answered once", async () => {
    const guest = await createPerson(world.database);
    const link = await linkFor("collaborative");
    const [here, there] = [await comeIn(a, guest, link.bearer), await comeIn(b, guest, null)];
    const message = await say(here, guest, "@OpenMates quick");
    const request = await askFor(chat, { message, text: "quick" });
    const results = await Promise.all(
      [here, there, here, there].map((client) => client.raw("ask", request) as Promise<{ ok: boolean }>),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    await hearsReply(owner, request.ask);
    await hearsState(there, request.ask, "answered");
    const replies = owner
      .heard("messages")
      .flatMap(({ messages }) => messages.filter(({ id }) => id === replyIdOf(request.ask)));
    expect(replies).toHaveLength(1);
  });

  test("message has one place", async () => {
    const guest = await createPerson(world.database);
    const link = await linkFor("collaborative");
    const [here, there] = [await comeIn(a, guest, link.bearer), await comeIn(b, guest, null)];
    const message = await write(chat, { by: guest, text: "once" });
    const all = Array.from({ length: 10 }, (_, i) => (i % 2 ? here : there));
    const receipts = await Promise.all(all.map((client) => client.request("send", { chat: chat.chat, message })));
    expect(new Set(receipts.map(({ seq }) => seq)).size).toBe(1);
    expect(await world.database.message.count({ where: { chatId: idBytes(chat.chat) } })).toBe(1);
  });
});

test("joining many times at once leaves nobody behind", async () => {
  const guest = await createPerson(world.database);
  const link = await linkFor("collaborative");
  const client = await TestClient.connect({ url: b.url, session: guest.session });
  clients.push(client);
  const { sender } = guest.identity;
  const join = (as: typeof sender | null) =>
    client.request("join", { chat: chat.chat, link: link.bearer, sender: as, after: 0 });
  for (let round = 0; round < 20; round++) {
    await join(sender);
    await Promise.all([join(null), join(sender), join(null), join(sender)]);
  }
  await join(sender);
  await owner.hears("presence", (change) => change.sender === sender && change.present);
  client.close();
  const isGone = () => {
    const changes = owner.heard("presence").filter((change) => change.sender === sender);
    return changes.at(-1)?.present === false;
  };
  await until(isGone);
  const { identity } = chat.owner;
  const joined = await owner.request("join", { chat: chat.chat, link: null, sender: identity.sender, after: 0 });
  expect(joined.present).toEqual([identity.sender]);
});

test("what Redis lost while it seemed to be there comes without a new message", async () => {
  const guest = await createPerson(world.database);
  const member = await comeIn(b, guest, (await linkFor("collaborative")).bearer);
  await say(owner, chat.owner, "before");
  await member.hears("messages");
  const admin = new Redis(redis.url.replace("unix://", ""));
  try {
    for (let round = 0; round < 10; round++) {
      const sent = Array.from({ length: 5 }, (_, i) => say(owner, chat.owner, `${round} ${i}`));
      // Every connection of every node, in the middle of what they say.
      await admin.client("KILL", "TYPE", "normal", "SKIPME", "yes");
      await Promise.all(sent);
    }
  } finally {
    admin.disconnect();
  }
  await until(() => member.heard("messages").some(({ messages }) => messages.some(({ seq }) => seq === 51)));
});

test("what a node committed before it ended, and told nobody, comes without a new message", async () => {
  const { databaseUrl } = world;
  const node = await startSocketNode({ databaseUrl, redisUrl: redis.url, lookRoundMs: 100 });
  onTestFinished(node.stop);
  const member = await comeIn(node, await createPerson(world.database), (await linkFor("collaborative")).bearer);
  const untold = new Committer({ database: world.database });
  const author = { type: "account", account: chat.owner.account } as const;
  for (const text of ["one", "two"]) {
    const message = await write(chat, { by: chat.owner, text });
    const { seq } = await untold.append({ chat: chat.chat, author, message });
    await until(() => member.heard("messages").some(({ messages }) => messages.some((heard) => heard.seq === seq)));
  }
  await until(() => member.heard("messages").length === 2);
});
