import { startRedis, type TestRedis } from "@openmates-share/testing/redis";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { KeptLog } from "../../tests/kept-log.ts";
import { until } from "../../tests/until.ts";
import { type NodeId, newNodeId } from "./node-id.ts";
import { RedisBus } from "./redis-bus.ts";
import { RedisLine } from "./redis-line.ts";

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

const open: { bus: RedisBus; line: RedisLine; log: KeptLog }[] = [];
afterEach(async () => {
  for (const { bus, line } of open.splice(0)) {
    await bus.stop();
    await line.stop();
  }
});

async function join() {
  const log = new KeptLog();
  const line = new RedisLine({ url: redis.url, log });
  const bus = new RedisBus({ line, log });
  await line.opened(5000);
  await bus.listening;
  const node = { bus, line, log };
  open.push(node);
  return node;
}

describe("nodes on a bus", () => {
  test("hear what others say, not what they say themselves", async () => {
    const [a, b] = [await join(), await join()];
    const heard: [string, unknown][] = [];
    a.bus.onBroadcast("news", (message) => heard.push(["a", message]));
    b.bus.onBroadcast("news", (message) => heard.push(["b", message]));
    expect(await a.bus.broadcast("other", 1)).toBe(true);
    expect(await a.bus.broadcast("news", { bytes: new Uint8Array([1, 2]) })).toBe(true);
    await until(() => heard.length > 0);
    expect(heard).toEqual([["b", { bytes: new Uint8Array([1, 2]) }]]);
  });

  test("answer each other", async () => {
    const [a, b] = [await join(), await join()];
    b.bus.onRequest("double", async (message) => Number(message) * 2);
    const answers = await Promise.all([1, 2, 3].map((n) => a.bus.request(b.bus.node, "double", n)));
    expect(answers).toEqual([2, 4, 6]);
  });

  test("get null from a node that is not there", async () => {
    const { bus } = await join();
    expect(await bus.request(newNodeId(), "double", 1)).toBeNull();
  });

  test("are not disturbed by an answer that fails, or by rubbish", async () => {
    const [a, b] = [await join(), await join()];
    b.bus.onRequest("fail", async () => {
      throw new Error("no");
    });
    await a.line.commands.publish("oms:bus:all", Buffer.from([0xc1]));
    await a.line.commands.publish("oms:bus:all", "text");
    // Without waiting as long as for a node that is not there.
    const ended: string[] = [];
    const asking = async (node: NodeId) => {
      expect(await a.bus.request(node, "fail", 1)).toBeNull();
      ended.push(node);
    };
    const nobody = newNodeId();
    await Promise.all([asking(nobody), asking(b.bus.node)]);
    expect(ended).toEqual([b.bus.node, nobody]);
    b.bus.onRequest("work", async () => "still");
    expect(await a.bus.request(b.bus.node, "work", 1)).toBe("still");
    expect(b.log.lines.length).toBeGreaterThan(0);
  });

  test("say that nothing was said while Redis is away, and tell of its return once", async () => {
    const { bus, line, log } = await join();
    let restored = 0;
    bus.onRestored(() => restored++);
    await redis.crash();
    await until(() => !bus.connected);
    expect(await bus.broadcast("news", 1)).toBe(false);
    expect(await bus.request(newNodeId(), "double", 1)).toBeNull();
    await redis.start();
    await until(() => restored > 0);
    expect(bus.connected).toBe(true);
    expect(restored).toBe(1);
    expect(log.lines).toEqual([
      "Redis is away; this node goes on alone until it is back",
      "Redis is back; nodes hear each other again",
    ]);
    await line.stop();
    await line.stop();
  });
});
