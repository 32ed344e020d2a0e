import { expect, test } from "vitest";
import { namedIn, toMarkdown } from "./mrkdwn.ts";

const names = {
  person: (user: string) => ({ U1: "Ada", U2: "Gr[a]ce", U3: "_x_" })[user] ?? null,
  channel: (channel: string) => ({ C1: "general" })[channel] ?? null,
  group: (group: string) => ({ S1: "editors" })[group] ?? null,
};

test.each([
  ["a person", "<@U1> hi", "@Ada hi"],
  ["a person with a label", "<@U9|someone.else>", "@someone.else"],
  ["a person nobody knows", "<@U9>", "@someone"],
  ["a name with brackets", "<@U2>", "@Gr\\[a\\]ce"],
  ["a channel", "<#C1>", "#general"],
  ["a channel with its name", "<#C2|random>", "#random"],
  ["a channel nobody may know", "<#C9>", "#a-channel"],
  ["everybody", "<!channel> <!here> <!everyone>", "@channel @here @everyone"],
  ["a group", "<!subteam^S1|@editors>", "@editors"],
  ["a date", "<!date^1392734382^{date}|18 Feb 2014>", "18 Feb 2014"],
  ["a link", "<https://a.example/b?c=1&amp;d=2>", "<https://a.example/b?c=1&d=2>"],
  ["a link with a label", "<https://a.example|the page>", "[the page](https://a.example)"],
  ["a link with parentheses", "<https://a.example/b_(c)|d>", "[d](https://a.example/b_%28c%29)"],
  ["a link that runs a script", "<javascript:alert(1)|click>", "click"],
  ["an address", "<mailto:ada@a.example|ada@a.example>", "ada@a.example"],
  ["bold, struck out and italic", "*yes* ~no~ _maybe_", "**yes** ~~no~~ _maybe_"],
  ["a bold link", "*<https://a.example|x>*", "**[x](https://a.example)**"],
  ["stars that are none", "2 * 3 * 4 and a*b*c", "2 * 3 * 4 and a*b*c"],
  ["code", "`a * b &lt; c`", "`a * b < c`"],
  ["a mention inside code", "`<@U1>`", "`<@U1>`"],
  ["escaped characters", "1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 \\< 2 && 3 > 2"],
  ["markup that was typed", "&lt;script&gt;", "\\<script>"],
  ["a number sign at the start", "# not a heading", "\\# not a heading"],
  ["a quote", "&gt; said so", "> said so"],
  ["a quote of two lines", "&gt; one\n&gt; two", "> one  \n> two"],
  ["an answer to a quote", "&gt; one\nno", "> one\n\nno"],
  ["a quote to the end", "so:\n&gt;&gt;&gt; one\n\ntwo", "so:\n> one  \n> \n> two"],
  ["text after bullets", "• one\nthat was all", "- one\n\nthat was all"],
  ["a name with underscores", "<@U3>", "@\\_x\\_"],
  ["bullets", "• one\n• two", "- one\n- two"],
  ["lines", "one\ntwo\n\nthree", "one  \ntwo\n\nthree"],
  ["emoji", ":tada: 🎉 :our-logo:", "🎉 🎉 :our-logo:"],
  ["emoji inside code", "`:tada:`", "`:tada:`"],
  ["a group without its name", "<!subteam^S1> <!subteam^S9>", "@editors @a-group"],
  ["a date without a text", "<!date^1392734382^Posted {date_short} at {time}>", "Posted 18 Feb 2014 at 14:39 UTC"],
  ["nothing", "", ""],
])("writes %s as markdown", (_, mrkdwn, markdown) => {
  expect(toMarkdown(mrkdwn, names)).toBe(markdown);
});

test("puts code blocks on lines of their own and leaves their text alone", () => {
  expect(toMarkdown("look: ```if (a &lt; b) {\n  *x*\n}```", names).trim()).toBe(
    "look: \n```\nif (a < b) {\n  *x*\n}\n```",
  );
});

test("finds the people and channels that are named", () => {
  expect(namedIn("<@U1> in <#C1|general> with <@W2|x> and <!subteam^S1>, not <!here>")).toEqual({
    people: ["U1", "W2"],
    channels: ["C1"],
    groups: ["S1"],
  });
});
