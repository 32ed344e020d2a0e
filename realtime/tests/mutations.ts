import { encode } from "@msgpack/msgpack";
import { LIMITS, newId } from "@openmates-share/protocol/wire";

/** Random numbers that are the same in every run: `mulberry32` by Tommy Ettinger (public domain). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to below 1. */
  roll(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(count: number): number {
    return Math.floor(this.roll() * count);
  }

  one<T>(of: readonly T[]): T {
    return of[this.below(of.length)] as T;
  }
}

/** What programs stumble over. */
const ODD: readonly (() => unknown)[] = [
  () => null,
  () => undefined,
  () => true,
  () => 0,
  () => -1,
  () => 1.5,
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => LIMITS.seq,
  () => LIMITS.seq + 1,
  () => Number.MAX_SAFE_INTEGER,
  () => 2 ** 64,
  () => "",
  () => "__proto__",
  () => "x".repeat(5000),
  () => "\u0000\ud800\u202e",
  () => "'; drop table chats; --",
  () => newId(),
  () => newId().slice(1),
  () => `${newId()}=`,
  () => new Uint8Array(0),
  () => new Uint8Array(33),
  () => new Uint8Array(5000).fill(255),
  () => [],
  () => [[[[[]]]]],
  () => Array.from({ length: 300 }, () => null),
  () => ({}),
  () => ({ length: 3 }),
  () => ({ toString: 1, valueOf: null, constructor: {} }),
  () => new Date(0),
];

/** The same request with one to three things about it changed, somewhere in it. */
export function mutated(dice: Dice, request: unknown): unknown {
  let changed = request;
  for (let changes = 1 + dice.below(3); changes > 0; changes--) changed = changedOnce(dice, changed);
  return changed;
}

function changedOnce(dice: Dice, value: unknown): unknown {
  const here = dice.roll() < 0.15;
  if (here || typeof value !== "object" || value === null || ArrayBuffer.isView(value))
    return changedValue(dice, value);
  if (Array.isArray(value)) {
    const at = dice.below(value.length);
    if (value.length === 0 || dice.roll() < 0.2) return [...value, dice.one(ODD)(), ...value];
    return value.with(at, changedOnce(dice, value[at]));
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return { chat: dice.one(ODD)() };
  const at = dice.below(entries.length);
  const [name, inner] = entries[at] ?? ["chat", null];
  switch (dice.below(8)) {
    case 0:
      return Object.fromEntries(entries.toSpliced(at, 1));
    case 1:
      return Object.fromEntries([...entries, [dice.one(["extra", "toString", "constructor", ""]), inner]]);
    default:
      return Object.fromEntries(entries.with(at, [name, changedOnce(dice, inner)]));
  }
}

function changedValue(dice: Dice, value: unknown): unknown {
  if (value instanceof Uint8Array && value.length > 0 && dice.roll() < 0.7) return changedBytes(dice, value);
  if (typeof value === "string" && dice.roll() < 0.3) return value.slice(0, dice.below(value.length + 1));
  return dice.one(ODD)();
}

/** Bytes with some flipped, cut off, put in or put twice. */
export function changedBytes(dice: Dice, bytes: Uint8Array): Uint8Array {
  const at = dice.below(bytes.length);
  switch (dice.below(4)) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      return Uint8Array.of(...bytes.subarray(0, at), dice.below(256), ...bytes.subarray(at));
    case 2:
      return Uint8Array.of(...bytes, ...bytes.subarray(at));
    default:
      return bytes.with(at, (bytes[at] ?? 0) ^ (1 << dice.below(8)));
  }
}

/** A packet of an event, with its bytes changed or with a length in it that promises more than there is. */
export function brokenFrame(dice: Dice, event: string, request: unknown): Uint8Array {
  const frame = encode({ type: 2, nsp: "/", data: [event, request], id: dice.below(1000) });
  if (dice.roll() < 0.6) return changedBytes(dice, frame);
  const promise = Uint8Array.of(
    dice.one([0xc6, 0xc9, 0xdb, 0xdd, 0xdf]),
    ...Array.from({ length: 4 }, () => dice.below(256)),
  );
  const at = dice.below(frame.length);
  return Uint8Array.of(...frame.subarray(0, at), ...promise, ...frame.subarray(at));
}
