import type { ChatId } from "@openmates-share/protocol/wire";
import type { Line } from "./line.ts";

/**
 * Has a client come and go one after the other in each chat, as it asked for it: who left while still coming in is not in,
 * and of two comings at once neither finds the other's seat in its place.
 */
export class Turns {
  readonly #last = new WeakMap<Line, Map<ChatId, Promise<unknown>>>();

  /** Does the work when all that came before is done, however that went. */
  take<T>({ line, chat }: { line: Line; chat: ChatId }, work: () => Promise<T>): Promise<T> {
    const ofLine = this.#last.get(line) ?? new Map<ChatId, Promise<unknown>>();
    this.#last.set(line, ofLine);
    const before = ofLine.get(chat);
    const mine = before ? before.then(work, work) : work();
    ofLine.set(chat, mine);
    const forget = () => {
      if (ofLine.get(chat) === mine) ofLine.delete(chat);
    };
    mine.then(forget, forget);
    return mine;
  }
}
