import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fakeWorkspace } from "../../tests/fake-workspace.ts";
import { Progress } from "./progress.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A form on somebody's screen, and when each word of progress gets through to it. */
function watched() {
  const { workspace } = fakeWorkspace();
  const shown: string[] = [];
  const waiting: (() => void)[] = [];
  const slack: typeof workspace.slack = {
    ...workspace.slack,
    updateView: async ({ view }) => {
      shown.push(JSON.stringify(view));
      await new Promise<void>((resolve) => waiting.push(resolve));
      return null;
    },
  };
  return { progress: new Progress({ slack, viewId: "V1" }), shown, arrived: () => waiting.shift()?.() };
}

test("is shown every two seconds at most, however often it is told", async () => {
  const { progress, shown, arrived } = watched();
  for (let done = 1; done <= 1000; done += 1) {
    progress.tell(`Encrypting: ${done} of 1000 messages.`);
    await vi.advanceTimersByTimeAsync(10);
    arrived();
  }
  expect(shown).toHaveLength(4);
  expect(shown[0]).toContain("Encrypting: 201 of 1000 messages.");
});

test("is shown one at a time, and never behind what comes after the end", async () => {
  const { progress, shown, arrived } = watched();
  await vi.advanceTimersByTimeAsync(2000);
  progress.tell("Reading: 200 messages so far.");
  await vi.advanceTimersByTimeAsync(10_000);
  progress.tell("Reading: 400 messages so far.");
  expect(shown).toHaveLength(1);
  const order: string[] = [];
  const ended = progress.end().then(() => order.push("ended"));
  await vi.advanceTimersByTimeAsync(10_000);
  order.push("arrived");
  arrived();
  await ended;
  expect(order).toEqual(["arrived", "ended"]);
});
