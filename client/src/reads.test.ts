import type { SenderId } from "@openmates-share/protocol/wire";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Reads } from "./reads.ts";

const me = "AAAAAAAAAAAAAAAAAAAAAA" as SenderId;
let told: number[];
let reads: Reads;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
  told = [];
  reads = new Reads({
    me: () => me,
    through: 0,
    remember: async () => undefined,
    told: () => true,
    send: async (seq) => told.push(seq),
    changed: () => undefined,
  });
});
afterEach(() => {
  reads.stop();
  vi.useRealTimers();
});

test("the first mark is told at once, and those of a second with the last of them", async () => {
  reads.mark(1);
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toEqual([1]);
  reads.mark(2);
  reads.mark(3);
  await vi.advanceTimersByTimeAsync(999);
  expect(told).toEqual([1]);
  await vi.advanceTimersByTimeAsync(1);
  expect(told).toEqual([1, 3]);
});

test.each([-3_600_000, 3_600_000])(
  "a clock that is set by %i ms changes nothing about when others are told",
  async (by) => {
    reads.mark(1);
    await vi.advanceTimersByTimeAsync(0);
    vi.setSystemTime(Date.now() + by);
    reads.mark(2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told).toEqual([1, 2]);
  },
);
