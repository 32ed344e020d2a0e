import { expect, test } from "vitest";
import { Rounds } from "./rounds.ts";

/** Rounds that end when they are told to. */
function rounds() {
  const ends: (() => void)[] = [];
  const failures: unknown[] = [];
  const work = () => new Promise<void>((resolve) => ends.push(resolve));
  const desk = new Rounds({ every: 60_000, work, onFailure: (error) => failures.push(error) });
  return { desk, ends, failures };
}

test("whoever asks while a round is under way waits for one that begins behind it, all for the same", async () => {
  const { desk, ends } = rounds();
  const first = desk.round();
  const [second, third] = [desk.round(), desk.round()];
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await first;
  await new Promise(setImmediate);
  expect(ends).toHaveLength(2);
  ends[1]?.();
  await Promise.all([second, third]);
  expect(ends).toHaveLength(2);
});

test("a round that fails is told of, and does not keep the next one from beginning", async () => {
  const failures: unknown[] = [];
  let count = 0;
  const work = async () => {
    count += 1;
    throw new Error("no");
  };
  const desk = new Rounds({ every: 60_000, work, onFailure: (error) => failures.push(error) });
  await desk.round();
  await desk.round();
  expect([count, failures.length]).toEqual([2, 2]);
});

test("ends with the round that is under way, and begins none any more", async () => {
  const { desk, ends } = rounds();
  const first = desk.round();
  const waiting = desk.round();
  const stopped = desk.stop();
  ends[0]?.();
  await Promise.all([first, waiting, stopped, desk.round()]);
  expect(ends).toHaveLength(1);
});
