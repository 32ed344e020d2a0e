import type { PrismaClient } from "@openmates-share/prisma";
import type { ChatId, Joined, MessagePage } from "@openmates-share/protocol/wire";
import { sharedPart } from "../chats/shared-part.ts";
import { NextRead } from "../database/next-read.ts";
import type { Mate } from "../mate/index.ts";
import type { MessageStore } from "../messages/message-store.ts";

type SharedPart = Awaited<ReturnType<typeof sharedPart>>;

/** What all who come into a chat are told alike, read for many of them at once. */
export class Arrivals {
  readonly #database: PrismaClient;
  readonly #messages: MessageStore;
  readonly #mate: Mate;
  readonly #pages = new NextRead<MessagePage>();
  readonly #shared = new NextRead<SharedPart>();
  readonly #asks = new NextRead<Joined["asks"]>();

  constructor(options: { database: PrismaClient; messages: MessageStore; mate: Mate }) {
    this.#database = options.database;
    this.#messages = options.messages;
    this.#mate = options.mate;
  }

  page(place: { chat: ChatId; after: number; through: number; limit: number }): Promise<MessagePage> {
    const { chat, after, through, limit } = place;
    return this.#pages.get(`${chat} ${after} ${through} ${limit}`, () => this.#messages.page(place));
  }

  /** @throws WireFailure `not_found` for a chat that was deleted since the gate was asked */
  shared(chat: ChatId): Promise<SharedPart> {
    return this.#shared.get(chat, () => sharedPart(this.#database, chat));
  }

  asks(chat: ChatId): Promise<Joined["asks"]> {
    return this.#asks.get(chat, () => this.#mate.openIn(chat));
  }
}
