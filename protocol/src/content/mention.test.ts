import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../wire/limits.ts";
import { mentionsMate } from "./mention.ts";

describe("M9: any text is decided in bounded time", () => {
  const longest = LIMITS.mentionCharacters;
  const sample = "@OpenMates ";
  const fill = (piece: string, length: number) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

  it("up to the limit a mention is found, beyond it is not looked for", () => {
    expect(mentionsMate(sample + "a".repeat(longest - sample.length))).toBe(true);
    expect(mentionsMate(sample + "a".repeat(longest - sample.length + 1))).toBe(false);
  });

  it("forty quotes or lists in each other are not looked into", () => {
    expect(mentionsMate(`${"- ".repeat(39)}@OpenMates`)).toBe(true);
    expect(mentionsMate(`${"- ".repeat(40)}@OpenMates`)).toBe(false);
  });

  // These take lexers quadratic time or their whole stack. The bound is generous: quadratic would be minutes.
  const hostile = [">", "> ", "- ", "1. ", "*a_", "a_", "a.b-c_d+", "[", "](", "[a](<", "[a][", "![", "<a ", "<!--"];
  const more = [
    "`a",
    "``` \n",
    "~~a~",
    "~a~~ ",
    "\\[",
    "www.",
    "&a",
    "\n",
    "|a",
    "a|b\n-|-\n",
    "[a]: b\n",
    "_@openmatesa",
  ];
  it.each([...hostile, ...more])("%j, over and over", (piece) => {
    const text = `${fill(piece, longest - 20)} @openmatesx`;
    const before = process.cpuUsage();
    mentionsMate(text);
    // The processor's time, which other programs do not lengthen. Microseconds.
    expect(process.cpuUsage(before).user).toBeLessThan(3_000_000);
  });

  it("no text makes it throw", () => {
    const pieces = fc.constantFrom(
      "@OpenMates",
      ..."`*_~<>[]()!\\|#-+ \n\t1.:/",
      "a",
      "你",
      "\u{d800}",
      "```\n",
      "> ",
      "- ",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        expect(typeof mentionsMate(parts.join(""))).toBe("boolean");
      }),
      { numRuns: 2000 },
    );
  });
});
