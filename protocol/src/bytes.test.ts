import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { equalBytes, fromBase64url, fromUtf8, ownBytes, toBase64url, u32be } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";

const anyBytes = fc.uint8Array({ maxLength: 100 });

describe("base64url", () => {
  it("I1: what is written is read, and is what other implementations write", () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const text = toBase64url(bytes);
        expect(text).toBe(Buffer.from(bytes).toString("base64url"));
        expect(fromBase64url(text)).toEqual(new Uint8Array(bytes));
      }),
    );
  });

  it("I1: whatever is read has no other spelling", () => {
    const nearly = fc.string({ unit: fc.constantFrom(..."AQgw_-+/=9z \n"), maxLength: 8 });
    fc.assert(
      fc.property(fc.oneof(nearly, fc.string()), (text) => {
        const bytes = fromBase64url(text);
        if (bytes) expect(toBase64url(bytes)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("numbers", () => {
  it.each([-1, 0.5, 2 ** 32, Number.NaN, Number.POSITIVE_INFINITY])("A4: %d is no 32-bit number", (value) => {
    expect(() => u32be(value)).toThrow(expect.objectContaining({ code: "malformed" }));
  });

  it.each([0, 1, 2 ** 31, 2 ** 32 - 1])("%d is one", (value) => {
    expect(Buffer.from(u32be(value)).readUInt32BE()).toBe(value);
  });
});

describe("bytes and text", () => {
  it("X2: any bytes are text or refused with `malformed`, and the refusal quotes nothing", () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        try {
          expect(Buffer.from(fromUtf8(bytes))).toEqual(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
    );
  });

  it("a window on a shared pool is copied out of it", () => {
    const pool = new Uint8Array([1, 2, 3, 4]);
    const own = ownBytes(pool.subarray(1, 3));
    pool.fill(9);
    expect([...own]).toEqual([2, 3]);
    expect(own.buffer.byteLength).toBe(2);
  });

  it("equal means every byte", () => {
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
  });
});
