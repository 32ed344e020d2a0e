import { describe, expect, it } from "vitest";
import { median, quantile, takeRounds, timed } from "./rounds.ts";

describe("quantile", () => {
  it.each([
    { figures: [3, 1, 2], share: 0.5, is: 2 },
    { figures: [4, 1, 2, 3], share: 0.5, is: 2.5 },
    { figures: [1, 2, 3, 4, 5], share: 0.95, is: 4.8 },
    { figures: [7], share: 0.95, is: 7 },
    { figures: [2, 1], share: 0, is: 1 },
    { figures: [2, 1], share: 1, is: 2 },
  ])("of $figures at $share is $is", ({ figures, share, is }) => {
    expect(quantile(figures, share)).toBeCloseTo(is);
  });

  it("of nothing is no number", () => {
    expect(median([])).toBeNaN();
  });
});

describe("takeRounds", () => {
  it("interleaves, changes who goes first, and does not count the first round", async () => {
    const order: string[] = [];
    const runner = (name: string) => async () => order.push(name);
    const figures = await takeRounds({ a: runner("a"), b: runner("b") }, 2);
    expect(order).toEqual(["a", "b", "b", "a", "a", "b"]);
    expect(figures).toEqual({ a: [4, 5], b: [3, 6] });
  });

  it("ends with the first contestant that fails", async () => {
    const failing = async () => {
      throw new Error("no");
    };
    await expect(takeRounds({ failing })).rejects.toThrow("no");
  });
});

it("timed counts milliseconds", async () => {
  expect(await timed(async () => undefined)).toBeLessThan(1_000);
});
