import { isRecord, string } from "../json.ts";

/**
 * Reads the turbo-stream format, version 2, in which React Router sends a page's data: one line with a flat list of
 * values, in which lists hold the indices of their elements, records the indices of their values behind keys `_` and the
 * index of the key, and negative numbers stand for what JSON lacks (-1 hole, -5 null, -7 undefined …). Lists that begin
 * with a string are of a type: `D` date, `P` promise … Promises are settled by further lines, `P` number `:` values.
 * The shape: https://github.com/jacob-ebey/turbo-stream, src/flatten.ts and src/unflatten.ts of versions 2.x
 *
 * A value can be named many times, and within itself. It is copied each time, up to a bound: whoever walks over what comes
 * out needs to fear neither loops nor a small page that unfolds into gigabytes.
 */
export class TurboStream {
  readonly #values: unknown[] = [];
  /** Where the value of a promise is, by the number of the promise. */
  readonly #settled = new Map<number, number>();
  #room: number;

  private constructor(length: number) {
    this.#room = length * UNFOLDING + ROOM;
  }

  /** Null for a text that is no such stream. */
  static read(text: string): TurboStream | null {
    const stream = new TurboStream(text.length);
    const [first = "", ...rest] = text.split("\n");
    if (!stream.#add(first)) return null;
    for (const line of rest) stream.#settle(line);
    return stream;
  }

  /** What stands under these names, one within the other, beginning with the whole; undefined where there is nothing. */
  at(...path: readonly string[]): unknown {
    const index = this.#indexAt(path);
    return index === null ? undefined : this.#value(index, 0);
  }

  /** The names that a record at this place has. */
  namesAt(...path: readonly string[]): readonly string[] {
    const value = this.#recordAt(this.#indexAt(path));
    return value ? Object.keys(value).map((key) => this.#name(key)) : [];
  }

  #add(json: string): boolean {
    const values = parsedList(json);
    if (!values) return false;
    for (const value of values) this.#values.push(value);
    return true;
  }

  #settle(line: string): void {
    const found = /^P(\d{1,9}):/.exec(line);
    const start = this.#values.length;
    if (found && this.#add(line.slice(found[0].length))) this.#settled.set(Number(found[1]), start);
  }

  #indexAt(path: readonly string[]): number | null {
    let index: number | null = 0;
    for (const name of path) {
      const value = this.#recordAt(index);
      const key = value && Object.keys(value).find((one) => this.#name(one) === name);
      const next: unknown = value && key !== undefined && key !== null ? value[key] : null;
      index = typeof next === "number" ? next : null;
    }
    return index;
  }

  #recordAt(index: number | null): Readonly<Record<string, unknown>> | null {
    const value = index === null ? null : this.#values[this.#resolved(index)];
    return isRecord(value) ? value : null;
  }

  /** A promise's value stands elsewhere, and may be a promise again. */
  #resolved(index: number): number {
    let at = index;
    for (let step = 0; step < 10; step += 1) {
      const value = this.#values[at];
      if (!Array.isArray(value) || (value[0] !== "P" && value[0] !== "Z") || typeof value[1] !== "number") return at;
      at = value[0] === "Z" ? value[1] : (this.#settled.get(value[1]) ?? -1);
    }
    return -1;
  }

  #name(key: string): string {
    const index = /^_(\d{1,9})$/.exec(key)?.[1];
    const name = index === undefined ? undefined : this.#values[Number(index)];
    return typeof name === "string" ? name : key;
  }

  #value(reference: unknown, depth: number): unknown {
    if (typeof reference !== "number" || reference < 0 || depth > DEEPEST) return null;
    const value = this.#values[this.#resolved(reference)];
    this.#room -= 1 + (typeof value === "string" ? value.length : 0);
    if (this.#room < 0) return null;
    if (Array.isArray(value)) return this.#list(value, depth);
    if (!isRecord(value)) return value ?? null;
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [this.#name(key), this.#value(one, depth + 1)]),
    );
  }

  #list(value: readonly unknown[], depth: number): unknown {
    const [type, first, ...rest] = value;
    if (typeof type !== "string") return value.map((one) => this.#value(one, depth + 1));
    switch (type) {
      case "D":
      case "U":
      case "B":
      case "Y":
        return typeof first === "number" ? first : string(first);
      case "S":
        return [first, ...rest].map((one) => this.#value(one, depth + 1));
      case "N":
        return isRecord(first)
          ? Object.fromEntries(
              Object.entries(first).map(([key, one]) => [this.#name(key), this.#value(one, depth + 1)]),
            )
          : null;
      default:
        return null;
    }
  }
}

/** Deeper than messages nest by far, and within what a stack holds. */
const DEEPEST = 200;
/** A page names most values once or twice: in the tree of a conversation and in its shown path. */
const UNFOLDING = 6;
const ROOM = 100_000;

function parsedList(json: string): readonly unknown[] | null {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) && value.length > 0 ? value : null;
  } catch {
    return null;
  }
}
