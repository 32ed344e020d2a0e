import type { ChatId } from "@openmates-share/protocol/wire";
import type { Line } from "./line.ts";
import type { Seat } from "./seat.ts";

/** Who of this node's clients is in which chat; a client has one seat in a chat at most. */
export class Seats {
  readonly #byLine = new Map<Line, Map<ChatId, Seat>>();
  readonly #byChat = new Map<ChatId, Set<Seat>>();

  of(line: Line, chat: ChatId): Seat | null {
    return this.#byLine.get(line)?.get(chat) ?? null;
  }

  ofLine(line: Line): readonly Seat[] {
    return [...(this.#byLine.get(line)?.values() ?? [])];
  }

  inChat(chat: ChatId): readonly Seat[] {
    return [...(this.#byChat.get(chat) ?? [])];
  }

  /** How many chats somebody is in. */
  get chatCount(): number {
    return this.#byChat.size;
  }

  chats(): readonly ChatId[] {
    return [...this.#byChat.keys()];
  }

  all(): readonly Seat[] {
    return [...this.#byChat.values()].flatMap((seats) => [...seats]);
  }

  add(seat: Seat): void {
    const ofLine = this.#byLine.get(seat.line) ?? new Map<ChatId, Seat>();
    this.#byLine.set(seat.line, ofLine.set(seat.chat, seat));
    const inChat = this.#byChat.get(seat.chat) ?? new Set<Seat>();
    this.#byChat.set(seat.chat, inChat.add(seat));
  }

  /** False when the seat was given up before. */
  remove(seat: Seat): boolean {
    const ofLine = this.#byLine.get(seat.line);
    if (ofLine?.get(seat.chat) !== seat) return false;
    ofLine.delete(seat.chat);
    if (ofLine.size === 0) this.#byLine.delete(seat.line);
    const inChat = this.#byChat.get(seat.chat);
    inChat?.delete(seat);
    if (inChat?.size === 0) this.#byChat.delete(seat.chat);
    return true;
  }
}
