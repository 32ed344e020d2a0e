import { inspect } from "node:util";

/**
 * A value that no log line, error report, queue or row may carry: whatever prints, joins or serialises it gets a
 * placeholder, and `reveal()` is easy to look for.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** For the one call that needs it; never store or log what comes back. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [inspect.custom](): string {
    return "[secret]";
  }
}
