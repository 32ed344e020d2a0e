import type { PrismaClient } from "@openmates-share/prisma";
import { type ChatId, idBytes, idFromBytes, ownBytes } from "@openmates-share/protocol/wire";
import type { Bus } from "../cluster/bus.ts";
import type { Log } from "../cluster/redis-line.ts";
import type { CommittedBatch, Committer } from "../messages/committer.ts";
import type { MessageStore } from "../messages/message-store.ts";
import type { Rooms } from "./rooms.ts";
import type { Seats } from "./seats.ts";

/** Chats looked up at once after Redis was away. */
const CHATS_AT_ONCE = 500;

/**
 * Brings what was committed to the rooms. While Redis is away the other nodes do not hear of it; afterwards every room
 * gets the newest message of its chat, by whose number clients see that something is missing, and fetch it.
 */
export class Deliveries {
  readonly #rooms: Rooms;
  readonly #seats: Seats;
  readonly #messages: MessageStore;
  readonly #database: PrismaClient;
  readonly #bus: Bus;
  readonly #log: Log;
  readonly #unsubscribe: () => void;
  /** Chats of which the other nodes missed something. */
  readonly #missed = new Set<ChatId>();

  constructor(options: {
    committer: Committer;
    rooms: Rooms;
    seats: Seats;
    messages: MessageStore;
    database: PrismaClient;
    bus: Bus;
    log: Log;
  }) {
    this.#rooms = options.rooms;
    this.#seats = options.seats;
    this.#messages = options.messages;
    this.#database = options.database;
    this.#bus = options.bus;
    this.#log = options.log;
    this.#unsubscribe = options.committer.onCommitted((batches) => this.#deliver(batches));
    this.#bus.onRestored(() => void this.#heal());
  }

  stop(): void {
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
      const chats = this.#seats.chats();
      for (let at = 0; at < chats.length; at += CHATS_AT_ONCE) {
        await this.#catchUp(chats.slice(at, at + CHATS_AT_ONCE));
      }
    } catch (error) {
      this.#log.warn({ err: error }, "rooms cannot be told what they missed while Redis was away");
    }
  }

  async #catchUp(chats: readonly ChatId[]): Promise<void> {
    const rows = await this.#database.chat.findMany({
      where: { id: { in: chats.map(idBytes) } },
      select: { id: true, sharedThrough: true, seal: true },
    });
    for (const { id, sharedThrough, seal } of rows) {
      const chat = idFromBytes<ChatId>(id);
      this.#rooms.changedHere({ chat, sharedThrough, seal: seal && ownBytes(seal) });
      const batch = await this.#newest(chat);
      if (batch) this.#rooms.messagesHere(batch);
    }
  }

  async #newest(chat: ChatId): Promise<CommittedBatch | null> {
    const row = await this.#database.chat.findUnique({ where: { id: idBytes(chat) }, select: { lastSeq: true } });
    if (!row || row.lastSeq === 0) return null;
    const { messages } = await this.#messages.page({ chat, after: row.lastSeq - 1, through: row.lastSeq });
    return { chat, messages };
  }
}
