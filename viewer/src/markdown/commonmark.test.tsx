import spec from "commonmark-spec";
import { render } from "preact";
import { afterAll, describe, expect, test } from "vitest";
import { Markdown } from "./markdown.tsx";

/**
 * The examples of CommonMark's specification, compared as trees: what stays after everything that is ours on purpose has
 * been taken back. What the text says is never among the differences.
 */
interface Example {
  readonly number: number;
  readonly section: string;
  readonly markdown: string;
  readonly html: string;
}

const EXAMPLES: readonly Example[] = spec.tests.map((example: Example) => ({
  ...example,
  markdown: example.markdown.replaceAll("→", "\t"),
  html: example.html.replaceAll("→", "\t"),
}));

/** Tags in a text are shown as the text they are, so these sections have nothing that could be compared. */
const RAW_HTML = new Set(["HTML blocks", "Raw HTML"]);

const place = document.createElement("div");
document.body.append(place);
afterAll(() => place.remove());

function ours(markdown: string): string {
  render(<Markdown text={markdown} />, place);
  const root = place.querySelector(".markdown");
  const tree = root ? treeOf(root) : "";
  render(null, place);
  return tree;
}

function theirs(html: string): string {
  const root = document.createElement("div");
  root.innerHTML = html;
  return treeOf(root);
}

/** Elements by name, text with its white space collapsed; nothing of our boxes, levels and addresses. */
function treeOf(node: Node): string {
  return inside(node)
    .replace(/\s+/g, " ")
    .replace(/ ?(<\/?(?:p|ul|ol|li|h|pre|blockquote|[hb]r)>) ?/g, "$1")
    .trim();
}

function inside(node: Node): string {
  return [...node.childNodes].map(outside).join("");
}

function outside(node: Node): string {
  if (node.nodeType === 3) return (node.textContent ?? "").replace(/[<>]/g, (sign) => (sign === "<" ? "‹" : "›"));
  if (!(node instanceof Element)) return "";
  const name = node.tagName.toLowerCase();
  if (name === "figcaption" || node.classList.contains("real-host")) return "";
  // A picture is its words, with us beside a link that opens it; a dead link and a box of code are their insides.
  if (name === "img") return (node.getAttribute("alt") ?? "") || "Image";
  if (node.classList.contains("image")) return node.querySelector("span")?.textContent || node.textContent || "Image";
  if (["a", "span", "figure", "svg"].includes(name) || (name === "code" && node.closest("pre"))) return inside(node);
  if (name === "p" && node.closest("li")) return `${inside(node)} `;
  const plain = /^h[1-6]$/.test(name) ? "h" : name;
  return ["br", "hr"].includes(plain) ? `<${plain}>` : `<${plain}>${inside(node)}</${plain}>`;
}

/** Where marked 18 differs, or we do on purpose. */
const DIFFERENT: ReadonlyMap<number, string> = new Map([
  [21, "a tag in the text"],
  [25, "of the 2,125 named characters only those that people write are known; the others stay as they were typed"],
  [31, "the same"],
  [344, "a tag in the text"],
  [475, "a tag in the text"],
  [476, "a tag in the text"],
  [477, "a tag in the text"],
  [520, "marked lets a picture's name end at a link within a link"],
  [642, "a tag in the text"],
  [643, "a tag in the text"],
]);

describe("CommonMark 0.31.2", () => {
  const comparable = EXAMPLES.filter(
    ({ section, html }) =>
      !RAW_HTML.has(section) && !/<(?!\/?(?:p|em|strong|a|code|pre|ul|ol|li|h[1-6]|hr|br|blockquote|img)\b)/.test(html),
  );

  test("has its examples", () => {
    expect(EXAMPLES.length).toBe(652);
    expect(comparable.length).toBeGreaterThan(500);
  });

  test.each(comparable.filter(({ number }) => !DIFFERENT.has(number)))(
    "$section, example $number",
    ({ markdown, html }) => {
      expect(ours(markdown)).toBe(theirs(html));
    },
  );
});
