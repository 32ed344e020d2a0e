import { expect, test } from "vitest";
import type { Choice } from "./reader-messages.ts";
import { listed, type Order } from "./selection.ts";

const choice = (title: string, time: number | null, messageCount: number): Choice => ({
  title,
  time,
  messageCount,
  branches: [],
});
const CHOICES = [choice("Bread, baked", 2, 5), choice("Bridges", null, 9), choice("Bread again", 7, 1)];

test.each<[Order, string, number[]]>([
  ["newest", "", [2, 0, 1]],
  ["oldest", "", [0, 2, 1]],
  ["longest", "", [1, 0, 2]],
  ["title", "", [2, 0, 1]],
  ["newest", "BREAD", [2, 0]],
  ["newest", " bread  baked ", [0]],
  ["newest", "cake", []],
])("%s of “%s”", (order, query, expected) => {
  expect(listed(CHOICES, { query, order }).map(({ index }) => index)).toEqual(expected);
});
