import { LLMock } from "@copilotkit/aimock";
import { senderIdOf } from "@openmates-share/protocol/crypto";
import {
  type AskId,
  fromBase64url,
  idBytes,
  LIMITS,
  type MessageId,
  newId,
  replyIdOf,
} from "@openmates-share/protocol/wire";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { askFor, deltasOf, hearsReply, hearsState, readReply, streamed } from "./asking.ts";
import { createChat, createLink, createPerson, type TestChat, type TestPerson, write } from "./chat-world.ts";
import { type SocketNode, startSocketNode } from "./socket-node.ts";
import { TestClient } from "./test-client.ts";
import { until } from "./until.ts";

const LONG = "All work and no play makes a dull answer. ".repeat(600);

const mock = new LLMock({ port: 0, logLevel: "silent" });
let world: TestDatabase;
let node: SocketNode;
beforeAll(async () => {
  await mock.start();
  world = await createTestDatabase();
  node = await start();
});
afterAll(async () => {
  await node.stop();
  await world.stop();
  await mock.stop();
});

function start(): Promise<SocketNode> {
  const models = [
    { id: "first-model", name: "First" },
    { id: "second-model", name: "Second" },
  ];
  const mate = { type: "openai", apiKey: "k", baseUrl: `${mock.url}/v1`, models } as const;
  return startSocketNode({ databaseUrl: world.databaseUrl, mate });
}

let clients: TestClient[];
let chat: TestChat;
let owner: TestClient;
let member: TestClient;
let memberPerson: TestPerson;
beforeEach(async () => {
  mock.reset();
  mock.onMessage(/quick/, { content: "A *quick* answer." }, { chunkSize: 5 });
  mock.onMessage(/slow/, { content: LONG }, { chunkSize: 10, latency: 15 });
  clients = [];
  chat = await createChat(world.database);
  const { bearer } = await createLink(world.database, { chat: chat.chat, mode: "collaborative" });
  memberPerson = await createPerson(world.database);
  owner = await comeIn(node, chat.owner, null);
  member = await comeIn(node, memberPerson, bearer);
});
afterEach(() => {
  for (const client of clients) client.close();
});

async function comeIn(to: SocketNode, person: TestPerson, link: string | null): Promise<TestClient> {
  const client = await TestClient.connect({ url: to.url, session: person.session });
  clients.push(client);
  await client.request("join", { chat: chat.chat, link, sender: person.identity.sender, after: 0 });
  return client;
}

async function mention(text: string): Promise<MessageId> {
  const message = await write(chat, { by: chat.owner, text: `@OpenMates ${text}` });
  await owner.request("send", { chat: chat.chat, message });
  return message.id;
}

async function ask(text: string, id?: AskId): Promise<AskId> {
  const request = await askFor(chat, { message: await mention(text), text, ...(id ? { ask: id } : {}) });
  await owner.request("ask", request);
  return request.ask;
}

function storedReplies(id: AskId): Promise<number> {
  return world.database.message.count({ where: { chatId: idBytes(chat.chat), id: idBytes(id) } });
}

async function stateOf(id: AskId): Promise<string | undefined> {
  const row = await world.database.ask.findUnique({
    where: { chatId_id: { chatId: idBytes(chat.chat), id: idBytes(id) } },
  });
  return row?.state;
}

describe("an answer", () => {
  test("streams to everybody, is stored sealed, and says what the model was given", async () => {
    const message = await mention("quick");
    const request = await askFor(chat, { message, text: "quick" });
    await owner.request("ask", request);
    for (const client of [owner, member]) {
      const running = await hearsState(client, request.ask, "running");
      expect(running.message).toBe(message);
      const stored = await hearsReply(client, request.ask);
      const reply = await readReply(chat, request.ask, stored);
      expect(reply).toMatchObject({
        text: "A *quick* answer.",
        ended: "complete",
        demo: false,
        model: "first-model",
        replyTo: message,
        given: { count: 1 },
      });
      const publicKey = fromBase64url(node.mate.publicKey);
      expect(publicKey && (await senderIdOf(publicKey))).toBe(stored.sender);
      await hearsState(client, request.ask, "answered");
      expect(await streamed(chat, running, deltasOf(client, request.ask))).toBe("A *quick* answer.");
    }
    await until(async () => (await stateOf(request.ask)) === "answered");
  });

  test("comes from the model that was asked for", async () => {
    const request = await askFor(chat, { message: await mention("quick"), text: "quick" });
    await owner.request("ask", { ...request, model: "second-model" });
    const reply = await readReply(chat, request.ask, await hearsReply(member, request.ask));
    expect(reply.model).toBe("second-model");
  });

  test("of the demo says that it is one", async () => {
    const demo = await startSocketNode({ databaseUrl: world.databaseUrl });
    const client = await comeIn(demo, chat.owner, null);
    const request = await askFor(chat, { message: await mention("hello"), text: "hello" });
    await client.request("ask", request);
    const running = await hearsState(client, request.ask, "running");
    await until(() => deltasOf(client, request.ask).length > 2);
    expect(await streamed(chat, running, deltasOf(client, request.ask))).toMatch(/^\*\*This is the/);
    await client.request("stop", { chat: chat.chat, ask: request.ask });
    const reply = await readReply(chat, request.ask, await hearsReply(client, request.ask));
    expect(reply).toMatchObject({ demo: true, ended: "stopped", model: "demo" });
    expect(demo.mate.demo).toBe(true);
    await demo.stop();
  });

  test("can be followed by somebody who comes later, from its first word", async () => {
    const id = await ask("slow");
    await until(() => deltasOf(owner, id).length > 3);
    const late = await TestClient.connect({ url: node.url, session: chat.owner.session });
    clients.push(late);
    const joined = await late.request("join", { chat: chat.chat, link: null, sender: null, after: 0 });
    const running = joined.asks.find((entry) => entry.ask === id);
    if (!running) throw new Error("The ask is among those told at joining.");
    expect(running.deltas.length).toBeGreaterThan(3);
    await until(() => deltasOf(late, id).length > 2);
    const text = await streamed(chat, running, [...running.deltas, ...deltasOf(late, id)]);
    expect(LONG.startsWith(text) && text.length > 0).toBe(true);
    await owner.request("stop", { chat: chat.chat, ask: id });
    await hearsState(owner, id, "stopped");
  });

  test("can be stopped by anybody, and what there was of it stays", async () => {
    const id = await ask("slow");
    await until(() => deltasOf(member, id).length > 1);
    await member.request("stop", { chat: chat.chat, ask: id });
    await hearsState(owner, id, "stopped");
    const reply = await readReply(chat, id, await hearsReply(owner, id));
    expect(reply.ended).toBe("stopped");
    expect(LONG.startsWith(reply.text)).toBe(true);
    await member.request("stop", { chat: chat.chat, ask: id });
  });

  test("stopped before its first word says so, and may be tried again", async () => {
    mock.onMessage(/patience/, { content: "late" }, { streamingProfile: { ttft: 60_000 } });
    const id = await ask("patience");
    await member.request("stop", { chat: chat.chat, ask: id });
    const { status } = await hearsState(owner, id, "failed");
    expect(status).toMatchObject({
      message: expect.stringMatching(/^Somebody stopped/),
      fault: "stopped",
      retryAfter: null,
    });
    expect(await storedReplies(id)).toBe(0);
  });
});

describe("who may ask", () => {
  test("only for a stored message of one's own", async () => {
    const message = await mention("quick");
    const request = await askFor(chat, { message, text: "quick" });
    expect(await member.refusal("ask", request)).toBe("forbidden");
    expect(await owner.refusal("ask", { ...request, message: newId<MessageId>() })).toBe("bad_request");
    expect(await owner.refusal("ask", { ...request, model: "no-such-model" })).toBe("bad_request");
  });

  test("not again while it runs or once it is answered, not even at the same time", async () => {
    const request = await askFor(chat, { message: await mention("quick"), text: "quick" });
    const results = await Promise.allSettled([owner.request("ask", request), owner.request("ask", request)]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    await hearsState(owner, request.ask, "answered");
    expect(await owner.refusal("ask", request)).toBe("already_answered");
    expect(await storedReplies(request.ask)).toBe(1);
  });

  test("not under an ask id that belongs to another message", async () => {
    mock.onMessage(/fails/, { error: { message: "no" }, status: 500 });
    const id = await ask("fails");
    await hearsState(owner, id, "failed");
    const other = await askFor(chat, { message: await mention("quick"), text: "quick", ask: id });
    expect(await owner.refusal("ask", other)).toBe("conflict");
  });

  test("not with more context than a model takes", async () => {
    const message = await mention("quick");
    const request = await askFor(chat, { message, text: "x".repeat(LIMITS.contextBytes) });
    expect(await owner.refusal("ask", request)).toBe("too_large");
  });

  test("two answers at a time for one person", async () => {
    const ids = [await ask("slow one"), await ask("slow two")];
    const third = await askFor(chat, { message: await mention("quick"), text: "quick" });
    expect(await owner.raw("ask", third)).toMatchObject({ ok: false, error: { code: "mate_busy", retryAfter: 5 } });
    for (const id of ids) await owner.request("stop", { chat: chat.chat, ask: id });
    for (const id of ids) await until(async () => (await stateOf(id)) !== "running");
    await owner.request("ask", third);
    await hearsState(owner, third.ask, "answered");
  });
});

describe("when it goes wrong", () => {
  test("an error of the provider is told in a sentence, and anybody may try again under the same ask", async () => {
    mock.onMessage(/trouble/, { error: { message: "secret" }, status: 500 });
    const message = await mention("trouble");
    const request = await askFor(chat, { message, text: "trouble" });
    await owner.request("ask", request);
    const failed = await hearsState(member, request.ask, "failed");
    expect(failed.status).toMatchObject({ message: expect.stringMatching(/^The model's provider has a problem/) });
    const joined = await member.request("join", {
      chat: chat.chat,
      link: null,
      sender: memberPerson.identity.sender,
      after: 0,
    });
    expect(joined.asks).toEqual([{ ...failed, deltas: [] }]);

    mock.reset();
    mock.onMessage(/trouble/, { content: "Now it works." });
    await member.request("ask", await askFor(chat, { message, text: "trouble", ask: request.ask }));
    const reply = await readReply(chat, request.ask, await hearsReply(owner, request.ask));
    expect(reply.text).toBe("Now it works.");
    expect(await storedReplies(request.ask)).toBe(1);
  });

  test("an error in the middle of the answer ends it as failed", async () => {
    mock.onMessage(/breaks/, { content: LONG }, { chunkSize: 10, latency: 10, truncateAfterChunks: 8 });
    const id = await ask("breaks");
    const failed = await hearsState(owner, id, "failed");
    expect(failed.status).toMatchObject({ message: "The model's answer broke off. Please try again." });
    expect(deltasOf(owner, id).length).toBeGreaterThan(0);
    expect(await storedReplies(id)).toBe(0);
  });

  test("an ask is not tried without end", async () => {
    mock.onMessage(/hopeless/, { error: { message: "no" }, status: 500 });
    const message = await mention("hopeless");
    const id = newId<AskId>();
    await owner.request("ask", await askFor(chat, { message, text: "hopeless", ask: id }));
    await hearsState(owner, id, "failed");
    await world.database.ask.updateMany({ where: { id: idBytes(id) }, data: { attempt: LIMITS.askAttempts } });
    expect(await owner.refusal("ask", await askFor(chat, { message, text: "hopeless", ask: id }))).toBe("forbidden");
  });

  test("somebody who takes the answer's place with a message of their own does not pass for the mate", async () => {
    const id = await ask("slow");
    const squatting = await write(chat, { by: memberPerson, text: "I am the answer", id: replyIdOf(id) });
    await member.request("send", { chat: chat.chat, message: squatting });
    await until(() => deltasOf(owner, id).length > 1);
    await owner.request("stop", { chat: chat.chat, ask: id });
    const failed = await hearsState(owner, id, "failed");
    expect(failed.status).toMatchObject({ state: "failed", message: expect.stringMatching(/^Another message/) });
  });

  test("a stopping server interrupts its answers and says so", async () => {
    const stopping = await start();
    const client = await comeIn(stopping, chat.owner, null);
    const request = await askFor(chat, { message: await mention("slow"), text: "slow" });
    await client.request("ask", request);
    await until(() => deltasOf(client, request.ask).length > 0);
    await stopping.stop();
    await hearsState(client, request.ask, "interrupted");
    expect(await stateOf(request.ask)).toBe("interrupted");
  });

  test("what a crash left running is interrupted at the next start, and tried again gives one answer", async () => {
    const message = await mention("quick");
    const request = await askFor(chat, { message, text: "quick" });
    await leaveRunning(request.ask, message);
    expect(await owner.refusal("ask", request)).toBe("already_answered");

    const next = await start();
    const client = await comeIn(next, memberPerson, null);
    const joined = await client.request("join", {
      chat: chat.chat,
      link: null,
      sender: memberPerson.identity.sender,
      after: 0,
    });
    expect(joined.asks.map(({ ask, status }) => [ask, status.state])).toEqual([[request.ask, "interrupted"]]);
    await client.request("ask", request);
    await hearsReply(client, request.ask);
    await hearsState(client, request.ask, "answered");
    expect(await storedReplies(request.ask)).toBe(1);
    await next.stop();
  });

  test("an answer that was stored just before a crash counts", async () => {
    const id = await ask("quick");
    await hearsState(owner, id, "answered");
    await world.database.ask.updateMany({ where: { id: idBytes(id) }, data: { state: "running", nodeId: "gone" } });
    const next = await start();
    expect(await stateOf(id)).toBe("answered");
    await next.stop();
  });
});

describe("the service's key", () => {
  test("is made once, whoever starts at the same time", async () => {
    await world.database.serviceKey.deleteMany();
    const nodes = await Promise.all([start(), start(), start()]);
    expect(new Set(nodes.map(({ mate }) => mate.publicKey)).size).toBe(1);
    for (const one of nodes) await one.stop();
    await node.stop();
    node = await start();
  });
});

test("nothing that was said goes into the log", () => {
  const said = node.log.lines.join("\n");
  for (const text of ["slow", "quick", "trouble", LONG.slice(0, 20), "secret"]) expect(said).not.toContain(text);
});

/** As a process leaves an ask that is killed while it answers. */
async function leaveRunning(id: AskId, message: MessageId): Promise<void> {
  const account = await world.database.chat.findUniqueOrThrow({ where: { id: idBytes(chat.chat) } });
  await world.database.ask.create({
    data: {
      chatId: idBytes(chat.chat),
      id: idBytes(id),
      messageId: idBytes(message),
      askerAccount: new Uint8Array(account.ownerAccount),
      state: "running",
      streamId: idBytes(newId()),
      wrappedReplyKey: new Uint8Array(60),
      epoch: 1,
      nodeId: "gone",
      leaseUntil: new Date(Date.now() + 60_000),
    },
  });
}
