import type { RateLimit } from "../limits/rate-limiter.ts";
import type { ClientEvent } from "./line.ts";

/** How often one account (or the address of readers without one) may do what: far above what people do by hand. */
export const SOCKET_LIMITS: Readonly<Record<ClientEvent, RateLimit>> = {
  // A client that comes back joins all its chats at once; an address may be a whole office.
  join: { name: "socket-join", capacity: 200, perSecond: 20 },
  leave: { name: "socket-leave", capacity: 200, perSecond: 20 },
  // A bot mirrors a busy thread, or a client sends what it wrote offline.
  send: { name: "socket-send", capacity: 200, perSecond: 50 },
  // Pages of 200 messages: 10,000 at once, and then 4,000 a second.
  history: { name: "socket-history", capacity: 100, perSecond: 20 },
  typing: { name: "socket-typing", capacity: 30, perSecond: 5 },
  // Who scrolls through what came meanwhile says so as often as that.
  read: { name: "socket-read", capacity: 60, perSecond: 5 },
  ask: { name: "socket-ask", capacity: 20, perSecond: 1 },
  // A member's own model: twenty packets a second look like writing, and two may write at once.
  answer: { name: "socket-answer", capacity: 20, perSecond: 1 },
  relay: { name: "socket-relay", capacity: 200, perSecond: 50 },
  settle: { name: "socket-settle", capacity: 20, perSecond: 1 },
  stop: { name: "socket-stop", capacity: 20, perSecond: 2 },
};

/** Chats that one connection may be in at once. */
export const SEATS_PER_LINE = 200;

/**
 * Connections that one address begins, each of which looks for a session in the database: a large office that comes back
 * after a restart is let in within seconds, for clients try again by themselves.
 */
export const CONNECT_LIMIT: RateLimit = { name: "socket-connect", capacity: 1_000, perSecond: 100 };

/** Bytes of messages that one account sends: sixty of the largest at once, and two in a second. */
export const SEND_BYTES_LIMIT: RateLimit = { name: "socket-send-bytes", capacity: 60 << 20, perSecond: 2 << 20 };

/**
 * What all members of a chat write together on this node, in units of four kilobytes, an amendment counting tenfold: fifty
 * thousand messages, five thousand reactions, or two hundred megabytes at once, which is more than a room of a thousand
 * people needs on its liveliest day; and then 1.7 GB a day, so that a chat under attack is one that its owner can still save.
 */
export const MEMBERS_LIMIT = { capacity: 50_000, perSecond: 5 } as const;
