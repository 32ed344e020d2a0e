import type { RateLimit, RateLimiter } from "./rate-limiter.ts";
import { TokenBucket } from "./token-bucket.ts";

/** More sources than this at once are an attack, or need Redis; the ones not seen for longest are forgotten. */
const BUCKETS = 50_000;

/** Token buckets of one process. */
export class MemoryLimiter implements RateLimiter {
  readonly #now: () => number;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(options: { now?: () => number } = {}) {
    this.#now = options.now ?? Date.now;
  }

  async take({ limit, source, cost = 1 }: { limit: RateLimit; source: string; cost?: number }): Promise<number> {
    const now = this.#now();
    const name = `${limit.name} ${source}`;
    const bucket = this.#buckets.get(name) ?? new TokenBucket(limit, now);
    // Deleting first moves the bucket to the end of the map's order, away from being forgotten.
    this.#buckets.delete(name);
    this.#buckets.set(name, bucket);
    this.#forgetOldest();
    return bucket.take(cost, now);
  }

  async stop(): Promise<void> {
    this.#buckets.clear();
  }

  #forgetOldest(): void {
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size <= BUCKETS) return;
      this.#buckets.delete(oldest);
    }
  }
}
