import type { RateLimit } from "./rate-limiter.ts";

/** What is left of one limit for one source. */
export class TokenBucket {
  readonly #limit: Pick<RateLimit, "capacity" | "perSecond">;
  #level: number;
  #at: number;

  /** @param now milliseconds */
  constructor(limit: Pick<RateLimit, "capacity" | "perSecond">, now: number) {
    this.#limit = limit;
    this.#level = limit.capacity;
    this.#at = now;
  }

  /** 0 when there was enough; otherwise nothing is taken, and it is how many seconds (at least 1) to wait. */
  take(cost: number, now: number): number {
    const wait = this.wait(cost, now);
    if (wait === 0) this.#level -= cost;
    return wait;
  }

  /** The same answer, and nothing is taken. */
  wait(cost: number, now: number): number {
    const { capacity, perSecond } = this.#limit;
    this.#level = Math.min(capacity, this.#level + ((now - this.#at) / 1000) * perSecond);
    this.#at = now;
    return this.#level >= cost ? 0 : Math.max(1, Math.ceil((cost - this.#level) / perSecond));
  }
}
