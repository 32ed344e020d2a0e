import { expect, it } from "vitest";
import { LIMITS } from "../wire/limits.ts";
import { isShallow } from "./nesting.ts";

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = i % 2 ? [value, 2] : { a: null, b: value };
  return value;
}

it("C91: is as deep as the limit, and no deeper", () => {
  expect(isShallow(nested(0))).toBe(true);
  expect(isShallow(nested(LIMITS.nesting))).toBe(true);
  expect(isShallow(nested(LIMITS.nesting + 1))).toBe(false);
});

it("C91: is found out of what would exhaust the stack, and of what is only long", () => {
  expect(isShallow(JSON.parse("[".repeat(400_000) + "]".repeat(400_000)))).toBe(false);
  expect(isShallow(Array.from({ length: 300_000 }, () => []))).toBe(true);
});
