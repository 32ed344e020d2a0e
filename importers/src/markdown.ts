import { clampLine } from "./line.ts";

const LONGEST_LANGUAGE = 40;
const LONGEST_LABEL = 200;

/** A code block whose fence is longer than any run of backticks in it; empty for code that is only blank space. */
export function fenced(code: string, language = ""): string {
  const body = code
    .replace(/\r\n?/g, "\n")
    .replace(/^(?:[^\S\n]*\n)+/, "")
    .trimEnd();
  if (body === "") return "";
  let longest = 2;
  for (const [run] of body.matchAll(/`{3,}/g)) longest = Math.max(longest, run.length);
  const fence = "`".repeat(longest + 1);
  return `${fence}${/^[\w+#.-]+$/.test(language) ? language.slice(0, LONGEST_LANGUAGE) : ""}\n${body}\n${fence}`;
}

/** A block quote. */
export function quoted(markdown: string): string {
  const body = markdown.replace(/\r\n?/g, "\n").trim();
  return body === "" ? "" : body.replace(/^/gm, "> ").replace(/^> $/gm, ">");
}

/** What stands for something that is not text: `[image]`, `[file: name.pdf]`. */
export function note(kind: string, label = ""): string {
  const line = clampLine(label, LONGEST_LABEL);
  return line === "" ? `[${kind}]` : `[${kind}: ${escaped(line)}]`;
}

/** A link whose label cannot break out of it; the label alone when the address is none of the web. */
export function link(label: string, address: string): string {
  const url = webAddress(address);
  const text = escaped(clampLine(label, LONGEST_LABEL));
  if (url === null) return text;
  return `[${text || escaped(new URL(url).hostname)}](<${url}>)`;
}

/** A web address in its normal spelling, safe within angle brackets. */
export function webAddress(address: string): string | null {
  if (address.length > 8000 || !/^https?:\/\//i.test(address)) return null;
  try {
    return new URL(address).href.replace(/[<>\\\n]/g, encodeURIComponent);
  } catch {
    return null;
  }
}

/** Parts that say something, with an empty line between. */
export function paragraphs(parts: readonly string[]): string {
  return parts.filter((part) => part.trim() !== "").join("\n\n");
}

function escaped(line: string): string {
  return line.replace(/[\\`*_[\]<>]/g, "\\$&");
}
