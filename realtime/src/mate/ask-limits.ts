import { type ContextEntry, LIMITS } from "@openmates-share/protocol/wire";
import { WireFailure } from "../http/failure.ts";
import type { RateLimit, RateLimiter } from "../limits/rate-limiter.ts";

/** A person who asks faster than this is a program. */
const PER_ACCOUNT: RateLimit = { name: "ask-account", capacity: 10, perSecond: 10 / 60 };
/** A lively room of several people. */
const PER_CHAT: RateLimit = { name: "ask-chat", capacity: 20, perSecond: 20 / 60 };

/** @throws WireFailure `rate_limited` */
export async function takeAsk(limiter: RateLimiter, asker: { chat: string; account: string }): Promise<void> {
  const wait = Math.max(
    await limiter.take({ limit: PER_ACCOUNT, source: asker.account }),
    await limiter.take({ limit: PER_CHAT, source: asker.chat }),
  );
  if (wait === 0) return;
  throw new WireFailure("rate_limited", `Too many questions in a short time. Please try again in ${wait} seconds.`, {
    retryAfter: wait,
  });
}

/** @throws WireFailure `too_large` */
export function requireContextFits(context: readonly ContextEntry[]): void {
  const bytes = context.reduce((sum, { name, text }) => sum + Buffer.byteLength(name) + Buffer.byteLength(text), 0);
  if (bytes <= LIMITS.contextBytes) return;
  throw new WireFailure("too_large", `A question may come with ${LIMITS.contextBytes} bytes of conversation at most.`);
}
