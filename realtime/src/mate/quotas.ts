import type { AskQuota } from "@openmates-share/protocol/wire";
import { WireFailure } from "../http/failure.ts";

/** What may be asked; null is without limit. */
export interface Allowance {
  /** Questions on a day (UTC). */
  readonly asks: number | null;
  /** Tokens on a day, of what is given and what is answered, by the estimate of `tokens.ts`. */
  readonly tokens: number | null;
  /** Answers that are written at the same time. */
  readonly atOnce: number | null;
}

/** Who pays: whoever asks (or tries again), the chat it is asked in, and the server as a whole. */
export interface Quotas {
  readonly person: Allowance;
  readonly chat: Allowance;
  readonly server: Allowance;
}

/** In the order in which the database counts. */
export const SCOPES = ["person", "chat", "server"] as const;
export type Scope = (typeof SCOPES)[number];

/**
 * A day's work of somebody who asks a lot; a lively room; and what a provider's bill of a small server may be. At once: what
 * one person can read, what a room can follow, and what a process streams without anybody noticing.
 */
export const DEFAULT_QUOTAS: Quotas = {
  person: { asks: 100, tokens: 2_000_000, atOnce: 2 },
  chat: { asks: 300, tokens: 5_000_000, atOnce: 4 },
  server: { asks: 5_000, tokens: 50_000_000, atOnce: 50 },
};

/** The demo costs nothing. */
export const DEMO_QUOTAS: Quotas = {
  person: { ...DEFAULT_QUOTAS.person, asks: null, tokens: null },
  chat: { ...DEFAULT_QUOTAS.chat, asks: null, tokens: null },
  server: { ...DEFAULT_QUOTAS.server, asks: null, tokens: null },
};

/** Seconds: an answer takes about ten. */
const BUSY_FOR = 5;

/** @param opensIn seconds until the next day */
export function usedUp(scope: Scope, opensIn: number): WireFailure {
  const whose = {
    person: "You have used up today’s questions",
    chat: "Today’s questions of this chat are used up",
    server: "Today’s questions of this server are used up",
  }[scope];
  return new WireFailure("quota_used", `${whose}. You can ask again in ${timeOf(opensIn)}.`, { retryAfter: opensIn });
}

export function busy(scope: Scope): WireFailure {
  const where = { person: "for you", chat: "in this chat", server: "on this server" }[scope];
  return new WireFailure("mate_busy", `Other answers are still being written ${where}. Please try again in a moment.`, {
    retryAfter: BUSY_FOR,
  });
}

/** How much is left, where the least is; null where nothing is counted. `asked` in the order of `SCOPES`. */
export function leastLeft(quotas: Quotas, asked: readonly number[], now = Date.now()): AskQuota | null {
  const left = SCOPES.flatMap((of, index) => {
    const most = quotas[of].asks;
    return most === null ? [] : [{ of, left: Math.max(0, most - (asked[index] ?? 0)), most }];
  });
  const least = left.sort((a, b) => a.left - b.left)[0];
  return least ? { ...least, opensIn: Math.ceil((DAY_MS - (now % DAY_MS)) / 1000) } : null;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Seconds as people say them. */
export function timeOf(seconds: number): string {
  if (seconds < 90) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 90) return `${minutes} minutes`;
  return `${Math.ceil(minutes / 60)} hours`;
}
