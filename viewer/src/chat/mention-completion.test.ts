import { expect, test } from "vitest";
import { completeMention, suggestsMate } from "./mention-completion.ts";

test.each([
  ["@", true],
  ["hello @op", true],
  ["hello @OPENM", true],
  ["(@open", true],
  ["@openmates", true],
  ["me@open", false],
  ["@bob", false],
  ["@open mates", false],
  ["", false],
])("%j suggests the mate: %s", (text, suggested) => {
  expect(suggestsMate(text, text.length)).toBe(suggested);
});

test("the mention replaces what was begun of it, and the rest stays", () => {
  expect(completeMention("hi @op what now", 6)).toEqual({ text: "hi @OpenMates what now", caret: 14 });
});

test("without a beginning it is put at the caret, as a word of its own", () => {
  expect(completeMention("hello", 5)).toEqual({ text: "hello @OpenMates ", caret: 17 });
  expect(completeMention("", 0)).toEqual({ text: "@OpenMates ", caret: 11 });
});
