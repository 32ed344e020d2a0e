import type { Log } from "../cluster/redis-line.ts";

const SWEEP_EVERY = 60 * 60 * 1000;

/** Clears something away every hour, from the start on; a round that fails is logged, and the next one tries again. */
export class Sweep {
  readonly #timer: NodeJS.Timeout;
  #sweeping: Promise<void> = Promise.resolve();

  /** `complaint` is what the log says of a round that failed. */
  constructor(options: { work: () => Promise<unknown>; complaint: string; log: Log }) {
    const { work, complaint, log } = options;
    const round = () => {
      this.#sweeping = work().then(
        () => undefined,
        (error: unknown) => log.warn({ err: error }, complaint),
      );
    };
    this.#timer = setInterval(round, SWEEP_EVERY);
    this.#timer.unref();
    round();
  }

  /** Resolves when no round is under way. May be called twice. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sweeping;
  }
}
