import { resemblesMate } from "@openmates-share/client";
import { expect, test } from "vitest";
import { suggestName } from "./suggest-name.ts";

test("suggests a name that nobody in the chat has, and one all the same when all are taken", () => {
  const people: { name: string }[] = [];
  for (let at = 0; at < 24; at += 1) people.push({ name: suggestName(people) });
  expect(new Set(people.map(({ name }) => name)).size).toBe(24);
  expect(people.filter(({ name }) => resemblesMate(name))).toEqual([]);
  expect(people.map(({ name }) => name)).toContain(suggestName(people));
});
