import { expect, test } from "vitest";
import { excerpt, speakerOf } from "./speaker.ts";

test.each([
  [
    { role: "user", name: "", fallback: "You" },
    { name: "You", kind: "person" },
  ],
  [
    { role: "user", name: " Ana ", fallback: "You" },
    { name: "Ana", kind: "person" },
  ],
  [
    { role: "assistant", name: "", fallback: "You" },
    { name: "Assistant", kind: "assistant" },
  ],
  [
    { role: "tool", name: "python", fallback: "You" },
    { name: "python", kind: "tool" },
  ],
  [
    { role: "system", name: "", fallback: "You" },
    { name: "System", kind: "system" },
  ],
] as const)("%j speaks as %j", (message, speaker) => {
  expect(speakerOf(message)).toEqual(speaker);
});

test("an excerpt is one line without markdown's signs, and says when there is more", () => {
  expect(excerpt("# Plan\n\n> **Buy** `milk`\n```js\nand\n```", 40)).toBe("Plan Buy milk and");
  expect(excerpt("word ".repeat(100), 12)).toBe("word word wo…");
  expect(excerpt("a * b _c_", 40)).toBe("a * b _c_");
});

test("a name with nothing to be seen in it is none, and one cannot turn its line around", () => {
  expect(speakerOf({ role: "user", name: "\u200b\u202e", fallback: "Guest" }).name).toBe("Guest");
  expect(speakerOf({ role: "user", name: "Ana\u202e\nB", fallback: "Guest" }).name).toBe("Ana B");
});
