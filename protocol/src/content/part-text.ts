import type { DraftPart, Part } from "./parts.ts";

/**
 * A message as one markdown text, for searching, copying, the terminal and the model. Files are named; what only a newer
 * version knows is named, too.
 */
export function messageText({ parts }: { readonly parts: readonly (Part | DraftPart)[] }): string {
  // Most messages are one text, and are it.
  if (parts.length === 1 && parts[0]?.type === "markdown") return parts[0].text;
  return parts
    .map(partText)
    .filter((text) => text.trim() !== "")
    .join("\n\n");
}

/** One part as markdown; empty when it says nothing. */
export function partText(part: Part | DraftPart): string {
  switch (part.type) {
    case "markdown":
      return part.text;
    case "code":
      return codeBlock(part.text, part.language);
    case "output":
      return codeBlock(part.text, "text");
    case "document":
      return [
        `**${escaped(part.title)}**`,
        part.language === null ? part.text : codeBlock(part.text, part.language),
      ].join("\n\n");
    case "reasoning":
      return blockQuote(part.text);
    case "sources":
      return part.sources.map(({ title, url }) => `- ${link(title, url)}`).join("\n");
    case "image":
    case "file":
      return `[${part.type}: ${escaped((part.type === "image" && part.alt) || part.name)}]`;
    case "other":
      return codeBlock(part.text, null);
    case "unknown":
      return `[${escaped(part.named)}: of a newer version]`;
  }
}

/** A fence longer than any run of backticks in the code. */
function codeBlock(code: string, language: string | null): string {
  const body = code.replace(/\r\n?/g, "\n").replace(/\n+$/, "");
  if (body.trim() === "") return "";
  let longest = 2;
  for (const [run] of body.matchAll(/`{3,}/g)) longest = Math.max(longest, run.length);
  const fence = "`".repeat(longest + 1);
  return `${fence}${language !== null && /^[\w+#.-]+$/.test(language) ? language : ""}\n${body}\n${fence}`;
}

function blockQuote(markdown: string): string {
  return markdown.trim().replace(/\r\n?/g, "\n").replace(/^/gm, "> ").replace(/^> $/gm, ">");
}

function link(title: string, url: string): string {
  const label = escaped(title) || escaped(url);
  return /[<>\n\\]/.test(url) ? label : `[${label}](<${url}>)`;
}

/** On one line, and with nothing that markdown takes for more than text. */
function escaped(line: string): string {
  return line.replace(/\s+/g, " ").replace(/[\\`*_[\]<>]/g, "\\$&");
}
