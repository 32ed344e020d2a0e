import { idBytes, type MessageId } from "@openmates-share/protocol/wire";
import type { TestDatabase } from "@openmates-share/testing/database";
import type { TestRedis } from "@openmates-share/testing/redis";
import { startServer } from "@openmates-share/testing/server-process";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { askFor, deltasOf, hearsReply, hearsState, readReply, streamed } from "./asking.ts";
import {
  createChat,
  createLink,
  createPerson,
  read,
  type TestChat,
  type TestLink,
  type TestPerson,
  write,
} from "./chat-world.ts";
import { type SocketNode, VAULT_KEY } from "./socket-node.ts";
import { TestClient } from "./test-client.ts";
import { startTwoNodes, type TwoNodes } from "./two-nodes.ts";
import { until } from "./until.ts";

const LONG = "All work and no play makes a dull answer. ".repeat(600);

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
let link: TestLink;
let guest: TestPerson;
/** The owner is on node a, a member on node b. */
let owner: TestClient;
let member: TestClient;
beforeEach(async () => {
  clients = [];
  chat = await createChat(world.database);
  link = await createLink(world.database, { chat: chat.chat, mode: "collaborative" });
  guest = await createPerson(world.database);
  owner = await comeIn(a.url, chat.owner, null);
  member = await comeIn(b.url, guest, link.bearer);
});
afterEach(() => {
  for (const client of clients) client.close();
});

async function comeIn(url: string, person: TestPerson, bearer: string | null): Promise<TestClient> {
  const client = await TestClient.connect({ url, session: person.session });
  clients.push(client);
  await client.request("join", { chat: chat.chat, link: bearer, sender: person.identity.sender, after: 0 });
  return client;
}

async function say(client: TestClient, by: TestPerson, text: string): Promise<MessageId> {
  const message = await write(chat, { by, text });
  await client.request("send", { chat: chat.chat, message });
  return message.id;
}

async function heardTexts(client: TestClient): Promise<string[]> {
  const messages = new Map(client.heard("messages").flatMap((batch) => batch.messages.map((each) => [each.seq, each])));
  const inOrder = [...messages.values()].sort((x, y) => x.seq - y.seq);
  return Promise.all(inOrder.map((message) => read(chat, message)));
}

describe("people on two nodes", () => {
  test("hear each other's messages", async () => {
    await say(owner, chat.owner, "from a");
    await say(member, guest, "from b");
    for (const client of [owner, member]) {
      await until(() => client.heard("messages").flatMap(({ messages }) => messages).length === 2);
      expect(await heardTexts(client)).toEqual(["from a", "from b"]);
    }
  });

  test("see each other come, type and go", async () => {
    const { sender } = guest.identity;
    await owner.hears("presence", (change) => change.sender === sender && change.present);
    await member.request("typing", { chat: chat.chat, typing: true });
    await owner.hears("typing", (change) => change.sender === sender);
    const again = await TestClient.connect({ url: a.url, session: guest.session });
    clients.push(again);
    const joined = await again.request("join", { chat: chat.chat, link: null, sender, after: 0 });
    expect(new Set(joined.present)).toEqual(new Set([sender, chat.owner.identity.sender]));
    member.close();
    await again.request("leave", { chat: chat.chat });
    await owner.hears("presence", (change) => change.sender === sender && !change.present);
    expect(owner.heard("presence").filter((change) => change.sender === sender)).toHaveLength(2);
  });

  test("R5: revoking on one node drops people on the other", async () => {
    await world.database.link.updateMany({ where: { id: idBytes(link.link) }, data: { revokedAt: new Date() } });
    a.revocations.publish({ type: "link-revoked", chat: chat.chat, link: link.link });
    expect(await member.hears("removed")).toEqual({ chat: chat.chat });
    await say(owner, chat.owner, "among us");
    const message = await write(chat, { by: guest, text: "and me?" });
    expect(await member.refusal("send", { chat: chat.chat, message })).toBe("forbidden");
    expect(member.heard("messages")).toEqual([]);
  });

  test("are told on both nodes that the shared part grew", async () => {
    const seal = new Uint8Array([9]);
    await world.database.chat.update({ where: { id: idBytes(chat.chat) }, data: { seal } });
    a.revocations.publish({ type: "chat-changed", chat: chat.chat });
    for (const client of [owner, member]) {
      const changed = await client.hears("changed");
      expect([...(changed.seal ?? [])]).toEqual([9]);
    }
  });
});

test("people on a node that stops are gone for those on the others", async () => {
  const stopping = await nodes.start();
  const person = await createPerson(world.database);
  await comeIn(stopping.url, person, link.bearer);
  const { sender } = person.identity;
  await owner.hears("presence", (change) => change.sender === sender && change.present);
  await stopping.stop();
  await owner.hears("presence", (change) => change.sender === sender && !change.present);
});

describe("an answer written on one node", () => {
  async function ask(text: string) {
    const message = await say(owner, chat.owner, `@OpenMates ${text}`);
    const request = await askFor(chat, { message, text });
    await owner.request("ask", request);
    return request;
  }

  test("streams to the other", async () => {
    const { ask: id } = await ask("quick");
    const running = await hearsState(member, id, "running");
    const reply = await readReply(chat, id, await hearsReply(member, id));
    expect(reply.text).toBe("A *quick* answer.");
    await hearsState(member, id, "answered");
    expect(await streamed(chat, running, deltasOf(member, id))).toBe(reply.text);
  });

  test("is told from its first word to whoever comes in on the other, and can be stopped there", async () => {
    const { ask: id } = await ask("slow");
    await until(() => deltasOf(member, id).length > 3);
    const late = await TestClient.connect({ url: b.url, session: guest.session });
    clients.push(late);
    const joined = await late.request("join", { chat: chat.chat, link: null, sender: guest.identity.sender, after: 0 });
    const running = joined.asks.find((entry) => entry.ask === id);
    if (!running) throw new Error("The ask is among those told at joining.");
    expect(running.deltas.length).toBeGreaterThan(3);
    expect(LONG.startsWith(await streamed(chat, running, running.deltas))).toBe(true);
    await late.request("stop", { chat: chat.chat, ask: id });
    await hearsState(owner, id, "stopped");
    const reply = await readReply(chat, id, await hearsReply(late, id));
    expect(reply.ended).toBe("stopped");
  });

  test("is interrupted when that node is killed, and tried again on the other gives one answer", async () => {
    const crashing = await startServer({
      databaseUrl: world.databaseUrl,
      redisUrl: redis.url,
      env: { VAULT_KEY, OPENAI_BASE_URL: nodes.modelUrl, OPENAI_MODEL: "m" },
    });
    onTestFinished(async () => void (await crashing.stop()));
    const there = await comeIn(crashing.url, chat.owner, null);
    const message = await say(there, chat.owner, "@OpenMates slow");
    const request = await askFor(chat, { message, text: "slow" });
    await there.request("ask", request);
    await until(() => deltasOf(member, request.ask).length > 2);
    await crashing.kill();
    expect(await member.refusal("ask", request)).toBe("already_answered");
    // The lease would run out by itself in a quarter of a minute.
    await world.database.ask.updateMany({ where: { id: idBytes(request.ask) }, data: { leaseUntil: new Date(0) } });
    await hearsState(member, request.ask, "interrupted");
    await member.request("ask", await askFor(chat, { message, text: "quick", ask: request.ask }));
    const reply = await readReply(chat, request.ask, await hearsReply(owner, request.ask));
    expect(reply.text).toBe("A *quick* answer.");
    expect(await world.database.message.count({ where: { id: idBytes(request.ask) } })).toBe(1);
  });
});

describe("when Redis goes away", () => {
  test("each node goes on, and everything arrives once it is back", async () => {
    await say(owner, chat.owner, "before");
    await until(async () => (await heardTexts(member)).length === 1);
    await redis.crash();

    await say(owner, chat.owner, "on a");
    await say(member, guest, "on b");
    expect(await heardTexts(owner)).toContain("on a");
    expect(await heardTexts(member)).toContain("on b");
    const revoked = await createLink(world.database, { chat: chat.chat, mode: "collaborative" });
    const outgoing = await comeIn(b.url, await createPerson(world.database), revoked.bearer);
    await world.database.link.updateMany({ where: { id: idBytes(revoked.link) }, data: { revokedAt: new Date() } });
    a.revocations.publish({ type: "link-revoked", chat: chat.chat, link: revoked.link });

    await redis.start();
    await outgoing.hears("removed");
    for (const client of [owner, member]) {
      // What was missed shows by the newest message's number; the client fetches the rest.
      await until(() => client.heard("messages").some(({ messages }) => messages.some(({ seq }) => seq === 3)));
      const { page } = await client.request("history", { chat: chat.chat, after: 0 });
      expect(await Promise.all(page.messages.map((message) => read(chat, message)))).toEqual([
        "before",
        "on a",
        "on b",
      ]);
    }
    await say(owner, chat.owner, "after");
    await until(async () => (await heardTexts(member)).includes("after"));
  });
});
