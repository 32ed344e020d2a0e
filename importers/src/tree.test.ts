import { describe, expect, it } from "vitest";
import { branchesOf, pieceOf, rawOf } from "../tests/tree-fixture.ts";
import { importedConversation, shapeConversation } from "./conversation.ts";

describe("the branches of a conversation", () => {
  it("leave the shown path behind what they have in common with it", () => {
    const raw = rawOf([-1, 0, 1, 0, 3], { roles: "uauau", shown: 4 });
    expect(branchesOf(raw)).toEqual([{ id: "2", after: 1, messageCount: 2, words: "1" }]);
    expect(branchesOf({ ...raw, shown: 2 })).toEqual([{ id: "4", after: 1, messageCount: 2, words: "3" }]);
  });

  it("are other wordings of the first question, too", () => {
    expect(branchesOf(rawOf([-1, 0, -1, 2], { roles: "uaua", shown: 3 }))).toEqual([
      { id: "1", after: 0, messageCount: 2, words: "0" },
    ]);
  });

  it("can go on behind the end of what was shown", () => {
    expect(branchesOf(rawOf([-1, 0, 1, 2], { roles: "uaua", shown: 1 }))).toEqual([
      { id: "3", after: 2, messageCount: 2, words: "2" },
    ]);
  });

  it("are each counted from where they leave what was shown, also when they fork again", () => {
    expect(branchesOf(rawOf([-1, 0, 1, 2, 2, 0], { roles: "uauaaa", shown: 5 }))).toEqual([
      { id: "3", after: 1, messageCount: 3, words: "1" },
      { id: "4", after: 1, messageCount: 3, words: "1" },
    ]);
  });

  it("that leave within an answer have another answer from its beginning", () => {
    // A question, the call of a tool, and two answers after it.
    const raw = rawOf([-1, 0, 1, 1], { roles: "utaa", shown: 3 });
    expect(branchesOf(raw)).toEqual([{ id: "2", after: 1, messageCount: 1, words: "2" }]);
    expect(shapeConversation(raw, "2")?.messages).toHaveLength(2);
  });

  it("are none where only what was never on screen differs", () => {
    const raw = rawOf([-1, 0, 1, 1, 0], { roles: "ua---", shown: 2 });
    expect(branchesOf(raw)).toEqual([]);
  });

  it("are what was shown, for a branch that there is not", () => {
    const entry = importedConversation(() => rawOf([-1, 0, 0], { roles: "uaa", shown: 1 }));
    for (const id of ["x", "-1", "7", "1e9", ""]) expect(entry?.read(id)).toEqual(entry?.read());
  });
});

describe("a tree made to do harm", () => {
  const count = 100_000;
  const shapes: [string, (index: number) => number][] = [
    ["one long loop", (index) => (index + 1) % count],
    ["nodes that are their own parents", (index) => index],
    ["a path in reverse order", (index) => (index === count - 1 ? -1 : index + 1)],
    ["as many branches as nodes", () => 0],
    ["a comb", (index) => (index % 2 === 0 ? index - 2 : index - 1)],
    ["parents that are not there", (index) => (index % 3 === 0 ? count * 2 : -5)],
  ];

  // Quadratic work would take hours.
  it.each(shapes)("is read in time that grows with its size alone: %s", (_, parent) => {
    const parents = Array.from({ length: count }, (_, index) => parent(index));
    const nodes = parents.map((before, index) => ({ parent: before, piece: pieceOf(index % 2 ? "a" : "u", index) }));
    const entry = importedConversation(() => ({ title: "", time: null, nodes, shown: count - 1 }));
    const last = entry?.branches.at(-1);
    if (last) expect(entry?.read(last.id).messages).toHaveLength(last.after + last.messageCount);
    expect(entry?.messageCount).toBeGreaterThan(0);
  });
});
