/** Something the person at the terminal can act on: its message is all they get to see. */
export class Problem extends Error {
  /** @override */
  name = "Problem";
}

/**
 * What to print for anything thrown: a problem's sentence, or everything there is to know about a mistake of ours.
 * @param {unknown} error
 * @returns {string}
 */
export function describe(error) {
  if (error instanceof Problem) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/**
 * The stable code of an error of the system, "" when it has none.
 * @param {unknown} error
 * @returns {string}
 */
export function codeOf(error) {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
