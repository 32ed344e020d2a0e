import type { PrismaClient } from "@openmates-share/prisma";
import type { ChatId, MessageId, MessagePage, SenderId } from "@openmates-share/protocol/wire";

export declare class MessageStore {
  constructor(options: { database: PrismaClient });
  /**
   * The messages after number `after`, up to `through`, oldest first, bounded by LIMITS.pageMessages and pageBytes (one
   * message always fits). When `after` is beyond `through`, the page is empty and its `before` is the place at `through`.
   */
  page(request: { chat: ChatId; after: number; through: number; limit?: number }): Promise<MessagePage>;
  /** Where a message stands and who wrote it; null when the chat has none of that id. */
  find(request: { chat: ChatId; message: MessageId }): Promise<{ seq: number; sender: SenderId } | null>;
}
