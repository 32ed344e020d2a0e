import { parseArgs } from "node:util";

export interface Options {
  /** Of the measurements to run; empty for all of them. */
  readonly names: readonly string[];
  /** One JSON document instead of tables. */
  readonly json: boolean;
  /** A limit that does not hold makes the run fail. */
  readonly check: boolean;
  /** Everything a hundred times smaller: shows that the measurements run, and nothing else. */
  readonly small: boolean;
}

/** @throws Error with a sentence about a word that is none of ours */
export function readOptions(words: readonly string[], known: readonly string[]): Options {
  const flag = { type: "boolean", default: false } as const;
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { json: flag, check: flag, small: flag },
  });
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`There is no measurement ${unknown.join(", ")}. There are: ${known.join(", ")}`);
  }
  return { names: positionals, ...values };
}
