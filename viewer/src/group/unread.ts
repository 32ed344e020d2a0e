import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";

/** What of a message counts here. */
export interface Arrived {
  readonly seq: number;
  /** Whether it is something to read, of somebody else. */
  readonly counts: boolean;
}

/** More than that is told as so many and more: nobody counts further. */
export const MANY = 99;

/**
 * What is new for somebody: how far they have read, how much there is behind that, and where a line says "new". The line
 * stays where it is while they read on, until they look away with everything read, or write.
 */
export class Unread {
  readonly #read = signal(0);
  readonly #line = signal<number | null>(null);
  readonly #arrived = signal<readonly Arrived[]>([]);
  readonly count: ReadonlySignal<number>;

  constructor(readThrough: number) {
    this.#read.value = readThrough;
    this.count = computed(
      () => this.#arrived.value.filter(({ seq, counts }) => counts && seq > this.#read.value).length,
    );
  }

  /** The last message that counts as read. */
  get readThrough(): ReadonlySignal<number> {
    return this.#read;
  }

  /** The first message that was new; null while nothing is. */
  get line(): ReadonlySignal<number | null> {
    return this.#line;
  }

  /** All messages that are here, in order. */
  take(messages: readonly Arrived[]): void {
    this.#arrived.value = messages;
  }

  /** Draws the line, if something is new and none stands yet: once it is known what of it was seen as it came. */
  draw(): void {
    if (this.#line.value !== null) return;
    const first = this.#arrived.value.find(({ seq, counts }) => counts && seq > this.#read.value);
    if (first) this.#line.value = first.seq;
  }

  /** Everything up to that number was on the screen. @returns whether that is news */
  read(seq: number): boolean {
    if (seq <= this.#read.value) return false;
    this.#read.value = seq;
    return true;
  }

  /** Another device has read so far. What one has not seen here keeps its line. */
  readElsewhere(seq: number): void {
    if (seq <= this.#read.value) return;
    batch(() => {
      this.#read.value = seq;
      if (this.#line.value !== null && this.#line.value <= seq) this.#line.value = null;
      this.draw();
    });
  }

  /** Nothing is new any more, whatever the line said: the person has answered, or looked away with all of it read. */
  forget(): void {
    if (this.count.value === 0) this.#line.value = null;
  }
}
