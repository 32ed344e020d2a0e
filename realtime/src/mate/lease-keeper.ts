import type { StreamId } from "@openmates-share/protocol/wire";
import type { Log } from "../cluster/redis-line.ts";
import type { AskNews } from "./ask-news.ts";
import type { AskStore } from "./ask-store.ts";

/** A node that is silent for so long is dead, and its asks can be tried again. */
export const LEASE_MS = 15_000;
const RENEW_EVERY_MS = 4000;

/** Renews the leases of this node's asks, and gives up those of nodes that ended without a word. */
export class LeaseKeeper {
  readonly #asks: AskStore;
  readonly #news: AskNews;
  readonly #log: Log;
  readonly #held: () => readonly StreamId[];
  readonly #lose: (stream: StreamId) => void;
  readonly #timer: NodeJS.Timeout;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: {
    asks: AskStore;
    news: AskNews;
    log: Log;
    /** Streams that this node is writing. */
    held: () => readonly StreamId[];
    /** Another node took this one for dead and gave the stream up. */
    lose: (stream: StreamId) => void;
  }) {
    this.#asks = options.asks;
    this.#news = options.news;
    this.#log = options.log;
    this.#held = options.held;
    this.#lose = options.lose;
    this.#timer = setInterval(() => {
      // Rounds never overlap, however slow the database is.
      this.#turn = this.#turn.then(() => this.#round());
    }, RENEW_EVERY_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#turn;
  }

  async #round(): Promise<void> {
    try {
      // Seen before the query: a stream that begins meanwhile is not in its result either.
      const held = this.#held();
      const renewed = held.length > 0 ? await this.#asks.renew() : new Set<StreamId>();
      for (const stream of held) if (!renewed.has(stream)) this.#lose(stream);
      for (const { node: _, ...status } of await this.#asks.giveUp({ all: false })) {
        this.#news.status(status);
      }
    } catch (error) {
      this.#log.warn({ err: error }, "leases of running answers cannot be renewed");
    }
  }
}
