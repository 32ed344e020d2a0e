import { expect, test } from "vitest";
import { OneRoundTrip } from "./one-round-trip.ts";

/** Doubles numbers, and remembers which were asked about together. */
function doubling(failure: (questions: readonly number[]) => Error | null = () => null) {
  const together: (readonly number[])[] = [];
  const trip = new OneRoundTrip(async (questions: readonly number[]) => {
    together.push(questions);
    const error = failure(questions);
    if (error) throw error;
    return questions.map((question) => question * 2);
  });
  return { trip, together };
}

test("what is asked in one turn goes in one round trip, and each gets the answer to its question", async () => {
  const { trip, together } = doubling();
  expect(await Promise.all([1, 2, 3].map((question) => trip.ask(question)))).toEqual([2, 4, 6]);
  expect(await trip.ask(4)).toBe(8);
  expect(together).toEqual([[1, 2, 3], [4]]);
});

test("very many go in several, in their order", async () => {
  const { trip, together } = doubling();
  const questions = Array.from({ length: 250 }, (_, question) => question);
  expect(await Promise.all(questions.map((question) => trip.ask(question)))).toEqual(questions.map((one) => 2 * one));
  expect(together.map(({ length }) => length)).toEqual([100, 100, 50]);
});

test("a question that cannot be answered fails alone", async () => {
  const { trip } = doubling((questions) => (questions.includes(2) ? new Error("not this one") : null));
  const results = await Promise.allSettled([1, 2, 3].map((question) => trip.ask(question)));
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});

test("a database that is away is not asked again for each", async () => {
  const { trip, together } = doubling(() => Object.assign(new Error("away"), { code: "ECONNREFUSED" }));
  const results = await Promise.allSettled([1, 2, 3].map((question) => trip.ask(question)));
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(together).toHaveLength(1);
});
