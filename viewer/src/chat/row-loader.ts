import type { Room } from "@openmates-share/client";

/** Messages that are brought beyond those that are needed, so that scrolling finds them there. */
const AHEAD = 60;
/** So near the edge of what is here, more is brought. */
const EDGE = 20;
/** Pause before messages that did not come are asked for again. Milliseconds. */
const RETRY_PAUSE = 2_000;

interface Needed {
  readonly from: number;
  readonly to: number;
}

/** Brings the messages that are on the screen: one request at a time, and of what scrolled by meanwhile none. */
export class RowLoader {
  readonly #room: Pick<Room, "load" | "state">;
  #needed: Needed | null = null;
  #busy = false;
  #stopped = false;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(room: Pick<Room, "load" | "state">) {
    this.#room = room;
  }

  /** Sequence numbers, inclusive. */
  need(from: number, to: number): void {
    this.#needed = { from, to };
    if (!this.#busy) void this.#work();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retry);
  }

  async #work(): Promise<void> {
    this.#busy = true;
    clearTimeout(this.#retry);
    let needed = this.#needed;
    try {
      for (; !this.#stopped && needed; needed = this.#needed) {
        this.#needed = null;
        if (this.#misses(needed))
          await this.#room.load(this.#within(needed.from - AHEAD), this.#within(needed.to + AHEAD));
      }
    } catch {
      // The connection is away, which the banner tells; what is on the screen is asked for until it comes.
      this.#tryLater(this.#needed ?? needed);
    } finally {
      this.#busy = false;
    }
  }

  #tryLater(needed: Needed | null): void {
    if (!needed || this.#stopped || this.#room.state.connection === "ended") return;
    this.#retry = setTimeout(() => this.need(needed.from, needed.to), RETRY_PAUSE);
  }

  #misses({ from, to }: Needed): boolean {
    const { messages } = this.#room.state;
    for (let seq = this.#within(from - EDGE); seq <= this.#within(to + EDGE); seq += 1) {
      if (!messages.at(seq)) return true;
    }
    return false;
  }

  #within(seq: number): number {
    return Math.max(1, Math.min(seq, this.#room.state.messages.through));
  }
}
