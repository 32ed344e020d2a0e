import type { FastifyBaseLogger } from "fastify";
import { Redis } from "ioredis";

export type Log = Pick<FastifyBaseLogger, "info" | "warn" | "error">;

/** A frozen Redis must not hold up a request: without an answer in this time the command counts as failed. */
const COMMAND_TIMEOUT_MS = 2000;
const LONGEST_PAUSE_MS = 2000;

/**
 * The two connections of a node to Redis: one for commands, one that listens. Redis may come and go at any time: commands
 * fail at once while it is away, subscriptions come back by themselves, and whoever asked is told of the return.
 */
export class RedisLine {
  readonly commands: Redis;
  readonly subscriber: Redis;
  readonly #log: Log;
  readonly #restored = new Set<() => void>();
  readonly #opening = new Set<() => void>();
  /** Null until the first connection: coming up is no return. */
  #connected: boolean | null = null;
  #stopped = false;

  constructor(options: { url: string; log: Log }) {
    this.#log = options.log;
    const common = { retryStrategy: pauseBefore, connectTimeout: 5000 };
    this.commands = new Redis(options.url, {
      ...common,
      // A queue would grow while Redis is away and then tell everybody old news.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: COMMAND_TIMEOUT_MS,
    });
    // Subscriptions are few, and wait for their connection.
    this.subscriber = new Redis(options.url, { ...common, maxRetriesPerRequest: null });
    for (const connection of [this.commands, this.subscriber]) {
      // Without a listener an error would end the process; the change of state below says what matters.
      connection.on("error", () => {});
      connection.on("ready", () => this.#look());
      connection.on("close", () => this.#look());
    }
  }

  get connected(): boolean {
    return this.#connected === true;
  }

  onRestored(listener: () => void): void {
    this.#restored.add(listener);
  }

  /** Resolves when both connections stand, or after `patienceMs`: a node starts without Redis too. */
  async opened(patienceMs: number): Promise<boolean> {
    if (this.connected) return true;
    return new Promise((resolve) => {
      const settle = () => {
        clearTimeout(timer);
        this.#opening.delete(settle);
        resolve(this.connected);
      };
      const timer = setTimeout(settle, patienceMs);
      this.#opening.add(settle);
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const settle of [...this.#opening]) settle();
    this.commands.disconnect();
    this.subscriber.disconnect();
  }

  async #tellRestored(): Promise<void> {
    try {
      // Answered after the subscriptions that were made anew: from here on nothing is missed.
      await this.subscriber.subscribe("oms:line");
    } catch {
      return;
    }
    this.#log.info("Redis is back; nodes hear each other again");
    for (const listener of this.#restored) listener();
  }

  #look(): void {
    const connected = this.commands.status === "ready" && this.subscriber.status === "ready";
    if (this.#stopped || connected === this.#connected) return;
    const before = this.#connected;
    if (connected) this.#connected = true;
    else if (before) this.#connected = false;
    if (connected) for (const settle of [...this.#opening]) settle();
    if (before === false && connected) void this.#tellRestored();
    if (before && !connected) {
      this.#log.warn("Redis is away; this node goes on alone until it is back");
    }
  }
}

function pauseBefore(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt, 10), LONGEST_PAUSE_MS);
}
