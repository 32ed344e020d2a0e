import type { RateLimiter } from "../limits/rate-limiter.ts";
import type { Metrics } from "./metrics.ts";

/** The same limiter, whose refusals are counted by the name of the limit. */
export function countingLimiter(limiter: RateLimiter, metrics: Metrics): RateLimiter {
  return {
    async take(request) {
      const wait = await limiter.take(request);
      if (wait > 0) metrics.onRateLimited(request.limit.name);
      return wait;
    },
    stop: () => limiter.stop(),
  };
}
