import { type ChatId, newId, type SenderId } from "@openmates-share/protocol/wire";
import { startRedis, type TestRedis } from "@openmates-share/testing/redis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { KeptLog } from "../../tests/kept-log.ts";
import { until } from "../../tests/until.ts";
import { newNodeId } from "../cluster/node-id.ts";
import { RedisLine } from "../cluster/redis-line.ts";
import { MemoryPresence } from "./memory-presence.ts";
import { PRESENT_AT_MOST, type Presence, type Whereabouts } from "./presence.ts";
import { RedisPresence } from "./redis-presence.ts";

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

interface Node {
  readonly presence: RedisPresence;
  readonly line: RedisLine;
}
const nodes: Node[] = [];

async function redisNode(deadAfterMs = 60_000): Promise<Node> {
  const line = new RedisLine({ url: redis.url, log: new KeptLog() });
  await line.opened(5000);
  const presence = new RedisPresence({ line, node: newNodeId(), log: new KeptLog(), beatMs: 60_000, deadAfterMs });
  await presence.beat();
  const node = { presence, line };
  nodes.push(node);
  return node;
}

afterEach(async () => {
  for (const { presence, line } of nodes.splice(0)) {
    await presence.stop();
    await line.stop();
  }
});

function somewhere(): Whereabouts {
  return { chat: newId<ChatId>(), sender: newId<SenderId>() };
}

const implementations: readonly [string, () => Promise<Presence>][] = [
  ["in memory", async () => new MemoryPresence()],
  ["in Redis", async () => (await redisNode()).presence],
];

describe.each(implementations)("presence %s", (_, create) => {
  let presence: Presence;
  beforeEach(async () => {
    presence = await create();
  });

  test("tells only the first coming and the last going", async () => {
    const place = somewhere();
    expect(await presence.enter(place)).toBe(true);
    expect(await presence.enter(place)).toBe(false);
    expect(await presence.leave(place)).toBe(false);
    expect(await presence.leave(place)).toBe(true);
    expect(await presence.enter(place)).toBe(true);
  });

  test("ignores a going without a coming", async () => {
    const place = somewhere();
    expect(await presence.leave(place)).toBe(false);
    expect(await presence.present(place.chat)).toEqual([]);
  });

  test("keeps chats apart", async () => {
    const [here, there] = [somewhere(), somewhere()];
    await presence.enter(here);
    await presence.enter(there);
    expect(await presence.present(here.chat)).toEqual([here.sender]);
    expect(await presence.enter({ chat: there.chat, sender: here.sender })).toBe(true);
    expect(new Set(await presence.present(there.chat))).toEqual(new Set([there.sender, here.sender]));
  });

  test.each([PRESENT_AT_MOST - 1, PRESENT_AT_MOST, PRESENT_AT_MOST + 1])("names some of %i present", async (count) => {
    const { chat } = somewhere();
    const senders = Array.from({ length: count }, () => newId<SenderId>());
    for (const sender of senders) await presence.enter({ chat, sender });
    const named = await presence.present(chat);
    expect(named).toHaveLength(Math.min(count, PRESENT_AT_MOST));
    expect(new Set(named).size).toBe(named.length);
    for (const sender of named) expect(senders).toContain(sender);
  });

  test("settles comings and goings that overlap", async () => {
    const place = somewhere();
    const changes = await Promise.all([
      presence.enter(place),
      presence.leave(place),
      presence.enter(place),
      presence.leave(place),
      presence.enter(place),
    ]);
    expect(changes).toEqual([true, true, true, true, true]);
    expect(await presence.present(place.chat)).toEqual([place.sender]);
  });

  test("may be stopped twice", async () => {
    await presence.stop();
    await presence.stop();
  });
});

describe("presence of several nodes", () => {
  test("counts a sender once, whichever node it came by", async () => {
    const [a, b] = [await redisNode(), await redisNode()];
    const place = somewhere();
    expect(await a.presence.enter(place)).toBe(true);
    expect(await b.presence.enter(place)).toBe(false);
    expect(await b.presence.present(place.chat)).toEqual([place.sender]);
    expect(await a.presence.leave(place)).toBe(false);
    expect(await b.presence.leave(place)).toBe(true);
  });

  test("forgets a node that died, and says who is gone, once", async () => {
    const [a, b] = [await redisNode(), await redisNode()];
    const dead = await redisNode(1);
    const [only, both] = [somewhere(), somewhere()];
    await dead.presence.enter(only);
    await dead.presence.enter(both);
    await a.presence.enter(both);
    const told: [Whereabouts, boolean][] = [];
    for (const { presence } of [a, b]) presence.onChange((place, present) => told.push([place, present]));
    await dead.line.stop();
    await until(async () => {
      await Promise.all([a.presence.beat(), b.presence.beat()]);
      return told.length > 0;
    });
    expect(told).toEqual([[only, false]]);
    expect(await a.presence.present(only.chat)).toEqual([]);
    expect(await b.presence.present(both.chat)).toEqual([both.sender]);
  });

  test("a node that was given up and lives on tells where its people are", async () => {
    const given = await redisNode(1);
    const other = await redisNode();
    const place = somewhere();
    await given.presence.enter(place);
    const gone: Whereabouts[] = [];
    other.presence.onChange((where, present) => present || gone.push(where));
    await until(async () => {
      await other.presence.beat();
      return gone.length > 0;
    });
    const back: [Whereabouts, boolean][] = [];
    given.presence.onChange((where, present) => back.push([where, present]));
    await given.presence.beat();
    expect(back[0]).toEqual([place, true]);
  });

  test("goes on alone while Redis is away, and tells it everything when it is back", async () => {
    const own = await startRedis();
    const line = new RedisLine({ url: own.url, log: new KeptLog() });
    await line.opened(5000);
    const presence = new RedisPresence({ line, node: newNodeId(), log: new KeptLog(), beatMs: 60_000 });
    const [before, during] = [somewhere(), somewhere()];
    await presence.enter(before);
    await own.crash();
    expect(await presence.enter(during)).toBe(true);
    expect(await presence.present(before.chat)).toEqual([before.sender]);
    await own.start();
    await until(() => line.connected);
    await presence.beat();
    expect(await line.commands.hkeys(`oms:presence:chat:${before.chat}`)).toEqual([before.sender]);
    expect(await line.commands.hkeys(`oms:presence:chat:${during.chat}`)).toEqual([during.sender]);
    await presence.stop();
    await line.stop();
    await own.stop();
  });
});
