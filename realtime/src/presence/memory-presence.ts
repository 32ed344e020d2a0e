import type { ChatId, SenderId } from "@openmates-share/protocol/wire";
import { PRESENT_AT_MOST, type Presence, type Whereabouts } from "./presence.ts";
import { SocketCounts } from "./socket-counts.ts";

/** Presence of a single process. */
export class MemoryPresence implements Presence {
  readonly #counts = new SocketCounts();

  async enter(place: Whereabouts): Promise<boolean> {
    return this.#counts.add(place);
  }

  async leave(place: Whereabouts): Promise<boolean> {
    return this.#counts.remove(place);
  }

  async present(chat: ChatId): Promise<readonly SenderId[]> {
    return this.#counts.senders(chat, PRESENT_AT_MOST);
  }

  /** There is no other node that could end. */
  onChange(): void {}

  async stop(): Promise<void> {}
}
