import { render } from "preact";
import { afterAll, describe, expect, test } from "vitest";
import { Markdown } from "./markdown.tsx";

/**
 * What GitHub's flavour adds to CommonMark: each rule of its specification by cases of our own, and its limits. What we
 * show is told in the specification's elements, so that a case reads like one of its examples.
 */
const place = document.createElement("div");
document.body.append(place);
afterAll(() => place.remove());

function shown(markdown: string): string {
  render(<Markdown text={markdown} />, place);
  const root = place.querySelector(".markdown");
  const told = root ? inside(root) : "";
  render(null, place);
  return told.replace(/\s+/g, " ").trim();
}

function inside(node: Node): string {
  return [...node.childNodes].map(outside).join("");
}

function outside(node: Node): string {
  if (!(node instanceof Element)) return node.textContent ?? "";
  const name = node.tagName.toLowerCase();
  if (name === "svg" || name === "figcaption") return "";
  if (node.classList.contains("task")) return node.classList.contains("done") ? "[x] " : "[ ] ";
  if (name === "a") return `<a ${node.getAttribute("href")}>${inside(node)}</a>`;
  if (["div", "span", "figure", "thead", "tbody"].includes(name)) return inside(node);
  const align = /align-(\w+)/.exec(node.className)?.[1];
  return `<${name}${align ? ` ${align}` : ""}>${inside(node)}</${name}>`;
}

const head = (...cells: string[]) => `<tr>${cells.map((cell) => `<th>${cell}</th>`).join("")}</tr>`;
const row = (...cells: string[]) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
const table = (...rows: string[]) => `<table>${rows.join("")}</table>`;

describe("tables", () => {
  test.each([
    ["with bars around", "| a | b |\n| - | - |\n| 1 | 2 |", table(head("a", "b"), row("1", "2"))],
    ["without", "a | b\n- | -\n1 | 2", table(head("a", "b"), row("1", "2"))],
    ["of one column", "| a |\n| - |\n| 1 |", table(head("a"), row("1"))],
    ["of a header alone", "| a | b |\n| - | - |", table(head("a", "b"))],
    [
      "with sides",
      "| a | b | c | d |\n| :- | :-: | -: | - |\n| 1 | 2 | 3 | 4 |",
      "<table><tr><th left>a</th><th center>b</th><th right>c</th><th>d</th></tr>" +
        "<tr><td left>1</td><td center>2</td><td right>3</td><td>4</td></tr></table>",
    ],
    ["with a bar in a cell", "| a |\n| - |\n| x \\| y |", table(head("a"), row("x | y"))],
    ["with a bar in code", "| a |\n| - |\n| `x \\| y` |", table(head("a"), row("<code>x | y</code>"))],
    ["with spans in it", "| a |\n| - |\n| **x** ~~y~~ |", table(head("a"), row("<strong>x</strong> <del>y</del>"))],
    ["with cells missing", "| a | b |\n| - | - |\n| 1 |", table(head("a", "b"), row("1", ""))],
    ["with too many cells", "| a |\n| - |\n| 1 | 2 |", table(head("a"), row("1"))],
    ["up to a quote", "| a |\n| - |\n| 1 |\n> q", `${table(head("a"), row("1"))}<blockquote><p>q</p></blockquote>`],
    ["up to an empty line", "| a |\n| - |\n| 1 |\n\nb", `${table(head("a"), row("1"))}<p>b</p>`],
    ["whose rows go on without bars", "| a |\n| - |\n| 1 |\n2", table(head("a"), row("1"), row("2"))],
    ["below a text", "text\n| a |\n| - |\n| 1 |", `<p>text</p>${table(head("a"), row("1"))}`],
    ["not where the numbers of cells differ", "| a | b |\n| - |\n| 1 |", "<p>| a | b | | - | | 1 |</p>"],
  ])("%s", (_, markdown, expected) => {
    expect(shown(markdown)).toBe(expected);
  });
});

describe("strikethrough", () => {
  test.each([
    ["of two tildes", "~~a~~ b", "<p><del>a</del> b</p>"],
    ["of one", "~a~ b", "<p><del>a</del> b</p>"],
    ["within emphasis", "**a ~~b~~**", "<p><strong>a <del>b</del></strong></p>"],
    ["not of three", "a ~~~b~~~", "<p>a ~~~b~~~</p>"],
    ["not over paragraphs", "a ~~b\n\nc~~ d", "<p>a ~~b</p><p>c~~ d</p>"],
    ["not of signs that differ", "~~a~ b", "<p>~~a~ b</p>"],
    ["not around nothing", "~~ ~~ a", "<p>~~ ~~ a</p>"],
    ["not of ranges, unlike GitHub", "5~10 and 20~30 minutes", "<p>5~10 and 20~30 minutes</p>"],
    ["not up to a range", "~100 and 5~10, 3~5天6~8天", "<p>~100 and 5~10, 3~5天6~8天</p>"],
  ])("%s", (_, markdown, expected) => {
    expect(shown(markdown)).toBe(expected);
  });
});

describe("task lists", () => {
  test.each([
    ["done and not", "- [x] a\n- [ ] b", "<ul><li>[x] a</li><li>[ ] b</li></ul>"],
    ["with a capital", "- [X] a", "<ul><li>[x] a</li></ul>"],
    ["with numbers", "1. [x] a\n2. [ ] b", "<ol><li>[x] a</li><li>[ ] b</li></ol>"],
    ["in each other", "- [x] a\n  - [ ] b", "<ul><li>[x] a<ul><li>[ ] b</li></ul></li></ul>"],
    ["not without a space", "- [x]a", "<ul><li>[x]a</li></ul>"],
    ["not in the middle", "- a [x] b", "<ul><li>a [x] b</li></ul>"],
    ["not outside of lists", "[x] a", "<p>[x] a</p>"],
  ])("%s", (_, markdown, expected) => {
    expect(shown(markdown)).toBe(expected);
  });

  test("what is none is text and no box", () => {
    render(<Markdown text={"- [x]a\n- a [x] b"} />, place);
    expect(place.querySelector(".task")).toBeNull();
    render(null, place);
  });
});

const link = (address: string, words = address) => `<a ${address}>${words}</a>`;

describe("addresses that were typed", () => {
  test.each([
    ["https://example.org/a?b=c", `<p>${link("https://example.org/a?b=c")}</p>`],
    ["www.example.org", `<p>${link("http://www.example.org/", "www.example.org")}</p>`],
    ["See https://example.org/a.", `<p>See ${link("https://example.org/a")}.</p>`],
    ["(https://example.org/a)", `<p>(${link("https://example.org/a")})</p>`],
    ["https://example.org/a_(b)", `<p>${link("https://example.org/a_(b)")}</p>`],
    ["https://example.org/a, and", `<p>${link("https://example.org/a")}, and</p>`],
    ["**https://example.org/a**", `<p><strong>${link("https://example.org/a")}</strong></p>`],
    ["https://example.org/a<b", `<p>${link("https://example.org/a")}<b</p>`],
    ["ada@example.org", `<p>${link("mailto:ada@example.org", "ada@example.org")}</p>`],
    ["ada@example.org.", `<p>${link("mailto:ada@example.org", "ada@example.org")}.</p>`],
    ["`https://example.org`", "<p><code>https://example.org</code></p>"],
    ["javascript:alert(1)", "<p>javascript:alert(1)</p>"],
    ["ada@localhost", "<p>ada@localhost</p>"],
  ])("%s", (markdown, expected) => {
    expect(shown(markdown)).toBe(expected);
  });
});

describe("footnotes", () => {
  const words = (markdown: string) => {
    render(<Markdown text={markdown} />, place);
    const marks = [...place.querySelectorAll(".note-mark")].map(({ textContent }) => textContent);
    const notes = [...place.querySelectorAll(".notes li")].map(({ textContent }) => textContent?.trim());
    const text = place.textContent ?? "";
    render(null, place);
    return { marks, notes, text };
  };

  test.each([
    ["with a number", "a[^1]\n\n[^1]: Note", ["1"], ["Note"]],
    ["with a name", "a[^long-name]\n\n[^long-name]: Note", ["1"], ["Note"]],
    ["used twice", "a[^1] b[^1]\n\n[^1]: Note", ["1", "1"], ["Note"]],
    ["before it is used", "[^1]: Note\n\na[^1]", ["1"], ["Note"]],
    ["right behind each other", "a[^1] b[^2]\n\n[^1]: One\n[^2]: Two", ["1", "2"], ["One", "Two"]],
    ["right below a text", "a[^1]\n[^1]: Note", ["1"], ["Note"]],
    ["in a table", "| a[^1] |\n| - |\n| b |\n\n[^1]: Note", ["1"], ["Note"]],
    ["of several paragraphs", "a[^1]\n\n[^1]: One\n\n    Two", ["1"], ["OneTwo"]],
    ["not in code", "`a[^1]`\n\n[^1]: Note", [], ["Note"]],
  ])("%s", (_, markdown, marks, notes) => {
    expect(words(markdown)).toMatchObject({ marks, notes });
  });

  test("that nobody wrote stay text", () => {
    expect(words("a[^1] b")).toEqual({ marks: [], notes: [], text: "a[^1] b" });
  });
});
