import { expect, test } from "vitest";
import { NextRead } from "./next-read.ts";

/** A reading that ends when it is told to. */
function reading() {
  const ends: ((value: number) => void)[] = [];
  const read = () => new Promise<number>((resolve) => ends.push(resolve));
  return { ends, read };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("whoever asks before the reading begins shares it; whoever asks later waits for the next one", async () => {
  const reads = new NextRead<number>();
  const { ends, read } = reading();
  const early = [reads.get("chat", read), reads.get("chat", read)];
  await turn();
  const late = [reads.get("chat", read), reads.get("chat", read)];
  await turn();
  expect(ends).toHaveLength(1);
  ends[0]?.(1);
  expect(await Promise.all(early)).toEqual([1, 1]);
  await turn();
  expect(ends).toHaveLength(2);
  ends[1]?.(2);
  expect(await Promise.all(late)).toEqual([2, 2]);
});

test("different questions do not wait for each other", async () => {
  const reads = new NextRead<number>();
  const { ends, read } = reading();
  void reads.get("one chat", read);
  const other = reads.get("another", async () => 5);
  expect(await other).toBe(5);
  ends[0]?.(1);
});

test("a reading that fails is told to those who share it, and the next one goes on", async () => {
  const reads = new NextRead<number>();
  const failing = reads.get("chat", () => Promise.reject(new Error("away")));
  await expect(failing).rejects.toThrow("away");
  expect(await reads.get("chat", async () => 3)).toBe(3);
});
