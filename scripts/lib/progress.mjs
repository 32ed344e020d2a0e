/** How often the line of a running phase counts on, in milliseconds. */
const TICK = 1000;
/** A phase that is over within this time, in milliseconds, goes without saying. */
const QUIET = 1000;

/** Tells on stderr what is being done and how long it took: one line for each phase that takes time. */
export class Progress {
  #out = process.stderr;
  #live = process.stderr.isTTY === true;

  /**
   * Does the work and reports it.
   * @template T
   * @param {{ doing: string, done: string }} words "installing packages", "packages installed"
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async phase({ doing, done }, work) {
    const start = performance.now();
    const elapsed = () => performance.now() - start;
    const announce = setTimeout(() => this.#announce(doing), QUIET);
    const tick = setInterval(() => this.#count(doing, elapsed()), TICK);
    try {
      const result = await work();
      if (elapsed() >= QUIET) this.#finish(`${done} (${seconds(elapsed())})`);
      return result;
    } catch (error) {
      if (this.#live) this.#out.write("\r\x1b[K");
      throw error;
    } finally {
      clearTimeout(announce);
      clearInterval(tick);
    }
  }

  /** @param {string} line */
  note(line) {
    this.#out.write(`${line}\n`);
  }

  /** @param {string} doing */
  #announce(doing) {
    if (!this.#live) this.#out.write(`${doing} …\n`);
  }

  /**
   * @param {string} doing
   * @param {number} elapsed
   */
  #count(doing, elapsed) {
    if (this.#live) this.#out.write(`\r\x1b[K${doing} … ${seconds(elapsed)}`);
  }

  /** @param {string} line */
  #finish(line) {
    this.#out.write(`${this.#live ? "\r\x1b[K" : ""}${line}\n`);
  }
}

/** @param {number} milliseconds */
export function seconds(milliseconds) {
  return milliseconds < 10_000 ? `${(milliseconds / 1000).toFixed(1)} s` : `${Math.round(milliseconds / 1000)} s`;
}
