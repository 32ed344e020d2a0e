import { expect, test } from "vitest";
import { bitsOf, passwordStrength } from "./password-strength.ts";

test.each([
  ["a", "weak"],
  ["1234", "weak"],
  ["123456789", "weak"],
  ["password", "weak"],
  ["P4ssw0rd!", "weak"],
  ["Password2024", "weak"],
  ["qwertz", "weak"],
  ["aaaaaaaaaaaaaaaaaaaa", "weak"],
  ["abcabcabcabcabc", "weak"],
  ["Summer2025", "weak"],
  ["tiger", "weak"],
  ["green tiger", "weak"],
  ["green tiger sings", "fair"],
  ["kV7#qa", "fair"],
  ["seven quiet otters swim north", "strong"],
  ["kV7#qa92Lm!x", "strong"],
  ["süße Bären tanzen nachts heimlich", "strong"],
  ["龍が空を飛んで海を渡り山へ帰る夜", "strong"],
] as const)("%j is %s", (password, level) => {
  expect(passwordStrength(password)?.level).toBe(level);
});

test("no password has no strength", () => {
  expect(passwordStrength("")).toBeNull();
});

test("more of anything is never weaker by much, and a long text takes no time", () => {
  expect(bitsOf("green tiger sings low")).toBeGreaterThan(bitsOf("green tiger sings"));
  const before = process.cpuUsage();
  bitsOf("ab1".repeat(5_000));
  expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
});
