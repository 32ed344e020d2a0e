import type { PrismaClient } from "@openmates-share/prisma";
import { Sweep } from "../chats/sweep.ts";
import type { Log } from "../cluster/redis-line.ts";

/** Whoever has not finished an upload after a day has closed the page over it. Milliseconds. */
const PATIENCE = 24 * 60 * 60 * 1000;
/** At a time, so that a sweep holds no locks for long. */
const BATCH = 50;

/** Erases uploads that broke off: nobody can open them. */
export class AbandonedEmbeds {
  readonly #database: PrismaClient;
  readonly #now: () => number;
  readonly #rounds: Sweep;

  constructor(options: { database: PrismaClient; log: Log; now?: () => number }) {
    this.#database = options.database;
    this.#now = options.now ?? Date.now;
    this.#rounds = new Sweep({
      work: () => this.sweep(),
      complaint: "abandoned uploads cannot be erased",
      log: options.log,
    });
  }

  /** Erases what is due; resolves with how many uploads that were. */
  async sweep(): Promise<number> {
    const due = { completedAt: null, createdAt: { lt: new Date(this.#now() - PATIENCE) } };
    const found = await this.#database.embed.findMany({ where: due, select: { id: true }, take: BATCH });
    if (found.length === 0) return 0;
    // Only if nobody completed them meanwhile.
    const { count } = await this.#database.embed.deleteMany({
      where: { ...due, id: { in: found.map(({ id }) => id) } },
    });
    return count + (found.length === BATCH ? await this.sweep() : 0);
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }
}
