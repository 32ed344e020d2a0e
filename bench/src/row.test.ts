import { describe, expect, it } from "vitest";
import { judge } from "./row.ts";

const row = { what: "opening", value: 12, unit: "ms" } as const;

describe("judge", () => {
  it.each([
    { limit: { most: 12 }, holds: true },
    { limit: { most: 11.9 }, holds: false },
    { limit: { least: 12 }, holds: true },
    { limit: { least: 12.1 }, holds: false },
  ])("without a rival $limit is about the figure", ({ limit, holds }) => {
    expect(judge({ ...row, limit })).toMatchObject({ ratio: null, holds });
  });

  it.each([
    { limit: { most: 1.2 }, holds: true },
    { limit: { most: 1.1 }, holds: false },
    { limit: { least: 1.2 }, holds: true },
    { limit: { within: 0.25 }, holds: true },
    { limit: { within: 0.15 }, holds: false },
  ])("with a rival $limit is about the ratio", ({ limit, holds }) => {
    expect(judge({ ...row, rival: { what: "another", value: 10 }, limit })).toMatchObject({ ratio: 1.2, holds });
  });

  it("has no ratio beside a rival of nothing, which holds no limit", () => {
    const rival = { what: "another", value: 0 };
    expect(judge({ ...row, rival })).toMatchObject({ ratio: null, holds: null });
    expect(judge({ ...row, rival, limit: { most: 2 } })).toMatchObject({ ratio: null, holds: false });
  });

  it("says nothing of what has no limit, and that what is no number does not hold", () => {
    expect(judge(row)).toMatchObject({ ratio: null, holds: null });
    expect(judge({ ...row, value: Number.NaN, limit: { most: 1 } }).holds).toBe(false);
  });
});
