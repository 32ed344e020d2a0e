import { expect, test } from "vitest";
import { withoutCalls, withoutCallsSoFar } from "./calling-out.ts";

test.each([
  ["<!channel> now", "&lt;!channel> now"],
  ["<!subteam^S1|editors> and <@U1>, <#C1|general>", "&lt;!subteam^S1|editors> and &lt;@U1>, &lt;#C1|general>"],
  ["<!DOCTYPE html><!-- a comment --> a < b", "<!DOCTYPE html><!-- a comment --> a < b"],
])("%j calls nobody", (said, shown) => {
  expect(withoutCalls(said)).toBe(shown);
});

test("what grows into a call never shows one, and what was shown stays", () => {
  const whole = "Ask <!channel> or <b>";
  const shown = Array.from(whole, (_, at) => withoutCallsSoFar(whole.slice(0, at + 1)));
  for (const [at, text] of shown.entries()) {
    expect(text).not.toContain("<!");
    expect(text.startsWith(shown[at - 1] ?? "")).toBe(true);
  }
  expect(withoutCalls(whole).startsWith(shown.at(-1) ?? "-")).toBe(true);
});
