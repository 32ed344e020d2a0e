import { render } from "preact";
import { afterEach, describe, expect, test } from "vitest";
import { lex } from "./lex.ts";
import { MAX_AT_ONCE } from "./long-text.ts";
import { Markdown, renderMarkdown } from "./markdown.tsx";

/** Renders into a real document, so that what a browser would do with it can be asked. */
function show(text: string, breaks = false): HTMLElement {
  const place = document.createElement("div");
  document.body.append(place);
  render(<Markdown text={text} breaks={breaks} />, place);
  return place;
}

afterEach(() => {
  document.body.replaceChildren();
});

describe("hostile text", () => {
  const ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a <b onmouseover='alert(1)'>bold</b> word",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<style>body{display:none}</style>",
    "<base href='https://evil.example/'>",
    "<form action='https://evil.example'><input name=password></form>",
    "<!--><img src=x onerror=alert(1)>-->",
    "```html\n<script>alert(1)</script>\n```",
    "`<script>alert(1)</script>`",
    "| <img src=x onerror=alert(1)> |\n|---|\n| <script>alert(1)</script> |",
    "[<img src=x onerror=alert(1)>](https://example.org)",
    '![x" onerror="alert(1)](https://example.org/x.png)',
    '[x](https://example.org "title\\" onmouseover=alert(1)")',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
  ];

  test.each(ATTACKS)("makes no element of %j that markdown does not have", (attack) => {
    const place = show(attack);
    expect(place.querySelector("script, img, iframe, style, base, form, svg animate, object, embed, input")).toBeNull();
    for (const element of place.querySelectorAll("*")) {
      for (const name of element.getAttributeNames()) expect(name).not.toMatch(/^on/);
    }
  });

  test("shows tags as the text they are", () => {
    expect(show("a <b>bold</b> <script>alert(1)</script>").textContent).toBe("a <b>bold</b> <script>alert(1)</script>");
  });

  test.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "&#106;avascript:alert(1)",
    "javascript&colon;alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://example.org/x",
    "//example.org",
    "/api/chats",
    "#chat-id=x",
    "sandbox:/mnt/data/a.csv",
  ])("does not link to %j", (address) => {
    const place = show(`[click](${address}) [ref][r]\n\n[r]: ${address}`);
    for (const link of place.querySelectorAll("a")) expect(new URL(link.href).protocol).toMatch(/^https?:$/);
    expect(place.querySelector("a")).toBeNull();
  });

  test("survives nesting that would exhaust the stack, and loses no text", () => {
    for (const deep of [
      `${">".repeat(20_000)} deep`,
      `${"[".repeat(5_000)}deep`,
      `${"- ".repeat(3_000)}deep`,
      `${"*a ".repeat(3_000)}deep`,
    ]) {
      expect(show(deep).textContent).toContain("deep");
    }
  });
});

describe("links", () => {
  test.each([
    ["[a](https://example.org/x?y=1&z=2)", "https://example.org/x?y=1&z=2"],
    ["<https://example.org/>", "https://example.org/"],
    ["https://example.org/a?b=c&copy=1", "https://example.org/a?b=c&copy=1"],
    ["[mail](mailto:ana@example.org)", "mailto:ana@example.org"],
  ])("%s leads there, in a window that knows nothing of this one", (markdown, address) => {
    const link = show(markdown).querySelector("a");
    expect(link?.getAttribute("href")).toBe(address);
    expect(link?.getAttribute("rel")).toBe("noopener noreferrer nofollow");
    expect(link?.getAttribute("target")).toBe("_blank");
  });

  test("an image is a labelled link that names its host; nothing is loaded", () => {
    const place = show("![A cat](https://images.example/cat.png)");
    expect(place.querySelector("img")).toBeNull();
    expect(place.textContent).toContain("A cat");
    expect(place.querySelector("a")?.textContent).toBe("Open on images.example");
  });

  test.each(["![x](data:image/png;base64,AAAA)", "![x](javascript:alert(1))", "![](x.png)"])(
    "%s has no address to open",
    (markdown) => {
      expect(show(markdown).querySelector("a, img")).toBeNull();
    },
  );
});

describe("markdown", () => {
  test.each([
    ["# One\n\n## Two\n\n###### Six", "H2 H3 H4"],
    ["#### Four\n\n# One\n\n> ### Three\n\n## Two", "H2 H2 H3 H3"],
    ["- # A\n- ## B\n\n# C", "H2 H3 H2"],
    ["# 1\n## 2\n### 3\n#### 4\n##### 5\n###### 6", "H2 H3 H4 H5 H6 H6"],
  ])("headings of a message stand below the page's own, and leave no level out: %j", (markdown, tags) => {
    const found = [...show(markdown).querySelectorAll("h1, h2, h3, h4, h5, h6")];
    expect(found.map(({ tagName }) => tagName).join(" ")).toBe(tags);
  });

  test("code keeps every character, and names its language", () => {
    const place = show("```python title=x\nif a < b & c:\n\tprint('&amp;')\n```");
    expect(place.querySelector("figcaption")?.textContent).toContain("Python");
    expect(place.querySelector("pre")?.textContent).toBe("if a < b & c:\n\tprint('&amp;')");
  });

  test("task lists say what is done", () => {
    const place = show("- [x] one\n- [ ] two\n\n  more");
    expect([...place.querySelectorAll("[role=img]")].map((box) => box.getAttribute("aria-label"))).toEqual([
      "Done:",
      "To do:",
    ]);
    expect(place.textContent).not.toContain("[");
  });

  test("tables, lists with a start, quotes and emphasis", () => {
    const place = show("|a|b|\n|:-|-:|\n|1|2|\n\n3. three\n4. four\n\n> quoted **bold** *it* ~~gone~~");
    expect(place.querySelectorAll("td")).toHaveLength(2);
    expect(place.querySelector("th:last-child")?.className).toBe("align-right");
    expect(place.querySelector("ol")?.getAttribute("start")).toBe("3");
    expect(place.querySelector("blockquote strong")?.textContent).toBe("bold");
    expect(place.querySelector("em")?.textContent).toBe("it");
    expect(place.querySelector("del")?.textContent).toBe("gone");
  });

  test("character references become characters; unknown ones stay", () => {
    expect(show("a &amp; b &mdash; c &#x1F600; &#0; &notareference; &constructor;").textContent).toBe(
      "a & b — c 😀 \ufffd &notareference; &constructor;",
    );
  });

  test("formulas stay as they were written, and money is no formula", () => {
    const place = show(
      "So \\( x_1 * y_2 * \\alpha \\) is:\n\n\\[\n\\int_0^1 |x_a-y_b| \\, dx\n\\]\n\nand $$a_1^2$$, for $5 or $10. `\\(code\\)`",
    );
    expect([...place.querySelectorAll(".formula")].map(({ textContent }) => textContent)).toEqual([
      "x_1 * y_2 * \\alpha",
      "\\int_0^1 |x_a-y_b| \\, dx",
      "a_1^2",
    ]);
    expect(place.textContent).toContain("for $5 or $10. \\(code\\)");
  });

  test("a text of nothing but opening signs is read in no time", () => {
    const before = process.cpuUsage();
    for (const hostile of ["\\(".repeat(20_000), "\n\\[".repeat(20_000), "\n$$ a".repeat(10_000)]) {
      renderMarkdown(hostile, { breaks: false });
    }
    expect(process.cpuUsage(before).user).toBeLessThan(4_000_000);
  });

  test("a line break is one where people type it", () => {
    expect(show("one\ntwo", true).querySelectorAll("br")).toHaveLength(1);
    expect(show("one\ntwo", false).querySelectorAll("br")).toHaveLength(0);
  });

  test("every block finds its own direction", () => {
    const place = show("שלום\n\nhello");
    expect([...place.querySelectorAll("p")].map((p) => p.getAttribute("dir"))).toEqual(["auto", "auto"]);
  });
});

describe("what models and people write", () => {
  const formulas = (text: string) => lex(text, { breaks: false }).tokens.flatMap(texOf);

  test.each([
    ["Let $x_1 * y$ be $\\alpha$.", ["x_1 * y", "\\alpha"]],
    ["It costs $5 and $10.", []],
    ["US$5 to CA$7, $5–$10, $20/month or $200/year", []],
    ["$HOME:$PATH and \\$5\\$ and `$x$`", []],
    ["\\(a\\) and \\[x^2\\] within a line", ["a", "x^2"]],
    ["[\\[1\\]](https://example.org) and \\[note\\]", []],
  ])("in %j the formulas are %j", (text, expected) => {
    expect(formulas(text)).toEqual(expected);
  });

  test.each(["他说**“你好”**然后", "日本語の**「強調」**も", "한국어**(강조)**는"])(
    "%s is emphasised without spaces",
    (text) => {
      expect(show(text).querySelectorAll("strong")).toHaveLength(1);
      expect(show(text).textContent).not.toContain("*");
    },
  );

  test("footnotes are numbered as they are used, lead there and back, and lose no note", () => {
    const place = show("One[^b] two[^a].\n\n[^a]: Note *a*\n[^b]: Note b\n[^c]: Note c");
    expect([...place.querySelectorAll(".note-mark")].map(({ textContent }) => textContent)).toEqual(["1", "2"]);
    expect([...place.querySelectorAll(".notes li")].map(({ textContent }) => textContent)).toEqual([
      "Note b",
      "Note a",
      "Note c",
    ]);
    expect(show("no note [^x]").textContent).toBe("no note [^x]");
  });

  test("characters that hide in code are named, and emoji stay whole", () => {
    const place = show("`a\u202eb\u200bc` and 👨‍👩‍👧 `👨‍👩‍👧`");
    expect([...place.querySelectorAll(".invisible")].map(({ textContent }) => textContent)).toEqual([
      "U+202E",
      "U+200B",
    ]);
    expect(place.querySelectorAll("code")[1]?.textContent).toBe("👨‍👩‍👧");
  });

  test("a link whose words are another address says where it leads", () => {
    expect(show("[bank.example](https://evil.example/x)").textContent).toBe("bank.example (evil.example)");
    expect(show("[www.example.org/a](https://example.org/a)").textContent).toBe("www.example.org/a");
    for (const disguised of [
      "**bank.example**",
      "`bank.example`",
      "ba\u200bnk.example",
      "\u202abank.example",
      "bank．example/a",
    ]) {
      expect(show(`[${disguised}](https://evil.example/x)`).textContent, disguised).toContain("(evil.example)");
    }
  });
});

describe("texts made to be slow", () => {
  test.each([
    ["links", "[a]("],
    ["emphasis", "a*"],
    ["quotes", "> "],
    ["lists", "- "],
    ["stars", "* "],
    ["addresses", "a."],
    ["backticks", "`a``"],
    ["table cells", "|a"],
    ["tags", "<a "],
    ["pictures", "!["],
    ["notes", "[^a]: b\n"],
    ["dollars", "$a "],
  ])("of %s are read in bounded time at the largest size that is read at once", (_, unit) => {
    const text = unit.repeat(Math.floor(MAX_AT_ONCE / unit.length));
    const before = process.cpuUsage();
    renderMarkdown(text, { breaks: false });
    expect(process.cpuUsage(before).user).toBeLessThan(3_000_000);
  });
});

function texOf(token: object): string[] {
  if ("tex" in token) return [String(token.tex)];
  return "tokens" in token && Array.isArray(token.tokens) ? token.tokens.flatMap(texOf) : [];
}
