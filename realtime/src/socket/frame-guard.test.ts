import { encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { checkFrame } from "./frame-guard.ts";

function nested(depth: number): unknown {
  return depth === 0 ? 1 : [nested(depth - 1)];
}

describe("what the frame guard passes", () => {
  const values: readonly [string, unknown][] = [
    ["small numbers", [0, 127, -1, -32]],
    ["numbers of every width", [200, 40_000, 3_000_000_000, 2 ** 40, -100, -30_000, -(2 ** 30), -(2 ** 40), 1.5]],
    ["nothing and truth", [null, true, false]],
    ["texts of every width", ["", "a".repeat(31), "a".repeat(32), "a".repeat(300), "ä".repeat(40_000)]],
    ["bytes of every width", [new Uint8Array(0), new Uint8Array(255), new Uint8Array(256), new Uint8Array(70_000)]],
    ["lists of every width", [[], new Array(15).fill(0), new Array(16).fill(0), new Array(70_000).fill(0)]],
    ["maps", { a: 1, b: { c: [] }, ...Object.fromEntries(new Array(20).fill(0).map((_, i) => [`k${i}`, i])) }],
    ["times", new Date(1_700_000_000_123)],
    ["the deepest nesting", nested(12)],
  ];
  it.each(values)("%s", (_, value) => {
    expect(() => checkFrame(encode(value))).not.toThrow();
  });
});

describe("what the frame guard refuses", () => {
  const frames: readonly [string, Uint8Array][] = [
    ["nothing", Uint8Array.of()],
    ["an array longer than its frame", Uint8Array.of(0xdd, 0x01, 0xff, 0xff, 0xff)],
    ["a map longer than its frame", Uint8Array.of(0xdf, 0xff, 0xff, 0xff, 0xff, 0x01)],
    ["bytes longer than their frame", Uint8Array.of(0xc6, 0xff, 0xff, 0xff, 0xff)],
    ["a text cut short", Uint8Array.of(0xa5, 0x61)],
    ["a number cut short", Uint8Array.of(0xcd, 0x01)],
    ["an unknown prefix", Uint8Array.of(0xc1)],
    ["bytes behind the value", Uint8Array.of(0x01, 0x02)],
    ["nesting beyond the limit", encode(nested(13))],
    ["nesting without end", new Uint8Array(100_000).fill(0x91)],
  ];
  it.each(frames)("%s", (_, frame) => {
    expect(() => checkFrame(frame)).toThrow(RangeError);
  });
});
