import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { harmless, harmlessJson, harmlessLine } from "./harmless.ts";

describe("text for a terminal", () => {
  it.each([
    ["\u001b]0;owned\u0007title", "]0;ownedtitle"],
    ["\u001b[2J\u001b[1;1Hgone", "[2J[1;1Hgone"],
    ["\u009b31mred", "31mred"],
    ["safe\rEVIL", "safeEVIL"],
    ["a\b\u007fb", "ab"],
    ["\u202egpj.exe\u202c \u2066x\u2069 \u200fy", "gpj.exe x y"],
    ["one\u2028two\r\nthree\tfour", "one\ntwo\nthree\tfour"],
    ["half \ud83d", "half \ufffd"],
    ["👩‍👩‍👧 שלום 漢字", "👩‍👩‍👧 שלום 漢字"],
  ])("%j becomes %j", (text, expected) => {
    expect(harmless(text)).toBe(expected);
  });

  it("is the same whether it comes whole or in pieces", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" })), (pieces) => {
        expect(pieces.map(harmless).join("")).toBe(harmless(pieces.join("")));
      }),
    );
  });

  it("stays on one line for titles and names", () => {
    expect(harmlessLine(" a\n\n b\u2029\u001b[31mc ")).toBe("a b [31mc");
  });

  it("loses nothing as JSON, and has no character that a terminal obeys", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const json = harmlessJson({ text });
        expect(JSON.parse(json)).toEqual({ text });
        expect(harmless(json)).toBe(json);
      }),
    );
  });
});
