import { memoryStore, messageText, type Room, type RoomState, ShareClient, textParts } from "@openmates-share/client";
import { idBytes } from "@openmates-share/protocol/wire";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { startRedis, type TestRedis } from "@openmates-share/testing/redis";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { VAULT_KEY } from "./socket-node.ts";
import { until } from "./until.ts";

/** Five people on two nodes write at once, while something breaks. In the end all have read the same, and all of it. */

const PEOPLE = 5;
const EACH = 40;

let redis: TestRedis;
let world: TestDatabase;
let nodes: ServerProcess[];
let clients: ShareClient[];
let rooms: Room[];
beforeAll(async () => {
  redis = await startRedis();
  world = await createTestDatabase();
  nodes = await Promise.all([startNode("0"), startNode("0")]);
});
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.stop()));
  await world.stop();
  await redis.stop();
});

function startNode(port: string): Promise<ServerProcess> {
  const { databaseUrl } = world;
  return startServer({ databaseUrl, redisUrl: redis.url, env: { PORT: port, VAULT_KEY } });
}

beforeEach(async () => {
  clients = Array.from({ length: PEOPLE }, (_, i) => clientOn(i % 2));
  const [owner, ...members] = clients as [ShareClient, ...ShareClient[]];
  const messages = [{ role: "user" as const, name: "", parts: textParts("It begins."), time: null, model: null }];
  const { url, chat } = await owner.share({ title: "Storm", messages }, { mode: "collaborative", name: "Ada" });
  rooms = [await owner.reopen(chat)];
  for (const [i, member] of members.entries()) rooms.push(await member.open(url, { name: `Guest ${i}` }));
  await Promise.all(rooms.map((room) => room.whenLive()));
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
});

function clientOn(index: number): ShareClient {
  return new ShareClient({ server: nodes[index]?.url ?? "", store: memoryStore() });
}

function texts({ messages }: RoomState): string[] {
  return messages.loaded.flatMap(({ body }) =>
    body.type === "content" && body.content.type === "message" ? [messageText(body.content)] : [],
  );
}

interface Progress {
  readonly through: () => number;
  readonly all: Promise<unknown>;
}

/** Writes from all at once, breaks something when a third is through, and sees what everybody has read in the end. */
async function storm(breakSomething: (progress: Progress) => Promise<void>): Promise<void> {
  let through = 0;
  const sends = rooms.flatMap((room, who) =>
    Array.from({ length: EACH }, async (_, i) => {
      const id = await room.send(`${who}: ${i}`);
      through++;
      return id;
    }),
  );
  await until(() => through >= (PEOPLE * EACH) / 3, 30_000);
  await breakSomething({ through: () => through, all: Promise.all(sends) });
  const acknowledged = await Promise.all(sends);

  const all = PEOPLE * EACH + 1;
  await until(() => rooms.every(({ state }) => state.messages.through === all && state.complete), 30_000);
  await Promise.all(rooms.map((room) => room.load(1, all)));
  const [first] = rooms;
  if (!first) throw new Error("Somebody is there.");
  const ids = first.state.messages.loaded.map(({ id }) => id);
  expect(new Set(ids)).toEqual(new Set([ids[0], ...acknowledged]));
  for (const { state } of rooms) {
    expect(state.messages.loaded.map(({ id }) => id)).toEqual(ids);
    expect(state.messages.loaded.map(({ seq }) => seq)).toEqual(ids.map((_, i) => i + 1));
    expect(state.integrity.state).toBe("sealed");
    expect(state.messages.loaded.filter(({ doubt, body }) => doubt !== null || body.type === "broken")).toEqual([]);
    expect(state.pending).toEqual([]);
  }
  for (const who of rooms.keys()) {
    // What one person writes stays in the order it was written.
    const mine = texts(first.state).filter((text) => text.startsWith(`${who}: `));
    expect(mine).toEqual(Array.from({ length: EACH }, (_, i) => `${who}: ${i}`));
  }
  const row = await world.database.chat.findUnique({ where: { id: idBytes(first.chat) } });
  expect(row?.lastSeq).toBe(all);
}

test("with nothing broken", async () => {
  await storm(async () => {});
}, 60_000);

test("while a node is killed and started again", async () => {
  await storm(async () => {
    const [killed] = nodes;
    if (!killed) throw new Error("There is a node.");
    const { port } = new URL(killed.url);
    await killed.kill();
    await killed.stop();
    nodes[0] = await startNode(port);
  });
}, 60_000);

test("while Redis is killed, and started again when all is written", async () => {
  await storm(async ({ all }) => {
    await redis.crash();
    await all;
    await redis.start();
  });
}, 60_000);

test("while the database hangs up on everybody, again and again", async () => {
  await storm(async ({ through }) => {
    for (let next = through(); next < PEOPLE * EACH; next += 20) {
      await world.database.$executeRaw`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`;
      await until(() => through() >= next);
    }
  });
}, 60_000);
