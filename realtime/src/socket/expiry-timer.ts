/** What a timer can wait at most; a later time is waited for in parts. Milliseconds. */
const LONGEST_MS = 2 ** 31 - 1;

/** One timer for the nearest of any number of times. */
export class ExpiryTimer {
  readonly #due: () => void;
  #next = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  /** `due` is called when the nearest time has come; it includes again what is still to come. */
  constructor(due: () => void) {
    this.#due = due;
  }

  /** Milliseconds since 1970; null for never. */
  include(time: number | null): void {
    if (time === null || time >= this.#next || this.#stopped) return;
    this.#next = time;
    this.#wait();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        // Timers may be early by a part of a millisecond.
        if (Date.now() < this.#next) return this.#wait();
        this.#next = Number.POSITIVE_INFINITY;
        this.#due();
      },
      Math.min(Math.max(this.#next - Date.now(), 0) + 1, LONGEST_MS),
    );
    this.#timer.unref();
  }
}
