import { seconds } from "./progress.mjs";

/**
 * What came out of one check. `output` is what to read when something failed.
 * @typedef {{ passed: number, failed: number, output: string }} Outcome
 */

/** Counts what passed and failed and tells it, one line for each check. */
export class Tally {
  #passed = 0;
  #failed = 0;

  get failed() {
    return this.#failed;
  }

  /**
   * @param {string} name
   * @param {() => Promise<Outcome>} check
   */
  async add(name, check) {
    const start = performance.now();
    const { passed, failed, output } = await check();
    this.#passed += passed;
    this.#failed += failed;
    const counts = `${String(passed).padStart(5)} passed${failed === 0 ? "" : `, ${failed} failed`}`;
    process.stdout.write(`${name.padEnd(12)}${counts}  ${seconds(performance.now() - start)}\n`);
    if (failed > 0) process.stdout.write(`\n${output.trim()}\n\n`);
  }

  toString() {
    return `${this.#passed} passed, ${this.#failed} failed`;
  }
}
