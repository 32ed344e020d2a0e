import { memoryStore, messageText, type Room, type RoomState, ShareClient, textParts } from "@openmates-share/client";
import { createDatabase, type PrismaClient } from "@openmates-share/prisma";
import { idBytes } from "@openmates-share/protocol/wire";
import { freePort } from "@openmates-share/testing/free-port";
import { type DurablePostgres, startDurablePostgres } from "@openmates-share/testing/postgres";
import { startRedis, type TestRedis } from "@openmates-share/testing/redis";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { VAULT_KEY } from "./socket-node.ts";
import { until } from "./until.ts";

/** Five people on two nodes write at once, while something breaks. In the end all have read the same, and all of it. */

const PEOPLE = 5;
/** A thousand from all of them. */
const EACH_AT_ONCE = 200;
/** While something breaks: enough for it to be in the middle. */
const EACH = 40;

let redis: TestRedis;
let postgres: DurablePostgres;
let database: PrismaClient;
let nodes: ServerProcess[];
let clients: ShareClient[];
let rooms: Room[];
beforeAll(async () => {
  [redis, postgres] = await Promise.all([startRedis(), startDurablePostgres()]);
  database = createDatabase({ databaseUrl: postgres.url, poolSize: 2 });
  nodes = await Promise.all([startNode(await freePort()), startNode(await freePort())]);
  // A database is made first, with everything written to the disk.
});
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.stop()));
  await database.$disconnect();
  await Promise.all([postgres.stop(), redis.stop()]);
});

function startNode(port: number): Promise<ServerProcess> {
  return startServer({ databaseUrl: postgres.url, redisUrl: redis.url, env: { PORT: String(port), VAULT_KEY } });
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

/** Somebody new. */
function clientFor(): ShareClient {
  const client = clientOn(0);
  clients.push(client);
  return client;
}

function texts({ messages }: RoomState): string[] {
  return messages.loaded.flatMap(({ body }) =>
    body.type === "content" && body.content.type === "message" ? [messageText(body.content)] : [],
  );
}

interface Storm {
  /** What each person writes. */
  readonly each?: number;
  readonly breakSomething?: (progress: Progress) => Promise<void>;
}

interface Progress {
  readonly through: () => number;
  readonly all: Promise<unknown>;
}

/** Writes from all at once, breaks something when a third is through, and sees what everybody has read in the end. */
async function storm({ each = EACH, breakSomething = async () => {} }: Storm): Promise<void> {
  let through = 0;
  const sends = rooms.flatMap((room, who) =>
    Array.from({ length: each }, async (_, i) => {
      const id = await room.send(`${who}: ${i}`);
      through++;
      return id;
    }),
  );
  await until(() => through >= (PEOPLE * each) / 3);
  await breakSomething({ through: () => through, all: Promise.all(sends) });
  const acknowledged = await Promise.all(sends);

  const all = PEOPLE * each + 1;
  await until(() => rooms.every(({ state }) => state.messages.through === all && state.complete));
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
    expect(mine).toEqual(Array.from({ length: each }, (_, i) => `${who}: ${i}`));
  }
  const row = await database.chat.findUnique({ where: { id: idBytes(first.chat) } });
  expect(row?.lastSeq).toBe(all);
}

test("a thousand at once, with nothing broken", async () => {
  await storm({ each: EACH_AT_ONCE });
});

test("while a node is killed and started again", async () => {
  await storm({
    breakSomething: async () => {
      const [killed] = nodes;
      if (!killed) throw new Error("There is a node.");
      const { port } = new URL(killed.url);
      await killed.kill();
      await killed.stop();
      nodes[0] = await startNode(Number(port));
    },
  });
});

test("while Redis is killed, and started again when all is written", async () => {
  await storm({
    breakSomething: async ({ all }) => {
      await redis.crash();
      await all;
      await redis.start();
    },
  });
});

test("while the database hangs up on everybody, again and again", async () => {
  await storm({
    breakSomething: async ({ through }) => {
      for (let next = through(); next < PEOPLE * EACH; next += 20) {
        await database.$executeRaw`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`;
        await until(() => through() >= next);
      }
    },
  });
});

test("while PostgreSQL is killed in the middle of it, and started again", async () => {
  await storm({
    async breakSomething() {
      await postgres.crash();
      await postgres.start();
    },
  });
});

/** Milliseconds. */
const HOUR = 3_600_000;

describe("people whose clocks are wrong", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  /** What follows happens on devices whose clocks are off by that much; the nodes are processes of their own. */
  function setClocks(off: number): void {
    vi.useRealTimers();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + off });
  }

  test("write in the order in which it arrives, and links end by the server's clock", async () => {
    const before = Date.now();
    const [ada, late, early] = rooms as [Room, Room, Room];
    const said: string[] = [];
    for (let round = 0; round < 2; round++) {
      for (const [room, off] of [
        [late, -HOUR],
        [early, 24 * HOUR],
        [ada, 0],
      ] as const) {
        setClocks(off);
        const text = `${said.length}: off by ${off}`;
        await room.send(text);
        said.push(text);
      }
    }
    await until(() => rooms.every((room) => texts(room.state).length === said.length + 1));
    vi.useRealTimers();
    for (const { state } of rooms) {
      expect(texts(state)).toEqual(["It begins.", ...said]);
      expect(state.integrity.state).toBe("sealed");
      const stored = state.messages.loaded.slice(1).map(({ storedAt }) => storedAt);
      expect(stored.every((at) => at >= before - 1000 && at <= Date.now() + 1000)).toBe(true);
    }

    const [owner] = clients as [ShareClient];
    const expiresAt = Date.now() + HOUR;
    const [open, ended] = [
      await owner.createLink(ada.chat, { mode: "read-only", expiresAt }),
      await owner.createLink(ada.chat, { mode: "read-only", expiresAt }),
    ];
    await database.link.update({
      where: { chatId_id: { chatId: idBytes(ended.chat), id: idBytes(ended.link) } },
      data: { expiresAt: new Date(Date.now() - 1_000) },
    });
    setClocks(24 * HOUR);
    expect((await clientFor().open(open.url)).state.connection).not.toBe("ended");
    setClocks(-HOUR);
    await expect(clientFor().open(ended.url)).rejects.toMatchObject({ code: "not_found" });
  });
});
