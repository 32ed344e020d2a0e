import { expect, test } from "vitest";
import { MemoryLimiter } from "./memory-limiter.ts";

const limit = { name: "test", capacity: 3, perSecond: 0.5 };

test("gives what the bucket holds, then says how long to wait, and fills up again", async () => {
  let now = 0;
  const limiter = new MemoryLimiter({ now: () => now });
  const take = (source = "a", cost = 1) => limiter.take({ limit, source, cost });
  expect([await take(), await take(), await take()]).toEqual([0, 0, 0]);
  expect(await take()).toBe(2);
  expect(await take("b", 3)).toBe(0);
  now = 1000;
  expect(await take()).toBe(1);
  now = 2000;
  expect(await take()).toBe(0);
  now = 1_000_000;
  expect(await take("a", 4)).toBe(2);
  expect(await take("a", 3)).toBe(0);
});

test("keeps limits of different names apart", async () => {
  const limiter = new MemoryLimiter({ now: () => 0 });
  await limiter.take({ limit, source: "a", cost: 3 });
  expect(await limiter.take({ limit: { ...limit, name: "other" }, source: "a" })).toBe(0);
});
