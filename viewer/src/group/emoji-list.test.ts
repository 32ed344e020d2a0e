import { isEmoji } from "@openmates-share/client";
import { expect, it } from "vitest";
import { EMOJI, findEmoji } from "./emoji-list.ts";
import { QUICK } from "./reacting.ts";

const all = EMOJI.flatMap(({ emoji }) => emoji);

it("has only what can be a reaction, each once and each with a name", () => {
  expect(all.filter(({ emoji }) => !isEmoji(emoji))).toEqual([]);
  expect(new Set(all.map(({ emoji }) => emoji)).size).toBe(all.length);
  expect(all.filter(({ name }) => name.trim() === "")).toEqual([]);
  for (const emoji of QUICK) expect(all.map((one) => one.emoji)).toContain(emoji);
});

it.each([
  ["thumbs up", "👍"],
  ["THUMB", "👍"],
  ["cake birth", "🎂"],
  ["coff", "☕"],
])("finds by %j first %s", (query, emoji) => {
  expect(findEmoji(query)[0]?.emoji).toBe(emoji);
});

it("finds nothing by what nothing is called", () => {
  expect(findEmoji("xyzzy")).toEqual([]);
});
