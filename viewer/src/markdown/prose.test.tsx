import fc from "fast-check";
import { renderToString } from "preact-render-to-string";
import { describe, expect, it } from "vitest";
import { Markdown } from "./markdown.tsx";
import { Prose, paragraphsOf } from "./prose.tsx";

const PIECES = [
  ..."abc é漢字!?.,;:'\"()/%{}0123456789-+=#*_`~|$&<>[]\\@^",
  "\n",
  "\n\n",
  " ",
  "  ",
  "\t",
  "\r\n",
  "http://x.example",
  "www.x.example",
  "1. ",
  "- ",
  "---",
  "===",
  "# ",
  "\u200b",
  "Some words. ",
  "And: more, (of) them – “so”!",
];

describe("prose", () => {
  it("looks as it does when it is read as markdown", () => {
    const texts = fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map((pieces) => pieces.join(""));
    let prose = 0;
    fc.assert(
      fc.property(texts, fc.boolean(), (text, breaks) => {
        const paragraphs = paragraphsOf(text);
        if (paragraphs === null) return;
        prose++;
        const expected = renderToString(<Markdown text={text} breaks={breaks} />);
        expect(renderToString(<Prose paragraphs={paragraphs} breaks={breaks} />)).toBe(expected);
      }),
      { numRuns: 20_000 },
    );
    expect(prose).toBeGreaterThan(500);
  });

  it.each([
    ["How long does rye bread rise, and why?", 1],
    ["One line\nand another.\n\nA second paragraph: 12 hours (or more)!", 2],
    ["早上好。你吃了吗？", 1],
  ])("is what has no signs: %j", (text, paragraphs) => {
    expect(paragraphsOf(text)).toHaveLength(paragraphs);
  });

  it.each([
    "a **b**",
    "see www.x.example",
    "1. one",
    "- one",
    "# one",
    "a\n===",
    "    code",
    "x_1",
    "$5",
    "a  \nb",
    "a\u202eb",
    "",
  ])("is not %j", (text) => {
    expect(paragraphsOf(text)).toBeNull();
  });
});
