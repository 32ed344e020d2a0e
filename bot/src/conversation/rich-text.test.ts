import { expect, test } from "vitest";
import { blocksMarkdown } from "./blocks-markdown.ts";
import { richTextMarkdown } from "./rich-text.ts";

const names = {
  person: (user: string) => ({ U1: "Ada" })[user] ?? null,
  channel: (channel: string) => ({ C1: "general" })[channel] ?? null,
  group: (group: string) => ({ S1: "editors" })[group] ?? null,
};

const text = (words: string, style: object | null = null) => ({
  type: "text",
  text: words,
  ...(style ? { style } : {}),
});
const section = (...elements: object[]) => ({ type: "rich_text_section", elements });
const list = (style: string, indent: number, ...items: string[]) => ({
  type: "rich_text_list",
  style,
  indent,
  elements: items.map((item) => section(text(item))),
});
const rich = (...elements: object[]) => ({ type: "rich_text", block_id: "b", elements });

test.each([
  ["words", [text("one\ntwo")], "one  \ntwo"],
  [
    "emphasis",
    [text("a "), text("bold ", { bold: true }), text("both", { bold: true, italic: true })],
    "a **bold** ***both***",
  ],
  ["struck out", [text("no", { strike: true })], "~~no~~"],
  ["code", [text("a*b`c", { code: true })], "``a*b`c``"],
  ["marks that are none", [text("2*3 _x_ [y] # z")], "2\\*3 \\_x\\_ \\[y\\] # z"],
  ["a sign that is no quote", [text("> really")], "\\> really"],
  ["a link", [{ type: "link", url: "https://a.example", text: "there" }], "[there](https://a.example)"],
  ["a bare link", [{ type: "link", url: "https://a.example" }], "<https://a.example>"],
  ["a link that runs a script", [{ type: "link", url: "javascript:alert(1)", text: "x" }], "x"],
  ["people", [{ type: "user", user_id: "U1" }, text(" "), { type: "user", user_id: "U9" }], "@Ada @someone"],
  ["a channel", [{ type: "channel", channel_id: "C1" }], "#general"],
  ["a group", [{ type: "usergroup", usergroup_id: "S1" }], "@editors"],
  ["everybody", [{ type: "broadcast", range: "here" }], "@here"],
  [
    "emoji",
    [
      { type: "emoji", name: "tada" },
      { type: "emoji", name: "wave", skin_tone: 3 },
    ],
    "🎉👋🏼",
  ],
  ["newer emoji", [{ type: "emoji", name: "not-yet", unicode: "1f389" }], "🎉"],
  ["a workspace's own emoji", [{ type: "emoji", name: "our-logo" }], ":our-logo:"],
  ["a date", [{ type: "date", timestamp: 1392734382, format: "{date_long}" }], "Tuesday, 18 February 2014"],
  ["a date with a text", [{ type: "date", timestamp: 1, format: "{ago}", fallback: "long ago" }], "long ago"],
  ["a colour", [{ type: "color", value: "#fff" }], "#fff"],
  ["what comes later", [{ type: "hologram", text: "hi" }], "hi"],
])("writes %s as markdown", (_, elements, markdown) => {
  expect(richTextMarkdown(rich(section(...elements)), names)).toBe(markdown);
});

test("writes nested lists, numbers that begin later, quotes and code", () => {
  const markdown = richTextMarkdown(
    rich(
      section(text("Plan:")),
      list("bullet", 0, "one", "two"),
      list("ordered", 1, "first", "second\nline"),
      list("bullet", 0, "three"),
      { ...list("ordered", 0, "ninth"), offset: 8 },
      { type: "rich_text_quote", elements: [text("said\nso")] },
      { type: "rich_text_preformatted", language: "ts", elements: [text("const a = `*b*`;\n\nlet c;")] },
    ),
    names,
  );
  expect(markdown).toBe(
    [
      "Plan:",
      "",
      "- one",
      "- two",
      "   1. first",
      "   2. second  ",
      "      line",
      "- three",
      "9. ninth",
      "",
      "> said  ",
      "> so",
      "",
      "```ts",
      "const a = `*b*`;",
      "",
      "let c;",
      "```",
    ].join("\n"),
  );
});

test("writes the other blocks of apps", () => {
  const markdown = blocksMarkdown(
    [
      { type: "header", text: { type: "plain_text", text: "Build *42*" } },
      {
        type: "section",
        text: { type: "mrkdwn", text: "*failed* for <@U1>" },
        fields: [{ type: "plain_text", text: "a_b" }],
      },
      { type: "divider" },
      {
        type: "context",
        elements: [
          { type: "image", image_url: "x" },
          { type: "mrkdwn", text: "now" },
        ],
      },
      { type: "markdown", text: "**as it is**" },
      {
        type: "table",
        rows: [
          [
            { type: "raw_text", text: "a" },
            { type: "raw_text", text: "b|c" },
          ],
          [rich(section(text("1"))), { type: "raw_text", text: "2\n3" }],
        ],
      },
      { type: "actions", elements: [{ type: "button", text: { type: "plain_text", text: "Press" } }] },
      null,
    ],
    names,
  );
  expect(markdown).toBe(
    "**Build \\*42\\***\n\n**failed** for @Ada\n\na\\_b\n\n---\n\nnow\n\n**as it is**\n\n| a | b\\|c |\n| --- | --- |\n| 1 | 2 3 |",
  );
});
