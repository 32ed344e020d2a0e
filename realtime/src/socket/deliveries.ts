import type { PrismaClient } from "@openmates-share/prisma";
import { type ChatId, idBytes, idFromBytes } from "@openmates-share/protocol/wire";
import type { Bus } from "../cluster/bus.ts";
import type { Log } from "../cluster/redis-line.ts";
import type { CommittedBatch, Committer } from "../messages/committer.ts";
import type { MessageStore } from "../messages/message-store.ts";
import type { Changes } from "./changes.ts";
import type { Rooms } from "./rooms.ts";
import type { Seats } from "./seats.ts";

/** Chats looked up at once. */
const CHATS_AT_ONCE = 500;
/** What got lost without anybody's noticing is found after this time at most. */
const LOOK_ROUND_MS = 30_000;

interface Told {
  readonly lastSeq: number;
  readonly sharedThrough: number;
  readonly closed: boolean;
}

/**
 * Brings what was committed to the rooms. While Redis is away the other nodes do not hear of it; afterwards every room
 * gets the newest message of its chat, by whose number clients see that something is missing, and fetch it. And a node
 * may end between committing and telling, or a line be dead that seems to stand: so chats that have grown are told of
 * their newest message now and then, whether it was heard or not.
 */
export class Deliveries {
  readonly #rooms: Rooms;
  readonly #changes: Changes;
  readonly #seats: Seats;
  readonly #messages: MessageStore;
  readonly #database: PrismaClient;
  readonly #bus: Bus;
  readonly #log: Log;
  readonly #unsubscribe: () => void;
  /** Chats of which the other nodes missed something. */
  readonly #missed = new Set<ChatId>();
  readonly #timer: NodeJS.Timeout | null;
  /** How this node's chats stood when they were looked at last. */
  #told: ReadonlyMap<ChatId, Told> = new Map();
  /** One look at a time: two at once would tell the same twice, and pile up where the database is slow. */
  #looking: Promise<void> = Promise.resolve();
  #looks = 0;

  constructor(options: {
    committer: Committer;
    rooms: Rooms;
    changes: Changes;
    seats: Seats;
    messages: MessageStore;
    database: PrismaClient;
    bus: Bus;
    log: Log;
    /** Nobody else can commit: nothing gets lost. */
    alone: boolean;
    lookRoundMs?: number | undefined;
  }) {
    this.#rooms = options.rooms;
    this.#changes = options.changes;
    this.#seats = options.seats;
    this.#messages = options.messages;
    this.#database = options.database;
    this.#bus = options.bus;
    this.#log = options.log;
    this.#unsubscribe = options.committer.onCommitted((batches) => this.#deliver(batches));
    this.#bus.onRestored(() => void this.#heal());
    const { alone, lookRoundMs = LOOK_ROUND_MS } = options;
    this.#timer = alone ? null : setInterval(() => void this.#lookRound(), lookRoundMs);
    this.#timer?.unref();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#unsubscribe();
  }

  #deliver(batches: readonly CommittedBatch[]): void {
    for (const batch of batches) {
      this.#rooms.messages(batch);
      if (!this.#bus.connected) this.#missed.add(batch.chat);
    }
  }

  async #heal(): Promise<void> {
    const missed = [...this.#missed];
    this.#missed.clear();
    try {
      for (const chat of missed) {
        const batch = await this.#newest(chat);
        if (batch) this.#rooms.messages(batch);
      }
      await this.#inTurn(() => {
        this.#told = new Map();
        return this.#catchUp();
      });
    } catch (error) {
      this.#log.warn({ err: error }, "rooms cannot be told what they missed while Redis was away");
    }
  }

  async #lookRound(): Promise<void> {
    if (this.#looks > 0) return;
    try {
      await this.#inTurn(() => this.#catchUp());
    } catch (error) {
      this.#log.warn({ err: error }, "it cannot be seen whether rooms have missed something");
    }
  }

  async #inTurn(look: () => Promise<void>): Promise<void> {
    this.#looks++;
    const done = this.#looking.then(look);
    this.#looking = done.catch(() => undefined);
    try {
      await done;
    } finally {
      this.#looks--;
    }
  }

  /** Tells this node's rooms how their chats stand, as far as that has changed since they were looked at last. */
  async #catchUp(): Promise<void> {
    const chats = this.#seats.chats();
    const before = this.#told;
    const told = new Map<ChatId, Told>();
    for (let at = 0; at < chats.length; at += CHATS_AT_ONCE) {
      const rows = await this.#database.chat.findMany({
        where: { id: { in: chats.slice(at, at + CHATS_AT_ONCE).map(idBytes) } },
        select: { id: true, lastSeq: true, sharedThrough: true, closed: true },
      });
      for (const { id, lastSeq, sharedThrough, closed } of rows) {
        const chat = idFromBytes<ChatId>(id);
        const known = before.get(chat);
        if (sharedThrough !== known?.sharedThrough || closed !== known.closed) {
          this.#changes.tell(chat);
        }
        const batch = lastSeq === known?.lastSeq ? null : await this.#at(chat, lastSeq);
        if (batch) this.#rooms.messagesHere(batch);
        told.set(chat, { lastSeq, sharedThrough, closed });
      }
    }
    this.#told = told;
  }

  async #newest(chat: ChatId): Promise<CommittedBatch | null> {
    const row = await this.#database.chat.findUnique({ where: { id: idBytes(chat) }, select: { lastSeq: true } });
    return row ? this.#at(chat, row.lastSeq) : null;
  }

  /** The message with this number; null for 0, which is before the first one. */
  async #at(chat: ChatId, seq: number): Promise<CommittedBatch | null> {
    if (seq === 0) return null;
    const { messages } = await this.#messages.page({ chat, after: seq - 1, through: seq });
    return { chat, messages };
  }
}
