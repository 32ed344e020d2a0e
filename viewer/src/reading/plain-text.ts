import { Lexer, type Token } from "marked";

/** What a markdown text says, without its signs: as one would type it in a letter. */
export function plainText(markdown: string): string {
  return blocks(new Lexer({ gfm: true }).lex(markdown.replace(/\r\n?/g, "\n")), "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

function blocks(tokens: readonly Token[], indent: string): string {
  return tokens.map((token) => block(token, indent)).join("");
}

function block(token: Token, indent: string): string {
  switch (token.type) {
    case "space":
    case "def":
      return "";
    case "hr":
      return `${indent}---\n\n`;
    case "list":
      return `${token.items.map((item: Token, index: number) => listItem(item, { indent, mark: token.ordered ? `${Number(token.start || 1) + index}. ` : "- " })).join("")}\n`;
    case "table":
      return `${[token.header, ...token.rows].map((row: { text: string }[]) => row.map(({ text }) => text).join("\t")).join("\n")}\n\n`;
    case "blockquote":
      return blocks(token.tokens ?? [], `${indent}> `);
    case "code":
      return `${lines(token.text, indent)}\n\n`;
    default:
      return `${lines(inline(token), indent)}\n\n`;
  }
}

function listItem(item: Token, { indent, mark }: { indent: string; mark: string }): string {
  const inside = "tokens" in item ? (item.tokens ?? []) : [];
  const box = "task" in item && item.task ? (item.checked ? "[x] " : "[ ] ") : "";
  const text = blocks(
    inside.filter(({ type }) => type !== "checkbox"),
    "",
  ).trimEnd();
  const under = " ".repeat(mark.length);
  return `${indent}${mark}${box}${text.replace(/\n{2,}/g, "\n").replaceAll("\n", `\n${indent}${under}`)}\n`;
}

function lines(text: string, indent: string): string {
  return indent === ""
    ? text
    : text
        .split("\n")
        .map((line) => indent + line)
        .join("\n");
}

function inline(token: Token): string {
  if (token.type === "br") return "\n";
  if (token.type === "image") return token.text;
  if (token.type === "link") {
    const text = (token.tokens ?? []).map(inline).join("");
    return text === token.href || `mailto:${text}` === token.href ? text : `${text} (${token.href})`;
  }
  if ("tokens" in token && token.tokens) return token.tokens.map(inline).join("");
  return "text" in token ? String(token.text) : token.raw;
}
