import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LLMock } from "@copilotkit/aimock";
import { memoryStore, messageText, type Room, type RoomState, ShareClient, textParts } from "@openmates-share/client";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { startRedis, type TestRedis } from "@openmates-share/testing/redis";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createServer, type RunningServer } from "../src/server.ts";
import { VAULT_KEY } from "./socket-node.ts";
import { TestClient } from "./test-client.ts";
import { until } from "./until.ts";

const LONG = "All work and no play makes a dull answer. ".repeat(60);

const mock = new LLMock({ port: 0, logLevel: "silent" });
let redis: TestRedis;
let world: TestDatabase;
let dataDir: string;
let servers: readonly RunningServer[];
beforeAll(async () => {
  await mock.start();
  mock.onMessage(/quick/, { content: "A *quick* answer." }, { chunkSize: 5 });
  mock.onMessage(/slow/, { content: LONG }, { chunkSize: 10, latency: 15 });
  redis = await startRedis();
  world = await createTestDatabase();
  dataDir = await mkdtemp(join(tmpdir(), "share-data-"));
  servers = await Promise.all([start(), start()]);
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await rm(dataDir, { recursive: true, force: true });
  await world.stop();
  await redis.stop();
  await mock.stop();
});

function start(): Promise<RunningServer> {
  return createServer({
    host: "127.0.0.1",
    port: 0,
    publicUrl: null,
    databaseUrl: world.databaseUrl,
    databasePool: 5,
    redisUrl: redis.url,
    dataDir,
    viewerDir: join(dataDir, "no-viewer"),
    vaultKeys: VAULT_KEY,
    mate: { type: "openai", apiKey: "k", baseUrl: `${mock.url}/v1`, models: [{ id: "m", name: "M" }] },
    mail: { type: "none" },
    google: null,
    logLevel: "silent",
    trustedProxies: 0,
    metrics: null,
  });
}

let owner: ShareClient;
let member: ShareClient;
let owners: Room;
let members: Room;
let link: string;
beforeEach(async () => {
  owner = clientOf(0);
  member = clientOf(1);
  const conversation = {
    title: "Together",
    messages: [{ role: "user" as const, name: "Ada", parts: textParts("It begins."), time: null, model: null }],
  };
  const shared = await owner.share(conversation, { mode: "collaborative", name: "Ada" });
  link = shared.url;
  owners = await owner.reopen(shared.chat, { name: "Ada" });
  members = await member.open(link, { name: "Grace" });
  await Promise.all([isLive(owners), isLive(members)]);
});
afterEach(async () => {
  await owner.close();
  await member.close();
});

function clientOf(index: number): ShareClient {
  return new ShareClient({ server: servers[index]?.url ?? "", store: memoryStore() });
}

async function isLive(room: Room): Promise<void> {
  await until(() => room.state.connection === "live" && room.state.complete);
}

function texts({ messages }: RoomState): string[] {
  return messages.loaded.flatMap(({ body }) => {
    if (body.type === "reply") return [body.reply.text];
    return body.type === "content" && body.content.type === "message" ? [messageText(body.content)] : [];
  });
}

test("two people on two servers write together, and nothing about it looks tampered with", async () => {
  await owners.send("from a");
  await members.send("from b");
  for (const room of [owners, members]) {
    await until(() => texts(room.state).length === 3);
    expect(texts(room.state)).toEqual(["It begins.", "from a", "from b"]);
    expect(room.state.integrity.state).not.toBe("violated");
    await until(() => room.state.people.filter(({ present }) => present).length === 2);
  }
});

test("an answer asked for on one is followed, and stopped, on the other", async () => {
  const id = await owners.send("@OpenMates slow please");
  const ask = await owners.ask(id);
  await until(() => members.state.answers.some((answer) => answer.ask === ask && answer.text.length > 40));
  expect(LONG.startsWith(members.state.answers[0]?.text ?? "?")).toBe(true);
  await members.stop(ask);
  const reply = await until(() => owners.state.messages.loaded.find(({ body }) => body.type === "reply"));
  expect(reply.body).toMatchObject({ type: "reply", reply: { ended: "stopped" } });
  await until(() => members.state.answers.length === 0);
});

test("an answer goes on when Redis is restarted in its middle, and is whole on both", async () => {
  const ask = await owners.ask(await owners.send("@OpenMates slow please"));
  await until(() => members.state.answers.some((answer) => answer.ask === ask && answer.text.length > 40));
  await redis.crash();
  await redis.start();
  for (const room of [owners, members]) {
    const reply = await until(() => room.state.messages.loaded.find(({ body }) => body.type === "reply"));
    expect(reply.body).toMatchObject({ type: "reply", reply: { ended: "complete", text: LONG } });
    await until(() => room.state.answers.length === 0);
  }
});

test("somebody new on one reads the answer that the other gave", async () => {
  const id = await owners.send("@OpenMates quick please");
  await owners.ask(id);
  await until(() => texts(owners.state).includes("A *quick* answer."));
  const late = clientOf(1);
  const room = await late.open(link, { name: "Late" });
  await isLive(room);
  expect(texts(room.state)).toContain("A *quick* answer.");
  await late.close();
});

test("R5: who came by a link is out when it is revoked on the other server", async () => {
  const { chat } = owners.state;
  const [own] = await owner.links(chat);
  if (!own) throw new Error("The chat has a link.");
  await owner.revokeLink(chat, own.link);
  await until(() => members.state.connection === "ended");
});

test("R5: a session that ends on one server is ended on the other, its socket too", async () => {
  const [a = "", b = ""] = servers.map(({ url }) => url);
  const made = (await (await fetch(`${a}/api/guests`, { method: "POST" })).json()) as { session: string };
  const headers = { authorization: `Bearer ${made.session}` };
  // Asked once on each, so that both would have it in memory.
  for (const url of [a, b]) expect((await fetch(`${url}/api/account`, { headers })).status).toBe(200);
  const client = await TestClient.connect({ url: b, session: made.session });
  expect((await fetch(`${a}/api/account/sessions`, { method: "DELETE", headers })).status).toBe(204);
  await until(() => !client.socket.connected);
  for (const url of [a, b]) expect((await fetch(`${url}/api/account`, { headers })).status).toBe(401);
  client.close();
});
