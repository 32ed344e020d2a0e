import { render } from "preact";
import { describe, expect, it } from "vitest";
import { directionOf } from "./direction.ts";
import { Markdown } from "./markdown.tsx";

it.each([
  ["one", "ltr"],
  ["أولاً", "rtl"],
  ["  12. **שלום** and more", "rtl"],
  ["and שלום", "ltr"],
  ["`npm start` شغّل", "rtl"],
  ["一番", "ltr"],
  ["12 %", "ltr"],
  ["", "ltr"],
  [`${" ".repeat(600)}שלום`, "ltr"],
] as const)("%j begins %s", (text, direction) => {
  expect(directionOf(text)).toBe(direction);
});

describe("what consists of parts", () => {
  it.each([
    ["- أولاً\n- second", "ul", "rtl"],
    ["1. first\n2. ثانياً", "ol", "ltr"],
    ["> اقتباس", "blockquote", "rtl"],
    ["| البند | Effort |\n|---|---|\n| a | b |", ".table", "rtl"],
    ["| Item | الجهد |\n|---|---|\n| a | b |", ".table", "ltr"],
  ])("begins where its first letter does: %j", (text, selector, direction) => {
    const place = document.createElement("div");
    render(<Markdown text={text} />, place);
    expect(place.querySelector(selector)?.getAttribute("dir")).toBe(direction);
  });
});
