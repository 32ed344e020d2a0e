import { newId } from "@openmates-share/protocol/wire";
import { startRedis, type TestRedis } from "@openmates-share/testing/redis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KeptLog } from "../../tests/kept-log.ts";
import { until } from "../../tests/until.ts";
import { RedisLimiter } from "../cluster/redis-limiter.ts";
import { RedisLine } from "../cluster/redis-line.ts";
import { MemoryLimiter } from "./memory-limiter.ts";
import type { RateLimit, RateLimiter } from "./rate-limiter.ts";

let redis: TestRedis;
let line: RedisLine;
beforeAll(async () => {
  redis = await startRedis();
  line = new RedisLine({ url: redis.url, log: new KeptLog() });
  await line.opened(5000);
});
afterAll(async () => {
  await line.stop();
  await redis.stop();
});

/** Slow enough that nothing comes back while a test looks. */
const slow: RateLimit = { name: "slow", capacity: 3, perSecond: 1 / 60 };
const fast: RateLimit = { name: "fast", capacity: 2, perSecond: 50 };

const implementations: readonly [string, () => RateLimiter][] = [
  ["in memory", () => new MemoryLimiter()],
  ["in Redis", () => new RedisLimiter(line)],
];

describe.each(implementations)("a rate limiter %s", (_, create) => {
  test("gives as much as the bucket holds, then says how long to wait", async () => {
    const [limiter, source] = [create(), newId()];
    for (let i = 0; i < slow.capacity; i++) expect(await limiter.take({ limit: slow, source })).toBe(0);
    const wait = await limiter.take({ limit: slow, source });
    expect(wait).toBeGreaterThan(55);
    expect(wait).toBeLessThanOrEqual(60);
  });

  test("takes nothing when there is not enough", async () => {
    const [limiter, source] = [create(), newId()];
    expect(await limiter.take({ limit: slow, source, cost: 2 })).toBe(0);
    expect(await limiter.take({ limit: slow, source, cost: 2 })).toBeGreaterThan(0);
    expect(await limiter.take({ limit: slow, source })).toBe(0);
  });

  test("fills up again", async () => {
    const [limiter, source] = [create(), newId()];
    await limiter.take({ limit: fast, source, cost: 2 });
    // Not always the next one: a slow machine takes as long to ask as it takes to be allowed.
    await until(async () => (await limiter.take({ limit: fast, source, cost: 2 })) === 1);
    await until(async () => (await limiter.take({ limit: fast, source })) === 0);
  });

  test("keeps sources and limits apart", async () => {
    const [limiter, source] = [create(), newId()];
    await limiter.take({ limit: slow, source, cost: slow.capacity });
    expect(await limiter.take({ limit: slow, source: newId() })).toBe(0);
    expect(await limiter.take({ limit: { ...slow, name: "other" }, source })).toBe(0);
  });

  test("does not give more to many at once", async () => {
    const [limiter, source] = [create(), newId()];
    const waits = await Promise.all(Array.from({ length: 10 }, () => limiter.take({ limit: slow, source })));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(slow.capacity);
  });
});

describe("a limiter that nodes share", () => {
  test("counts for all of them together", async () => {
    const [a, b, source] = [new RedisLimiter(line), new RedisLimiter(line), newId()];
    await a.take({ limit: slow, source, cost: slow.capacity });
    expect(await b.take({ limit: slow, source })).toBeGreaterThan(0);
  });

  test("limits on its own while Redis is away", async () => {
    const own = await startRedis();
    const broken = new RedisLine({ url: own.url, log: new KeptLog() });
    await broken.opened(5000);
    await own.stop();
    const [limiter, source] = [new RedisLimiter(broken), newId()];
    for (let i = 0; i < slow.capacity; i++) expect(await limiter.take({ limit: slow, source })).toBe(0);
    expect(await limiter.take({ limit: slow, source })).toBeGreaterThan(0);
    await broken.stop();
  });
});
