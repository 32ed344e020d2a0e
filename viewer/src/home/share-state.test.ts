import { expect, test } from "vitest";
import { shareStateOf } from "./share-state.ts";

const READ = {
  shareMode: "public",
  links: 1,
  fullLinks: 0,
  expiredLinks: 0,
  collaborative: false,
  members: 0,
  lastSeq: 5,
  sharedThrough: 5,
} as const;

test.each([
  ["a public link", {}, "Public link", 0],
  ["a link beside an expired one", { expiredLinks: 1 }, "Public link", 0],
  ["messages that are not shared yet", { lastSeq: 8 }, "Public link", 3],
  ["named people", { shareMode: "shared_with_user" }, "Named people", 0],
  ["people who write", { collaborative: true }, "Group chat", 0],
  ["people who write, and see everything", { collaborative: true, lastSeq: 8 }, "Group chat", 0],
  ["people who write, and others who read", { collaborative: true, links: 2, lastSeq: 8 }, "Group chat", 3],
  [
    "links only that are expired or full",
    { shareMode: "private", links: 0, expiredLinks: 2, lastSeq: 8 },
    "Expired or full",
    0,
  ],
  ["a full link only", { fullLinks: 1 }, "Expired or full", 0],
  ["a full link beside another", { links: 2, fullLinks: 1 }, "Public link", 0],
  ["no link any more", { shareMode: "private", links: 0, lastSeq: 8 }, "Only you", 0],
] as const)("%s", (_what, change, name, waiting) => {
  expect(shareStateOf({ ...READ, ...change })).toMatchObject({ name, waiting });
});
