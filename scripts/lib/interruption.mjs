import { Problem } from "./problem.mjs";

/**
 * A signal that aborts when somebody ends this process, so that what it has begun can be ended first.
 *
 * @returns {AbortSignal}
 */
export function interruption() {
  const interrupt = new AbortController();
  for (const name of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(name, () => interrupt.abort(new Problem("Interrupted.")));
  }
  return interrupt.signal;
}
