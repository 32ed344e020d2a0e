import { LLMock } from "@copilotkit/aimock";
import { type AskId, idBytes, type MessageId } from "@openmates-share/protocol/wire";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { startServer } from "@openmates-share/testing/server-process";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { accountBytes } from "../src/accounts/account-id.ts";
import type { Quotas } from "../src/mate/quotas.ts";
import { askFor, hearsReply, hearsState, readReply } from "./asking.ts";
import { createChat, createLink, createPerson, type TestChat, type TestPerson, write } from "./chat-world.ts";
import { type SocketNode, startSocketNode, VAULT_KEY } from "./socket-node.ts";
import { TestClient } from "./test-client.ts";

const NONE = { asks: null, tokens: null, atOnce: null };
const FREE: Quotas = { person: NONE, chat: NONE, server: NONE };

const mock = new LLMock({ port: 0, logLevel: "silent" });
let world: TestDatabase;
let chat: TestChat;
let owner: TestClient;
let member: TestClient;
let memberPerson: TestPerson;
const closing: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  await mock.start();
  world = await createTestDatabase();
});
afterAll(async () => {
  await world.stop();
  await mock.stop();
});
beforeEach(async () => {
  mock.reset();
  mock.onMessage(/quick/, { content: "A *quick* answer." });
  mock.onMessage(/slow/, { content: "word ".repeat(4_000) }, { chunkSize: 5, latency: 20 });
  await world.database.askUsage.deleteMany();
  chat = await createChat(world.database);
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(quotas: Quotas, limits?: { context: number; answer: number | null }): Promise<SocketNode> {
  const models = [{ id: "m", name: "M", ...(limits && { limits }) }];
  const mate = { type: "openai", apiKey: "k", baseUrl: `${mock.url}/v1`, models, quotas } as const;
  const node = await startSocketNode({ databaseUrl: world.databaseUrl, mate });
  closing.push(() => node.stop());
  return node;
}

async function comeIn(node: { readonly url: string }): Promise<void> {
  const { bearer } = await createLink(world.database, { chat: chat.chat, mode: "collaborative" });
  memberPerson = await createPerson(world.database);
  owner = await join(node, chat.owner, null);
  member = await join(node, memberPerson, bearer);
}

async function join(node: { readonly url: string }, person: TestPerson, link: string | null): Promise<TestClient> {
  const client = await TestClient.connect({ url: node.url, session: person.session });
  closing.push(() => client.close());
  await client.request("join", { chat: chat.chat, link, sender: person.identity.sender, after: 0 });
  return client;
}

async function requestOf(text: string, ...before: string[]) {
  const message = await write(chat, { by: chat.owner, text: `@OpenMates ${text}` });
  await owner.request("send", { chat: chat.chat, message });
  const request = await askFor(chat, { message: message.id as MessageId, text });
  const earlier = before.map((said) => ({ role: "user" as const, name: "Ada", text: said }));
  return { ...request, context: [...earlier, ...request.context] };
}

async function answered(text: string): Promise<AskId> {
  const request = await requestOf(text);
  await owner.request("ask", request);
  await hearsState(owner, request.ask, "answered");
  return request.ask;
}

async function refusalOf(client: TestClient, text: string) {
  const result = (await client.raw("ask", await requestOf(text))) as { error: { code: string; retryAfter: number } };
  return result.error;
}

test("who asks pays, and hears how much is left; what is used up opens with the next day", async () => {
  await comeIn(await start({ ...FREE, person: { ...NONE, asks: 2 } }));
  const first = await owner.request("ask", await requestOf("quick"));
  expect(first.quota).toMatchObject({ of: "person", left: 1, most: 2 });
  await answered("quick");
  const refused = await refusalOf(owner, "quick");
  expect(refused.code).toBe("quota_used");
  expect(refused.retryAfter).toBeGreaterThan(0);
  expect(refused.retryAfter).toBeLessThanOrEqual(24 * 60 * 60);

  await world.database.$executeRaw`UPDATE ask_usage SET day = day - 1`;
  await answered("quick");
});

test("a restart does not give a new allowance, nor does another node", async () => {
  const quotas = { ...FREE, chat: { ...NONE, asks: 1 } };
  await comeIn(await start(quotas));
  await answered("quick");
  owner = await join(await start(quotas), chat.owner, null);
  expect((await refusalOf(owner, "quick")).code).toBe("quota_used");
});

test("tokens count as well, of what was given and what was answered", async () => {
  await comeIn(await start({ ...FREE, server: { ...NONE, tokens: 30 } }));
  await answered("quick");
  const row = await world.database.askUsage.findFirstOrThrow({ where: { scope: "server" } });
  // The question with what stands around it, and the answer.
  expect(Number(row.tokens)).toBeGreaterThan(15);
  await answered("quick");
  expect((await refusalOf(owner, "quick")).code).toBe("quota_used");
});

const usedTokens = async () =>
  Number((await world.database.askUsage.findFirstOrThrow({ where: { scope: "person" } })).tokens);

test("tokens of an answer are set aside when it begins, and what it did not say is given back", async () => {
  await comeIn(await start(FREE, { context: 8_000, answer: 3_000 }));
  const request = await requestOf("slow");
  await owner.request("ask", request);
  const before = await usedTokens();
  expect(before).toBeGreaterThan(3_000);
  await owner.hears("delta");
  await owner.request("stop", { chat: chat.chat, ask: request.ask });
  await hearsState(owner, request.ask, "stopped");
  expect(await usedTokens()).toBeLessThan(before);
});

test("tokens of an answer that was being written when the server was killed are counted", async () => {
  const env = {
    VAULT_KEY,
    OPENAI_BASE_URL: `${mock.url}/v1`,
    OPENAI_MODEL: "m",
    OPENAI_MODEL_LIMITS: "m=8000/3000",
    MATE_PER_PERSON: "tokens=3000",
  };
  const first = await startServer({ databaseUrl: world.databaseUrl, env });
  closing.push(async () => void (await first.stop()));
  await comeIn(first);
  const request = await requestOf("slow");
  await owner.request("ask", request);
  await owner.hears("delta");
  await first.kill();
  expect(await usedTokens()).toBeGreaterThan(3_000);
  const second = await startServer({ databaseUrl: world.databaseUrl, env });
  closing.push(async () => void (await second.stop()));
  owner = await join(second, chat.owner, null);
  expect((await refusalOf(owner, "quick")).code).toBe("quota_used");
});

test("an ask that the provider did not begin to answer costs nothing, and is not repeated before the provider wants", async () => {
  await comeIn(await start({ ...FREE, person: { ...NONE, asks: 1 } }));
  mock.prependFixture({
    match: { userMessage: "limited" },
    response: { error: { message: "no" }, status: 429, retryAfter: 30 },
  });
  const request = await requestOf("limited");
  await owner.request("ask", request);
  const { status } = await hearsState(owner, request.ask, "failed");
  expect(status).toMatchObject({ fault: "busy", retryAfter: 30, message: expect.stringContaining("in 30 seconds") });
  expect(Number((await world.database.askUsage.findFirstOrThrow({ where: { scope: "person" } })).asks)).toBe(0);

  expect(await owner.refusal("ask", request)).toBe("mate_busy");
  const joined = await owner.request("join", {
    chat: chat.chat,
    link: null,
    sender: chat.owner.identity.sender,
    after: 0,
  });
  expect(joined.asks[0]?.status).toMatchObject({ state: "failed", fault: "busy", retryAfter: expect.any(Number) });

  await world.database.$executeRaw`UPDATE asks SET retry_at = now() WHERE id = ${idBytes(request.ask)}`;
  mock.reset();
  mock.onMessage(/limited/, { content: "Now." });
  await member.request("ask", request);
  await hearsReply(owner, request.ask);
  // Whoever tries again pays.
  const payers = await world.database.askUsage.findMany({ where: { scope: "person", asks: 1 } });
  expect(payers.map(({ subject }) => Buffer.from(subject))).toEqual([Buffer.from(accountBytes(memberPerson.account))]);
});

test("no more answers are written at once than may be, whoever asks at the same time on which node", async () => {
  const quotas = { ...FREE, server: { ...NONE, atOnce: 2 } };
  await comeIn(await start(quotas));
  const elsewhere = await join(await start(quotas), chat.owner, null);
  const requests = await Promise.all(["slow", "slow", "slow", "slow"].map((text) => requestOf(text)));
  const results = (await Promise.all(
    requests.map((request, i) => (i % 2 ? owner : elsewhere).raw("ask", request)),
  )) as { ok: boolean; error?: { code: string } }[];
  expect(results.filter(({ ok }) => ok)).toHaveLength(2);
  expect(results.filter(({ ok }) => !ok).map(({ error }) => error?.code)).toEqual(["mate_busy", "mate_busy"]);
});

test("A92: members' own models don't keep the mate from answering, and wait for each other alone", async () => {
  const one = { ...NONE, atOnce: 1 };
  await comeIn(await start({ person: one, chat: { ...NONE, atOnce: 2 }, server: one }));
  const own = async (by: TestClient, person: TestPerson) => {
    const message = await write(chat, { by: person, text: "@OpenMates quick" });
    await by.request("send", { chat: chat.chat, message });
    const { ask, wrappedReplyKey, epoch } = await askFor(chat, { message: message.id as MessageId, text: "quick" });
    return { chat: chat.chat, ask, message: message.id, wrappedReplyKey, epoch };
  };
  await owner.request("answer", await own(owner, chat.owner));
  expect(await owner.refusal("answer", await own(owner, chat.owner))).toBe("mate_busy");
  await member.request("answer", await own(member, memberPerson));
  await answered("quick");
});

test("what a model has no room for is left out, the oldest first, and the answer says so", async () => {
  await comeIn(await start(FREE, { context: 2600, answer: 500 }));
  const request = await requestOf("quick", "early ".repeat(1000), "late");
  await owner.request("ask", request);
  const reply = await readReply(chat, request.ask, await hearsReply(owner, request.ask));
  expect(reply.given).toMatchObject({ count: 2, offered: 3 });
  expect(JSON.stringify(mock.getRequests()[0]?.body)).not.toContain("early");
});

test("a provider that finds the conversation too long gets less of it, in the end the question alone", async () => {
  await comeIn(await start(FREE));
  mock.reset();
  const tooLong = { error: { message: "no", code: "context_length_exceeded" }, status: 400 };
  for (let i = 0; i < 2; i++) mock.nextRequestError(400, tooLong.error);
  mock.onMessage(/quick/, { content: "Short." });
  const request = await requestOf("quick", "one", "two", "three", "four");
  await owner.request("ask", request);
  const reply = await readReply(chat, request.ask, await hearsReply(owner, request.ask));
  expect(reply.given.offered).toBe(5);
  expect(reply.given.count).toBeLessThan(4);
  expect(mock.getRequests().length).toBe(3);
});
