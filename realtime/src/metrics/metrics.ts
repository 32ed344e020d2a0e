import type { AskState, WireErrorCode } from "@openmates-share/protocol/wire";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What is asked when somebody looks, and costs nothing until then. */
export interface Gauges {
  readonly connections: () => number;
  readonly rooms: () => number;
  readonly databasePool: () => { readonly total: number; readonly idle: number; readonly waiting: number };
}

/** Where a refusal was given. */
export type Door = "http" | "socket";

/**
 * What a server counts about itself, in Prometheus's text format. Labels are codes, states and names of limits, all of them
 * written in this source: never an id, an address or anything that somebody sent.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #committed = this.#counter("messages_committed_total", "Messages committed by this process");
  readonly #batch = this.#histogram("commit_batch_messages", "Messages in one commit", {
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
  });
  readonly #commit = this.#histogram("commit_seconds", "Time of one commit", {
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
  });
  readonly #deliveries = this.#counter("deliveries_total", "Packets sent to clients");
  readonly #asks = this.#counter("asks_total", "Answers that have ended, by how", ["outcome"]);
  readonly #refusals = this.#counter("refusals_total", "Requests and events refused, by code", ["door", "code"]);
  readonly #limited = this.#counter("rate_limited_total", "Refusals by a rate limit, by its name", ["limit"]);
  readonly #ended = this.#counter("connections_ended_total", "Connections ended by this server, by cause", ["cause"]);

  /** Begins to count; may be called once. */
  watch({ connections, rooms, databasePool }: Gauges): void {
    this.#gauge("connections", "Socket connections", connections);
    this.#gauge("rooms", "Chats in which somebody is, on this process", rooms);
    this.#gauge("database_pool_connections", "Connections to the database", () => databasePool().total);
    this.#gauge("database_pool_idle", "Of those, idle", () => databasePool().idle);
    this.#gauge("database_pool_waiting", "Queries that wait for a connection", () => databasePool().waiting);
    // Processor, memory, garbage collection, event loop lag.
    collectDefaultMetrics({ register: this.#registry });
  }

  /** One commit: how many messages it carried, how many of them are new, and how long it took. */
  onCommit({ messages, stored, milliseconds }: { messages: number; stored: number; milliseconds: number }): void {
    this.#batch.observe(messages);
    this.#commit.observe(milliseconds / 1000);
    this.#committed.inc(stored);
  }

  onDelivery(): void {
    this.#deliveries.inc();
  }

  onAskEnded(state: Exclude<AskState["state"], "running">): void {
    this.#asks.inc({ outcome: state });
  }

  onRefusal(door: Door, code: WireErrorCode): void {
    this.#refusals.inc({ door, code });
  }

  onRateLimited(limit: string): void {
    this.#limited.inc({ limit });
  }

  onConnectionEnded(cause: "flood" | "slow"): void {
    this.#ended.inc({ cause });
  }

  /** All of it, in Prometheus's text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  #counter<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []): Counter<Label> {
    return new Counter({ name: PREFIX + name, help, labelNames, registers: [this.#registry] });
  }

  #histogram(name: string, help: string, { buckets }: { buckets: number[] }): Histogram {
    return new Histogram({ name: PREFIX + name, help, buckets, registers: [this.#registry] });
  }

  #gauge(name: string, help: string, value: () => number): void {
    const registers = [this.#registry];
    new Gauge({
      name: PREFIX + name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  }
}

const PREFIX = "openmates_share_";
