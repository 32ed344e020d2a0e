import { describe, expect, it } from "vitest";
import { isEmoji } from "./emoji.ts";

const ZWJ = "\u{200d}";
const MAN = "\u{1f468}";

describe("C14: one emoji is", () => {
  it.each([
    ["a picture", "\u{1f44d}"],
    ["a picture with a skin colour", "\u{1f44d}\u{1f3fd}"],
    ["a sign from before emoji", "\u{2764}"],
    ["the same as a picture", "\u{2764}\u{fe0f}"],
    ["a flag of a country", "\u{1f1e9}\u{1f1ea}"],
    ["a flag of a region", "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}"],
    ["a joined flag", `\u{1f3f3}\u{fe0f}${ZWJ}\u{1f308}`],
    ["a keycap", "1\u{fe0f}\u{20e3}"],
    ["a family", [MAN, "\u{1f469}", "\u{1f467}", "\u{1f466}"].join(ZWJ)],
    ["a place that Unicode has kept free", "\u{1faff}"],
    ["32 characters", `${MAN}\u{fe0f}${`${ZWJ}${MAN}`.repeat(9)}${ZWJ}\u{2764}`],
  ])("%s", (_, text) => {
    expect(isEmoji(text)).toBe(true);
  });

  it.each([
    ["nothing", ""],
    ["a letter", "a"],
    ["a digit", "5"],
    ["two", "\u{1f44d}\u{1f44d}"],
    ["one and a space", "\u{1f44d} "],
    ["one and a line", "\u{1f44d}\n"],
    ["half a flag", "\u{1f1e9}"],
    ["a joiner", ZWJ],
    ["one that goes on with nothing", `${MAN}${ZWJ}`],
    ["a skin colour for a letter", "a\u{1f3fd}"],
    ["one with letters turned round", "\u{1f44d}\u{202e}"],
    ["tags without an end", "\u{1f3f4}\u{e0067}\u{e0062}"],
    ["half a pair of surrogates", "\ud83d"],
    ["33 characters", `${MAN}${`${ZWJ}${MAN}`.repeat(10)}\u{fe0f}`],
  ])("not %s", (_, text) => {
    expect(isEmoji(text)).toBe(false);
  });
});
