import { isRecord, type JsonRecord, list, prettyJson, record, string } from "../json.ts";
import { code, markdown, other } from "../part.ts";
import type { DocumentChange, RawPart } from "../piece.ts";

/** What an answer asked of a tool: `to` is the tool's name, `text` what it was sent, often JSON. */
export function toolCallParts(to: string, text: string): RawPart[] {
  if (text.trim() === "") return [];
  if (to === "python" || to === "python_user_visible") return [code(text, { language: "python", tool: to })];
  if (to === "canmore.create_textdoc") return [canvas(text, to)];
  if (to === "canmore.update_textdoc") return [canvasChange(text, to)];
  if (to.startsWith("canmore.")) return canvasComments(text, to);
  if (/^(?:dalle|image_gen|t2uay3k)/.test(to)) return [imagePrompt(text, to)];
  // ChatGPT shows that it remembered something, not what.
  if (to === "bio") return [markdown("*Memory updated*")];
  if (/^(?:web|browser|search|sonic|file_search|myfiles)/.test(to)) return search(text, to);
  return [call(text, to)];
}

function call(text: string, tool: string): RawPart {
  const data = parseRecord(text);
  return data ? code(prettyJson(data), { language: "json", tool }) : code(text, { tool });
}

/** ChatGPT says of no call which canvas it means; there is one at a time. */
const CANVAS = "canvas";

/** A document of the canvas: its name, and its text or code. */
function canvas(text: string, tool: string): RawPart {
  const data = parseRecord(text);
  if (!data) return other(tool, text);
  return {
    type: "version",
    id: CANVAS,
    title: string(data.name),
    language: canvasLanguage(string(data.type)),
    changes: [{ from: null, to: string(data.content), everywhere: false }],
  };
}

function canvasLanguage(type: string): string | null {
  if (!type.startsWith("code/")) return null;
  return type === "code/react" ? "jsx" : type.slice("code/".length);
}

function canvasChange(text: string, tool: string): RawPart {
  const updates = list(parseRecord(text)?.updates).map(record);
  if (updates.length === 0) return other(tool, text);
  return { type: "version", id: CANVAS, title: null, language: undefined, changes: updates.map(changeOf) };
}

/** Everything of a document. */
const EVERYTHING = new Set([".*", "^.*$", "[\\s\\S]*", "(?s).*", ".+"]);

function changeOf(update: JsonRecord): DocumentChange {
  const pattern = string(update.pattern);
  const whole = EVERYTHING.has(pattern);
  return {
    from: whole ? null : literal(pattern),
    to: string(update.replacement),
    everywhere: update.multiple === true,
  };
}

/**
 * The passage that a pattern stands for, empty when it stands for many. Patterns are expressions of Python's; those out of
 * a file are not run, for they could be made to run for ever.
 */
function literal(pattern: string): string {
  const bare = pattern.replace(/\\([^A-Za-z0-9])/g, "");
  return /[\\^$.|?*+()[\]{}]/.test(bare) ? "" : pattern.replace(/\\([^A-Za-z0-9])/g, "$1");
}

function canvasComments(text: string, tool: string): RawPart[] {
  const comments = list(parseRecord(text)?.comments).map((comment) => string(record(comment).comment));
  const said = comments.filter((comment) => comment.trim() !== "");
  return said.length === 0
    ? [other(tool, text)]
    : [markdown(said.map((comment) => `- ${oneItem(comment)}`).join("\n"))];
}

const oneItem = (text: string) => text.trim().replace(/\r\n?|\n/g, "\n  ");

function imagePrompt(text: string, tool: string): RawPart {
  const data = parseRecord(text);
  const prompt = string(data?.prompt) || list(data?.prompts).map(string).join("\n\n");
  return prompt === "" ? call(text, tool) : code(prompt, { language: "text", tool });
}

/** What was searched for; pages that were only opened or scrolled are not told one by one. */
function search(text: string, tool: string): RawPart[] {
  const queries = searchQueries(text).filter((query) => query.trim() !== "");
  return queries.length === 0 ? [] : [code([...new Set(queries)].join("\n"), { language: "text", tool })];
}

/** Out of `{"search_query":[{"q":"…"}]}`, `{"query":"…"}`, `search("…")`, `msearch(["…"])` and `["search(…)"]`. */
function searchQueries(text: string): string[] {
  const data = parseRecord(text);
  if (data) {
    const several = [...list(data.search_query), ...list(data.image_query), ...list(data.queries)];
    return [string(data.query), ...several.map((one) => string(one) || string(record(one).q))];
  }
  if (/^\s*m?search\(/.test(text) || /^\s*\[/.test(text)) {
    return [...text.slice(0, 4000).matchAll(/"((?:[^"\\]|\\.){1,400})"/g)].map(([, query]) => query ?? "");
  }
  return [];
}

function parseRecord(text: string): JsonRecord | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}
