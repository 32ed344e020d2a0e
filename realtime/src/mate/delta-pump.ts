import { type ReplyStream, sealDelta } from "@openmates-share/protocol/reply";
import type { Delta } from "@openmates-share/protocol/wire";

/** 30 packets a second look like writing; more would cost every member's device without looking better. */
export const DELTA_EVERY_MS = 33;

/**
 * Turns pieces of an answer into sealed, numbered deltas. What comes while one is on its way goes into the next, so a
 * fast model makes larger deltas, not more of them.
 */
export class DeltaPump {
  /** Everything that was emitted, for those who come later. */
  readonly deltas: Delta[] = [];
  readonly #stream: ReplyStream;
  readonly #emit: (delta: Delta) => void;
  readonly #pause: () => Promise<unknown>;
  #waiting = "";
  #active = false;
  #pumping: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: { stream: ReplyStream; emit: (delta: Delta) => void; pause: () => Promise<unknown> }) {
    this.#stream = options.stream;
    this.#emit = options.emit;
    this.#pause = options.pause;
  }

  push(text: string): void {
    this.#waiting += text;
    if (!this.#active) this.#pumping = this.#pump();
  }

  /** Resolves when everything pushed has gone out; nothing may be pushed after it. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#pumping;
    if (this.#waiting) await this.#next(this.#waiting);
    this.#waiting = "";
  }

  async #pump(): Promise<void> {
    this.#active = true;
    while (!this.#closed) {
      const ready = wholeCharacters(this.#waiting);
      if (ready === "") break;
      this.#waiting = this.#waiting.slice(ready.length);
      await this.#next(ready);
      await this.#pause();
    }
    this.#active = false;
  }

  async #next(text: string): Promise<void> {
    const { chat, ask, stream } = this.#stream;
    const index = this.deltas.length;
    const delta = { chat, ask, stream, index, sealed: await sealDelta(this.#stream, index, text) };
    this.deltas.push(delta);
    this.#emit(delta);
  }
}

/** Without the first half of a character whose second half has not come yet: as UTF-8 it would be lost. */
function wholeCharacters(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
}
