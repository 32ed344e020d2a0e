import type { PrismaClient } from "@openmates-share/prisma";
import type { ChatId } from "@openmates-share/protocol/wire";
import { sharedPart } from "../chats/shared-part.ts";
import type { Log } from "../cluster/redis-line.ts";
import { WireFailure } from "../http/failure.ts";
import type { Rooms } from "./rooms.ts";
import type { Seats } from "./seats.ts";

/**
 * Tells this node's people in a chat how it stands. It is read anew for that, one reading of a chat at a time: news of two
 * changes may come in either order, and what is said last has to be what is true.
 */
export class Changes {
  readonly #database: PrismaClient;
  readonly #rooms: Rooms;
  readonly #seats: Seats;
  readonly #log: Log;
  /** Chats that are being read, and whether they have changed since. */
  readonly #reading = new Map<ChatId, { again: boolean }>();

  constructor(options: { database: PrismaClient; rooms: Rooms; seats: Seats; log: Log }) {
    this.#database = options.database;
    this.#rooms = options.rooms;
    this.#seats = options.seats;
    this.#log = options.log;
  }

  tell(chat: ChatId): void {
    const reading = this.#reading.get(chat);
    if (reading) reading.again = true;
    else void this.#read(chat);
  }

  async #read(chat: ChatId): Promise<void> {
    const reading = { again: false };
    this.#reading.set(chat, reading);
    try {
      do {
        reading.again = false;
        if (this.#seats.inChat(chat).length === 0) break;
        this.#rooms.changedHere({ chat, ...(await sharedPart(this.#database, chat)) });
      } while (reading.again);
    } catch (error) {
      // Deleted meanwhile: whoever is here hears that by itself.
      if (!(error instanceof WireFailure))
        this.#log.warn({ err: error }, "a chat's people cannot be told what changed");
    } finally {
      this.#reading.delete(chat);
    }
  }
}
