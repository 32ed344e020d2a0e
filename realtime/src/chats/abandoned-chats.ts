import type { PrismaClient } from "@openmates-share/prisma";
import type { Log } from "../cluster/redis-line.ts";
import { Sweep } from "./sweep.ts";

/** Whoever has not finished sharing after a day has closed the page over it. Milliseconds. */
const PATIENCE = 24 * 60 * 60 * 1000;
/** At a time, so that a sweep holds no locks for long. */
const BATCH = 100;

/**
 * Erases chats whose sharing broke off: they were never sealed and have no link, so nobody but the owner's browser ever
 * knew them, and half a chat is of no use to it either.
 */
export class AbandonedChats {
  readonly #database: PrismaClient;
  readonly #now: () => number;
  readonly #rounds: Sweep;

  constructor(options: { database: PrismaClient; log: Log; now?: () => number }) {
    this.#database = options.database;
    this.#now = options.now ?? Date.now;
    this.#rounds = new Sweep({
      work: () => this.sweep(),
      complaint: "abandoned chats cannot be erased",
      log: options.log,
    });
  }

  /** Erases what is due; resolves with how many chats that were. */
  async sweep(): Promise<number> {
    const due = { seal: null, links: { none: {} }, createdAt: { lt: new Date(this.#now() - PATIENCE) } };
    const found = await this.#database.chat.findMany({ where: due, select: { id: true }, take: BATCH });
    const ids = found.map(({ id }) => id);
    if (ids.length === 0) return 0;
    // The chats first, as when they are deleted by hand; and only if nobody sealed them meanwhile.
    const [{ count }] = await this.#database.$transaction([
      this.#database.chat.deleteMany({ where: { ...due, id: { in: ids } } }),
      this.#database.$executeRaw`
        delete from messages where chat_id = any(${ids}) and not exists (select from chats where id = messages.chat_id)`,
    ]);
    return count + (ids.length === BATCH ? await this.sweep() : 0);
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }
}
