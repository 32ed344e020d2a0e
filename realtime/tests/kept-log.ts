import type { Log } from "../src/cluster/redis-line.ts";

/** A log that keeps what it is told, for tests that look at it. */
export class KeptLog implements Log {
  readonly lines: string[] = [];
  readonly #keep = (...parts: unknown[]) => {
    this.lines.push(parts.map((part) => (typeof part === "string" ? part : JSON.stringify(part))).join(" "));
  };
  readonly info = this.#keep;
  readonly warn = this.#keep;
  readonly error = this.#keep;
}
