import { expect, it } from "vitest";
import { mentionsMe } from "./mentions-me.ts";

it.each([
  ["Hello @Ann!", "Ann", true],
  ["hello @ann", "Ann", true],
  ["@Ann Lee, look", "Ann Lee", true],
  ["(@Ann)", "Ann", true],
  ["@Ánna", "Ánna", true],
  ["سلام @سارة", "سارة", true],
  ["@Anna", "Ann", false],
  ["me@Ann.org", "Ann", false],
  ["Ann", "Ann", false],
  ["@Anna and @Ann", "Ann", true],
  ["anything @", " ", false],
])("%j mentions %j: %j", (text, name, expected) => {
  expect(mentionsMe(text, name)).toBe(expected);
});
