import { expect, test } from "vitest";
import { lookOf } from "./look.ts";

test.each([
  ["Ada", " ada "],
  ["Ada", "Аdа"],
  ["Ada", "A\u200bda"],
  ["Ada", "Ada\u3164"],
  ["Ada", "A\u115fd\uffa0a"],
  ["Ada", "ꓮda"],
  ["Ada", "Ádà"],
  ["Ada", "Ａｄａ"],
  ["Ada Lovelace", "Ada-Lovelace"],
  ["Bill", "Bi11"],
  ["Carny", "Camy"],
  ["🙂", "🙂 "],
])("H3: %j and %j have one look", (a, b) => {
  expect(lookOf(a)).toBe(lookOf(b));
});

test.each([
  ["Ada", "Adam"],
  ["Bo", "Bob"],
  ["Bot 2", "Bot 6"],
  ["张伟", "张威"],
  ["🙂", "🙃"],
])("H3: %j and %j can be told apart", (a, b) => {
  expect(lookOf(a)).not.toBe(lookOf(b));
});
