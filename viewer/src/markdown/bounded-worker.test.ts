import { afterEach, describe, expect, it, vi } from "vitest";
import { type Answer, BoundedWorker } from "./bounded-worker.ts";

/** Stands where a browser's worker stands: doubles numbers, and loses its way with negative ones. */
class Doubling extends EventTarget {
  onmessage: ((event: MessageEvent<Answer<number>>) => void) | null = null;
  onerror: (() => void) | null = null;
  ended = false;

  postMessage(task: number): void {
    if (task < 0) return;
    queueMicrotask(() => this.onmessage?.(new MessageEvent("message", { data: { result: task * 2 } })));
  }

  terminate(): void {
    this.ended = true;
  }
}

const LIMIT = 100;

function bounded() {
  const started: Doubling[] = [];
  const worker = new BoundedWorker<number, number>({
    limit: LIMIT,
    start: () => {
      const one = new Doubling();
      started.push(one);
      return one as unknown as Worker;
    },
  });
  return { worker, started };
}

describe("work within a limit of time", () => {
  afterEach(() => void vi.useRealTimers());

  it("is done in its order, by one worker", async () => {
    const { worker, started } = bounded();
    expect(await Promise.all([1, 2, 3].map((task) => worker.run(task)))).toEqual([2, 4, 6]);
    expect(started).toHaveLength(1);
    worker.stop();
  });

  it("is ended when it takes too long, and what waited behind it is done by another worker", async () => {
    vi.useFakeTimers();
    const { worker, started } = bounded();
    const lost = worker.run(-1);
    const next = worker.run(4);
    await vi.advanceTimersByTimeAsync(LIMIT - 1);
    expect(started.map(({ ended }) => ended)).toEqual([false]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await lost).toBeNull();
    expect(await next).toBe(8);
    expect(started.map(({ ended }) => ended)).toEqual([true, false]);
    worker.stop();
  });

  it("fails alone when its worker breaks, and gives what waits null when it is stopped", async () => {
    const { worker, started } = bounded();
    const broken = worker.run(-1);
    const next = worker.run(5);
    started[0]?.onerror?.();
    expect(await broken).toBeNull();
    expect(await next).toBe(10);
    const left = [worker.run(-1), worker.run(-1)];
    worker.stop();
    worker.stop();
    expect(await Promise.all(left)).toEqual([null, null]);
    expect(started.every(({ ended }) => ended)).toBe(true);
    expect(await worker.run(6)).toBe(12);
    worker.stop();
  });

  it("lets go of a worker that has nothing to do", async () => {
    vi.useFakeTimers();
    const { worker, started } = bounded();
    expect(await worker.run(1)).toBe(2);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(started.map(({ ended }) => ended)).toEqual([true]);
  });
});
