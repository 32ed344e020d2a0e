import { inspect } from "node:util";

/** Nothing is proved by being quick here: machines that are busy take long. Milliseconds. */
export const PATIENCE = 60_000;

/**
 * Resolves once `holds` returns something other than null, undefined or false, and with it. Asks again at every turn of
 * the event loop's timers: for what tells nobody when it has happened.
 * @throws Error that says what was waited for, and what there is instead
 */
export async function until<T>(
  holds: () => T | Promise<T>,
  withinMs = PATIENCE,
): Promise<Exclude<NonNullable<T>, false>> {
  const end = performance.now() + withinMs;
  for (;;) {
    const value = await holds();
    if (value !== null && value !== undefined && value !== false) return value as Exclude<NonNullable<T>, false>;
    if (performance.now() > end) {
      throw new Error(`It did not come to be in ${withinMs / 1000} s: ${holds}; there is ${inspect(value)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
