/** Does a round of work now and then, and when it is asked to; never two at a time. */
export class Rounds {
  readonly #work: () => Promise<void>;
  readonly #every: number;
  readonly #onFailure: (error: unknown) => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;
  #stopped = false;

  /** @param options.every milliseconds */
  constructor(options: { every: number; work: () => Promise<void>; onFailure: (error: unknown) => void }) {
    this.#every = options.every;
    this.#work = options.work;
    this.#onFailure = options.onFailure;
  }

  start(): void {
    this.#timer ??= setInterval(() => void (this.#running ?? this.round()), this.#every).unref();
  }

  /** Resolves with the end of a round that began now or later: it has seen all that there is by now. */
  round(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    if (this.#running === null) return this.#begin();
    this.#next ??= this.#running.then(() => {
      this.#next = null;
      return this.round();
    });
    return this.#next;
  }

  /** Resolves when none is under way, and none will be. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  #begin(): Promise<void> {
    this.#running = this.#work()
      .catch(this.#onFailure)
      .finally(() => {
        this.#running = null;
      });
    return this.#running;
  }
}
