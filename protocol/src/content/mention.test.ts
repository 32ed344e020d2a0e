import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../wire/limits.ts";
import { mentionsMate } from "./mention.ts";

const ASKS = {
  "M1: alone": "@OpenMates",
  "M1: in lower case": "@openmates what is this?",
  "M1: in upper case": "HEY @OPENMATES!",
  "M1: in the middle of a sentence": "could @OpenMates explain that?",
  "M1: with a comma": "@OpenMates, please",
  "M1: with a colon": "@OpenMates: please",
  "M1: at the end of a sentence": "Ask @OpenMates.",
  "M1: before an ellipsis": "@OpenMates...please",
  "M1: before a dash": "@OpenMates—please",
  "M1: before two hyphens": "@OpenMates--please",
  "M1: after a hyphen that is a dash": "thanks -@OpenMates",
  "M1: directly after a full stop": "Done.@OpenMates what next?",
  "M1: in parentheses": "(@OpenMates?)",
  "M1: in quotation marks": 'He wrote "@OpenMates" there',
  "M1: possessive": "@OpenMates's answer",
  "M1: possessive with a curly apostrophe": "@OpenMates\u{2019}s answer",
  "M1: after an emoji": "\u{2764}\u{fe0f}@OpenMates",
  "M1: before an emoji": "@OpenMates\u{1f44b}",
  "M1: on a line of its own": "Look at this.\n@OpenMates\nThanks",
  "M1: after a Windows line end": "Look at this.\r\n\r\n@OpenMates",
  "M1: a second one counts when the first does not": "`@OpenMates` is how you call @OpenMates",
  "M2: Chinese directly behind": "@OpenMates你好",
  "M2: Chinese directly before": "你好@OpenMates",
  "M2: Japanese behind": "@OpenMatesさん、お願い",
  "M2: a Korean particle behind": "@OpenMates에게 물어봐",
  "M2: Thai on both sides": "ถาม@OpenMatesหน่อย",
  "M2: a full-width comma": "@OpenMates，你好",
  "M2: an ideographic full stop before": "好。@OpenMates",
  "M3: bold": "**@OpenMates** please",
  "M3: italic with underscores": "_@OpenMates_ please",
  "M3: bold with underscores": "__@OpenMates__ please",
  "M3: in a heading": "# @OpenMates",
  "M3: in a list": "- one\n- @OpenMates two",
  "M3: in a nested list": "- one\n  1. @OpenMates two",
  "M3: in a loose list": "- one\n\n- two\n\n  @OpenMates three",
  "M3: in a task": "- [ ] @OpenMates",
  "M3: in a table's cell": "| a | b |\n|---|---|\n| c | @OpenMates |",
  "M3: in a table's head": "| @OpenMates | b |\n|---|---|\n| c | d |",
  "M3: in an inline tag that is no code": "<b>@OpenMates</b>",
  "M4: below a quote": "> what they said\n\n@OpenMates is that so?",
  "M4: directly below a quote": "> what they said\n@OpenMates is that so?",
  "M5: beside code": "`x`@OpenMates",
  "M5: behind a lone backtick": "a ` b @OpenMates",
  "M5: after a fence was closed": "```\ncode\n```\n@OpenMates explain",
  "M6: in brackets that are no link": "[@OpenMates]",
  "M6: in brackets before parentheses that are no address": "[@OpenMates](what do you think)",
  "M6: beside a link": "https://example.org @OpenMates",
  "M6: in angle brackets that are no tag": "<@OpenMates>",
  "M7: behind an HTML comment": "a <!-- x --> @OpenMates",
  "M7: behind a comment that is never closed": "a <!-- @OpenMates",
  "M8: between tildes that strike nothing out": "from ~ 5 @OpenMates to ~ 6",
};

const DOES_NOT_ASK = {
  "M1: no mention at all": "OpenMates is a name",
  "M1: a longer name": "@OpenMatesBot",
  "M1: a name with a digit": "@OpenMates2",
  "M1: a name with an underscore": "@OpenMates_bot",
  "M1: a name with a hyphen": "@OpenMates-bot",
  "M1: an accent behind": "@OpenMates\u{301}",
  "M1: a Cyrillic letter behind": "@OpenMatesу",
  "M1: two at signs": "@@OpenMates",
  "M1: an address": "me@openmates.org",
  "M1: an address of a host without a dot": "me@openmates",
  "M1: an address with a plus": "me+@openmates",
  "M1: a host": "@openmates.org",
  "M1: a scope": "npm i @openmates/share",
  "M1: a path": "node_modules/@openmates",
  "M1: an account on another server": "@OpenMates@social.example",
  "M1: a full-width at sign": "＠OpenMates",
  "M1: a small at sign": "\u{fe6b}OpenMates",
  "M1: a name of full-width letters": "@ＯｐｅｎＭａｔｅｓ",
  "M1: a name with Cyrillic letters that look the same": "@\u{41e}penM\u{430}tes",
  "M1: a name with a long s": "@OpenMate\u{17f}",
  "M1: a name with an accent inside": "@Ope\u{301}nMates",
  "M1: a name with a sign inside that nobody sees": "@Open\u{200b}Mates",
  "M1: an accented letter in front": "e\u{301}@OpenMates",
  "M3: underscores inside a word": "foo_@OpenMates",
  "M4: in a quote": "> @OpenMates",
  "M4: in a quote in a list": "- > @OpenMates",
  "M4: in a quote in a quote": "> > @OpenMates",
  "M4: in a list in a quote": "> - @OpenMates",
  "M5: in a code span": "`@OpenMates`",
  "M5: in a code span with two backticks": "`` a ` @OpenMates ``",
  "M5: in a code span over two lines": "`a\n@OpenMates`",
  "M5: in a fence": "```\n@OpenMates\n```",
  "M5: in a fence of tildes": "~~~ts\n@OpenMates\n~~~",
  "M5: in a fence that is never closed": "```\n@OpenMates",
  "M5: in indented code": "text\n\n    @OpenMates",
  "M5: in an HTML code element": "say <code>@OpenMates</code>",
  "M6: the text of a link": "[@OpenMates](https://example.org)",
  "M6: the text of a link with a title": '[ask @OpenMates](<https://example.org> "now")',
  "M6: the address of a link": "[x](https://example.org/@OpenMates)",
  "M6: the title of a link": '[x](/y "@OpenMates")',
  "M6: the text of a reference": "[@OpenMates][a]\n\n[a]: https://example.org",
  "M6: a reference by its own name": "[@OpenMates]\n\n[@openmates]: https://example.org",
  "M6: a link definition": "[a]: https://example.org/@OpenMates",
  "M6: an image's description": "![@OpenMates](a.png)",
  "M6: a bare address": "https://example.org/@OpenMates",
  "M6: a bare address without scheme": "www.example.org/@OpenMates",
  "M6: a bare address with a query": "https://example.org/?to=@OpenMates",
  "M6: an autolink": "<https://example.org/@OpenMates>",
  "M6: an HTML link": '<a href="https://example.org">@OpenMates</a>',
  "M7: escaped": "\\@OpenMates",
  "M7: in a block of HTML": "<div>@OpenMates</div>",
  "M7: in an HTML comment": "a <!-- @OpenMates --> b",
  "M7: in an HTML comment with an angle bracket": "a <!-- x > @OpenMates --> b",
  "M7: in an attribute": 'a <b title="@OpenMates">b</b>',
  "M7: written with an entity": "&#64;OpenMates",
  "M8: struck out": "~~@OpenMates~~ never mind",
  "M8: struck out by one tilde": "~@OpenMates~ never mind",
};

describe("a text asks the mate", () => {
  it.each(Object.entries(ASKS))("%s", (_, text) => expect(mentionsMate(text)).toBe(true));
});

describe("a text does not ask the mate", () => {
  it.each(Object.entries(DOES_NOT_ASK))("%s", (_, text) => expect(mentionsMate(text)).toBe(false));
});

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
    const start = performance.now();
    mentionsMate(text);
    expect(performance.now() - start).toBeLessThan(3000);
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
