import { expect, it } from "vitest";
import { sharedOf } from "./shared-mark.ts";

const READ = new Set(["read-only"] as const);
const WRITE = new Set(["collaborative"] as const);
const NONE = new Set<never>();

it.each([
  ["in the shared part, while the links are not known", 3, null, false, "shared"],
  ["in the shared part of a chat with a link to read", 3, READ, false, "shared"],
  ["in the shared part of a chat with a link to write together", 3, WRITE, false, "shared"],
  ["in a chat that no link opens", 3, NONE, false, "private"],
  ["in a chat that no link opens any more, with people in it", 3, NONE, true, "group"],
  ["after the shared part, with a link to read", 4, READ, false, "private"],
  ["after the shared part, with a link that lets people in who see everything", 4, WRITE, false, "group"],
  ["after the shared part, with people in it", 4, READ, true, "group"],
])("a message %s", (_, seq, opens, together, mark) => {
  expect(sharedOf(seq, { sharedThrough: 3, opens, together })).toBe(mark);
});
