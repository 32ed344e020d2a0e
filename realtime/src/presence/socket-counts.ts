import type { ChatId, SenderId } from "@openmates-share/protocol/wire";
import type { Whereabouts } from "./presence.ts";

/** Sockets of this node, counted per chat and sender. */
export class SocketCounts {
  readonly #chats = new Map<ChatId, Map<SenderId, number>>();

  /** True for the first socket of that sender in that chat. */
  add({ chat, sender }: Whereabouts): boolean {
    const senders = this.#chats.get(chat) ?? new Map<SenderId, number>();
    this.#chats.set(chat, senders);
    const before = senders.get(sender) ?? 0;
    senders.set(sender, before + 1);
    return before === 0;
  }

  /** True for the last socket of that sender in that chat. */
  remove({ chat, sender }: Whereabouts): boolean {
    const senders = this.#chats.get(chat);
    const before = senders?.get(sender);
    if (!senders || before === undefined) return false;
    if (before > 1) {
      senders.set(sender, before - 1);
      return false;
    }
    senders.delete(sender);
    if (senders.size === 0) this.#chats.delete(chat);
    return true;
  }

  /** At most `limit` senders of one chat. */
  senders(chat: ChatId, limit: number): SenderId[] {
    const found: SenderId[] = [];
    for (const sender of this.#chats.get(chat)?.keys() ?? []) {
      if (found.length >= limit) break;
      found.push(sender);
    }
    return found;
  }

  *all(): Generator<Whereabouts> {
    for (const [chat, senders] of this.#chats) for (const sender of senders.keys()) yield { chat, sender };
  }
}
