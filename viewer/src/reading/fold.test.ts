import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findAll, fold } from "./fold.ts";

function found(text: string, query: string): string[] {
  return findAll(text, fold(query)).map(([start, end]) => text.slice(start, end));
}

describe("searching", () => {
  it.each([
    ["Königsberg", "konigsberg", ["Königsberg"]],
    ["Ko\u0308nigsberg and KÖNIG", "könig", ["Ko\u0308nig", "KÖNIG"]],
    ["a **bold** word", "bold word", ["bold** word"]],
    ["two\n  lines", "two lines", ["two\n  lines"]],
    ["ﬁne", "fine", ["ﬁne"]],
    ["ΟΔΟΣ οδος", "οδός", ["ΟΔΟΣ", "οδος"]],
    ["aaaa", "aa", ["aa", "aa"]],
    ["nothing here", "there", []],
    ["𝒳 marks", "x", ["𝒳"]],
  ])("finds in %j for %j what a person means", (text, query, expected) => {
    expect(found(text, query)).toEqual(expected);
  });

  it("finds places in order, without overlap, that fold to what was asked for", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 60 }),
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 4 }),
        (text, asked) => {
          const query = fold(asked);
          let end = 0;
          for (const [from, to] of findAll(text, query)) {
            expect(from).toBeGreaterThanOrEqual(end);
            expect(to).toBeGreaterThan(from);
            expect(fold(text.slice(from, to)).replace(/ /g, "")).toContain(query.replace(/ /g, ""));
            end = to;
          }
        },
      ),
    );
  });

  it("finds nothing for nothing", () => {
    expect(findAll("text", fold("**"))).toEqual([]);
  });
});
