import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pad, padme, SMALLEST, unpad } from "./padding.ts";

const smallest = fc.constantFrom(SMALLEST.message, SMALLEST.delta);
const frame = fc.record({ overhead: fc.constantFrom(0, 96), smallest });
const body = fc.uint8Array({ maxLength: 3000 }).map((bytes) => new Uint8Array(bytes));

describe("Padmé", () => {
  it("P2: a padded length is not smaller, at most 12 % larger, and stays where it is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 32 - 1 }), smallest, (length, smallest) => {
        const padded = padme(length, smallest);
        expect(padded).toBeGreaterThanOrEqual(Math.max(length, smallest));
        if (length > smallest) expect(padded).toBeLessThanOrEqual(length * 1.12);
        if (padded < 2 ** 32) expect(padme(padded, smallest)).toBe(padded);
      }),
      { numRuns: 2000 },
    );
  });

  it("P2: a longer text is never padded to less", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), fc.nat(1000), smallest, (length, more, smallest) => {
        expect(padme(length + more, smallest)).toBeGreaterThanOrEqual(padme(length, smallest));
      }),
    );
  });

  it("P2: around every power of two it is what the definition says", () => {
    for (let power = 9; power < 32; power++) {
      for (const length of [2 ** power - 1, 2 ** power, 2 ** power + 1]) {
        const exponent = length.toString(2).length - 1;
        const unit = 2 ** (exponent - exponent.toString(2).length);
        expect(padme(length, 256)).toBe(Math.ceil(length / unit) * unit);
      }
    }
  });
});

describe("padding", () => {
  it("P1: what is padded comes back, and its length is a Padmé length", () => {
    fc.assert(
      fc.property(body, frame, (body, frame) => {
        const padded = pad(body, frame);
        expect(padme(frame.overhead + padded.length, frame.smallest)).toBe(frame.overhead + padded.length);
        expect(unpad(padded, frame)).toEqual(body);
      }),
    );
  });

  it("P3: any bytes are what `pad` wrote, or are refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), frame, (bytes, frame) => {
        const padded = new Uint8Array(bytes);
        try {
          expect(pad(unpad(padded, frame), frame)).toEqual(padded);
        } catch (error) {
          expect(error).toMatchObject({ code: "bad_padding" });
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("P3: every altered bit of length and padding is refused", () => {
    const frame = { overhead: 0, smallest: 64 };
    const padded = pad(new Uint8Array(20).fill(7), frame);
    for (let bit = 0; bit < padded.length * 8; bit++) {
      const at = bit >> 3;
      if (at >= 4 && at < 24) continue;
      const altered = padded.slice();
      altered[at] = (altered[at] ?? 0) ^ (1 << (bit & 7));
      // A length that still fits the smallest size is not refused here: its last bytes would be text, not padding.
      if (at === 3 && (altered[3] ?? 0) > 20 && (altered[3] ?? 0) <= 60) continue;
      expect(() => unpad(altered, frame)).toThrow(expect.objectContaining({ code: "bad_padding" }));
    }
  });
});
