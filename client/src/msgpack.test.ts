import { isDeepStrictEqual } from "node:util";
import { decode, ExtData, encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pack, unpack } from "./msgpack.ts";

/** Everything that our messages and records are made of. */
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true }).map((number) => number + 0),
    fc.string({ unit: "grapheme", maxLength: 50 }),
    fc.uint8Array({ maxLength: 50 }),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(
      fc.string().filter((name) => name !== "__proto__"),
      tie("value"),
      { maxKeys: 5, noNullPrototype: true },
    ),
  ),
})).value;

const EDGES = [0, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1];
const NUMBERS = [
  ...EDGES,
  ...EDGES.slice(1).map((edge) => -edge),
  -1,
  -32,
  -33,
  -129,
  -32_769,
  -(2 ** 31) - 1,
  0.1,
  Infinity,
];
const LENGTHS = [0, 15, 16, 31, 32, 33, 255, 256, 65_535, 65_536];

describe("MessagePack of ours", () => {
  it("is written and read as the usual codec does", () => {
    fc.assert(
      fc.property(value, (some) => {
        expect(decode(pack(some))).toEqual(some);
        expect(unpack(encode(some))).toEqual(some);
        expect(unpack(pack(some))).toEqual(some);
      }),
    );
  });

  it.each(NUMBERS)("holds the number %d", (number) => {
    expect(unpack(pack(number))).toBe(number);
    expect(decode(pack(number))).toBe(number);
    expect(unpack(encode(number))).toBe(number);
  });

  it.each(LENGTHS)("holds text, bytes, a list and a map of length %d", (length) => {
    const all = {
      text: "é".repeat(length),
      bytes: new Uint8Array(length).fill(200),
      list: new Array<number>(length).fill(1),
      map: Object.fromEntries(Array.from({ length }, (_, index) => [`name ${index}`, index])),
    };
    // Vitest's own comparison takes seconds for the longest.
    expect(isDeepStrictEqual(decode(pack(all)), all)).toBe(true);
    expect(isDeepStrictEqual(unpack(encode(all)), all)).toBe(true);
  });

  it("writes undefined as nil, and keeps the mark at the beginning of a text", () => {
    expect(unpack(pack({ a: undefined }))).toEqual({ a: null });
    expect(unpack(pack("\ufeffmarked"))).toBe("\ufeffmarked");
    expect(unpack(pack(`\ufeff${"long ".repeat(20)}`))).toHaveLength(101);
  });

  it.each([
    ["nothing", new Uint8Array()],
    ["more than one value", new Uint8Array([1, 2])],
    ["an extension", encode(new ExtData(1, new Uint8Array(4)))],
    ["a date", encode(new Date(0))],
    ["the sign that is never used", new Uint8Array([0xc1])],
    ["a number beyond 2^53", encode(2n ** 60n, { useBigInt64: true })],
    ["a number as a name", new Uint8Array([0x81, 1, 1])],
    [
      "the name of what objects inherit from",
      new Uint8Array([0x81, 0xa9, ...new TextEncoder().encode("__proto__"), 1]),
    ],
    ["a list that claims to be long", new Uint8Array([0xdd, 255, 255, 255, 255, 1])],
    ["bytes that claim to be many", new Uint8Array([0xc6, 255, 255, 255, 255, 1])],
    ["lists in lists without end", new Uint8Array(100_000).fill(0x91)],
  ])("refuses %s", (_, bytes) => {
    expect(() => unpack(bytes)).toThrow(TypeError);
  });

  it("refuses every beginning of something whole", () => {
    const whole = pack({ list: [1, -40, 70_000, 2 ** 40, 0.5], text: "é".repeat(40), bytes: new Uint8Array(300) });
    for (let length = 0; length < whole.length; length++) {
      expect(() => unpack(whole.subarray(0, length))).toThrow(TypeError);
    }
  });

  it("refuses to write what it could not read", () => {
    for (const strange of [() => 1, 1n, Symbol("s"), new Float32Array(1)])
      expect(() => pack(strange)).toThrow(TypeError);
    const endless: unknown[] = [];
    endless.push(endless);
    expect(() => pack(endless)).toThrow(TypeError);
  });
});
