import { describe, expect, it } from "vitest";
import { changesInWords } from "./unshared.ts";

const none = { messages: 0, edits: 0, deletions: 0, reactions: 0 };

describe("what an update brings is said apart", () => {
  it.each([
    [{ messages: 1 }, "1 new message"],
    [{ messages: 2, edits: 1 }, "2 new messages, 1 edit"],
    [{ edits: 2, deletions: 1, reactions: 3 }, "2 edits, 1 deletion, 3 reactions"],
    [{}, "small changes"],
  ])("%j", (changes, words) => expect(changesInWords({ ...none, ...changes }, { fresh: true })).toBe(words));
});
