import { MemoryLimiter } from "../limits/memory-limiter.ts";
import type { RateLimit, RateLimiter } from "../limits/rate-limiter.ts";
import type { RedisLine } from "./redis-line.ts";

/**
 * A token bucket as a hash of its level and when that was. Redis' own clock, so that all nodes have one time. The key
 * goes when the bucket would be full again. Answers milliseconds to wait, 0 for none.
 */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local capacity, perMs, cost = tonumber(ARGV[1]), tonumber(ARGV[2]) / 1000, tonumber(ARGV[3])
local kept = redis.call('HMGET', KEYS[1], 'level', 'at')
local level = math.min(capacity, (tonumber(kept[1]) or capacity) + math.max(0, now - (tonumber(kept[2]) or now)) * perMs)
local wait = 0
if level >= cost then level = level - cost else wait = math.ceil((cost - level) / perMs) end
redis.call('HSET', KEYS[1], 'level', tostring(level), 'at', tostring(now))
redis.call('PEXPIRE', KEYS[1], math.ceil((capacity - level) / perMs) + 1000)
return wait`;

/** Token buckets that all nodes share. While Redis is away each node counts for itself: strict enough, and no outage. */
export class RedisLimiter implements RateLimiter {
  readonly #line: RedisLine;
  readonly #alone = new MemoryLimiter();

  constructor(line: RedisLine) {
    this.#line = line;
  }

  async take(request: { limit: RateLimit; source: string; cost?: number }): Promise<number> {
    const { limit, source, cost = 1 } = request;
    try {
      const key = `oms:limit:${limit.name}:${source}`;
      const wait = await this.#line.commands.eval(TAKE, 1, key, limit.capacity, limit.perSecond, cost);
      return Math.ceil(Number(wait) / 1000);
    } catch {
      return this.#alone.take(request);
    }
  }

  async stop(): Promise<void> {
    await this.#alone.stop();
  }
}
