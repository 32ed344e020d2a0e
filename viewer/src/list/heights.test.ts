import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { extentOf, listOffset, MAX_EXTENT, pageOffset } from "./extent.ts";
import { Heights } from "./heights.ts";

const changes = fc.array(
  fc.oneof(
    fc.record({ set: fc.nat(3_000), height: fc.double({ min: 1, max: 5_000, noNaN: true }) }),
    fc.record({ resize: fc.nat(3_000) }),
    fc.constant({ learn: true }),
  ),
  { maxLength: 60 },
);

describe("heights of rows", () => {
  it("leave no gap and no overlap, whatever is measured, added and dropped in whatever order", () => {
    fc.assert(
      fc.property(fc.nat(3_000), changes, (length, steps) => {
        const heights = new Heights({ length, estimate: 100 });
        const plain = new Map<number, number>();
        for (const step of steps) {
          if ("set" in step && step.set < heights.length) {
            // What is a tenth of a pixel off is no change.
            const before = plain.get(step.set);
            if (before === undefined || Math.abs(before - step.height) >= 0.1) plain.set(step.set, step.height);
            heights.set(step.set, step.height);
          } else if ("resize" in step) {
            heights.resize(step.resize);
            for (const index of plain.keys()) if (index >= step.resize) plain.delete(index);
          } else if ("learn" in step) heights.learn();
        }
        let offset = 0;
        for (let index = 0; index < heights.length; index += 1) {
          expect(heights.offsetOf(index)).toBeCloseTo(offset, 3);
          offset += plain.get(index) ?? heights.estimate;
        }
        expect(heights.total).toBeCloseTo(offset, 3);
      }),
      { numRuns: 60 },
    );
  });

  it("find the row at any offset", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_500 }),
        fc.array(fc.nat(2_500)),
        fc.double({ min: -100, max: 1e6, noNaN: true }),
        (length, measured, offset) => {
          const heights = new Heights({ length, estimate: 120 });
          for (const index of measured) heights.set(index, 1 + (index % 700));
          const found = heights.indexAt(offset);
          if (found > 0) expect(heights.offsetOf(found)).toBeLessThanOrEqual(offset + 0.001);
          if (found < length - 1) expect(heights.offsetOf(found + 1)).toBeGreaterThan(offset - 0.001);
        },
      ),
    );
  });

  it.each([0, 1, 1_023, 1_024, 1_025, 100_000])("hold for a list of %i rows", (length) => {
    const heights = new Heights({ length, estimate: 50 });
    expect(heights.total).toBe(length * 50);
    expect(heights.indexAt(Number.MAX_SAFE_INTEGER)).toBe(Math.max(0, length - 1));
    expect(heights.indexAt(-1)).toBe(0);
  });

  it("keep what was measured when the list grows, and forget it when told to", () => {
    const heights = new Heights({ length: 5, estimate: 10 });
    heights.set(2, 100);
    heights.resize(5_000);
    expect(heights.offsetOf(3)).toBe(120);
    expect(heights.knownOf(2)).toBe(100);
    heights.forget();
    expect(heights.knownOf(2)).toBeNull();
    expect(heights.offsetOf(3)).toBe(30);
  });
});

describe("the extent of a list on the page", () => {
  const total = fc.double({ min: 0, max: 1e9, noNaN: true });

  it("is bounded, keeps the order, and can be read both ways", () => {
    fc.assert(
      fc.property(
        total,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (height, a, b) => {
          const [low, high] = [Math.min(a, b) * height, Math.max(a, b) * height] as const;
          expect(extentOf(height)).toBeLessThanOrEqual(MAX_EXTENT);
          expect(pageOffset(low, height)).toBeLessThanOrEqual(pageOffset(high, height) + 1e-6);
          expect(pageOffset(high, height)).toBeLessThanOrEqual(extentOf(height) + 1e-6);
          expect(Math.abs(listOffset(pageOffset(low, height), height) - low)).toBeLessThan(1e-3);
        },
      ),
    );
  });

  it("is exact at both ends", () => {
    expect(pageOffset(1_234, 50_000_000)).toBe(1_234);
    expect(extentOf(50_000_000) - pageOffset(50_000_000 - 1_234, 50_000_000)).toBe(1_234);
  });
});
