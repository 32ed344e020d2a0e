import { expect, test } from "vitest";
import { contextTokens, entryTokens, estimateTokens, newestWithin } from "./tokens.ts";

/** Far from every tokenizer the estimate may be, but not below one of a usual size: so many tokens are about what current models count. */
test.each([
  ["The quick brown fox jumps over the lazy dog.", 10],
  ["", 0],
  ["12345678901234567890", 7],
  ["Съешь же ещё этих мягких французских булок", 15],
  ["敏捷的棕色狐狸跳过了懒狗。", 13],
  ["👩‍👩‍👧‍👦🎉", 12],
  ["const x = { a: [1, 2, 3], b: () => void 0 };", 21],
])("%j counts for no less than it is", (text, tokens) => {
  expect(estimateTokens(text)).toBeGreaterThanOrEqual(tokens);
  expect(estimateTokens(text)).toBeLessThanOrEqual(text.length * 2);
});

const entry = (text: string) => ({ role: "user" as const, name: "Ada", text });

test("the oldest are left out first, and the question never", () => {
  const context = [entry("one"), entry("two ".repeat(100)), entry("three")];
  const room = contextTokens(context);
  const last = context.slice(-1);
  expect(newestWithin(context, room)).toEqual(context);
  expect(newestWithin(context, room - 1)).toEqual(context.slice(1));
  expect(newestWithin(context, entryTokens(entry("three")))).toEqual(last);
  expect(newestWithin(context, 0)).toEqual(last);
  expect(newestWithin([], 10)).toEqual([]);
});
