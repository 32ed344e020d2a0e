import { WireFailure } from "../http/failure.ts";
import type { RateLimit, RateLimiter } from "./rate-limiter.ts";

/** What one source may do. Generous, since a school or an office is one source; they stop floods, not people. */
export const RATE_LIMITS = {
  guests: { name: "guests", capacity: 300, perSecond: 1 },
  chats: { name: "chats", capacity: 300, perSecond: 1 },
  /** Files announced: an import of a long chat brings hundreds. */
  embeds: { name: "embeds", capacity: 5_000, perSecond: 5 },
  /** Chats asked for in vain: somebody who guesses. */
  misses: { name: "misses", capacity: 300, perSecond: 2 },
  views: { name: "views", capacity: 300, perSecond: 2 },
  /** Codes that one source has sent: an office signs in on a Monday. */
  codesFromSource: { name: "codes-from", capacity: 60, perSecond: 1 / 30 },
  /**
   * Codes to one address, whoever asks: nobody's mailbox is flooded, and at 53 codes of five tries in a day somebody who
   * guesses gets in once in ten years.
   */
  codesToAddress: { name: "codes-to", capacity: 5, perSecond: 1 / 1800 },
  /** Codes tried from one source. */
  codeTries: { name: "code-tries", capacity: 100, perSecond: 1 / 10 },
  google: { name: "google", capacity: 100, perSecond: 1 / 5 },
  /** Links mailed by one account: a class is invited at once, a flood is not. */
  invitationsFrom: { name: "invitations-from", capacity: 60, perSecond: 1 / 120 },
  /** And to one address, whoever sends them. */
  invitationsTo: { name: "invitations-to", capacity: 5, perSecond: 1 / 1800 },
  /** A device writes its keyring when its keys change; each may be a megabyte. */
  keyrings: { name: "keyrings", capacity: 60, perSecond: 1 / 5 },
} as const satisfies Record<string, RateLimit>;

/** @throws WireFailure `rate_limited` */
export async function takeOrRefuse(
  limiter: RateLimiter,
  request: { limit: RateLimit; source: string; cost?: number },
): Promise<void> {
  const wait = await limiter.take(request);
  if (wait > 0) {
    throw new WireFailure("rate_limited", "Too many requests. Please wait a moment and try again.", {
      retryAfter: wait,
    });
  }
}
