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
   * @template {Outcome} T
   * @param {string} name
   * @param {() => Promise<T>} check
   */
  async add(name, check) {
    const outcome = await this.#tell(name, check);
    this.#passed += outcome.passed;
    this.#failed += outcome.failed;
    return outcome;
  }

  /**
   * Tries once more what failed. It has passed if all of it passes now, and that it took two tries is said.
   * @param {{ name: string, failed: number }} first
   * @param {() => Promise<Outcome>} check
   */
  async addSecondTry({ name, failed }, check) {
    const outcome = await this.#tell(`${name} again`, check);
    if (outcome.failed > 0 || outcome.passed === 0) return;
    this.#failed -= failed;
    this.#passed += failed;
    process.stdout.write(
      `${name}: ${failed} passed at the second try alone. What hangs on time is a fault: please mend it.\n`,
    );
  }

  /**
   * @template {Outcome} T
   * @param {string} name
   * @param {() => Promise<T>} check
   */
  async #tell(name, check) {
    const start = performance.now();
    const outcome = await check();
    const { passed, failed, output } = outcome;
    const counts = `${String(passed).padStart(5)} passed${failed === 0 ? "" : `, ${failed} failed`}`;
    process.stdout.write(`${name.padEnd(12)}${counts}  ${seconds(performance.now() - start)}\n`);
    if (failed > 0) process.stdout.write(`\n${output.trim()}\n\n`);
    return outcome;
  }

  toString() {
    return `${this.#passed} passed, ${this.#failed} failed`;
  }
}
