import { isRecord, type JsonRecord, list, prettyJson, record, string } from "../json.ts";
import { fenced, note, paragraphs, quoted } from "../markdown.ts";

/** What an answer asked of a tool: `to` is the tool's name, `text` what it was sent, often JSON. */
export function renderToolCall(to: string, text: string): string {
  if (text.trim() === "") return "";
  if (to === "python" || to === "python_user_visible") return fenced(text, "python");
  if (to === "canmore.create_textdoc") return renderCanvas(text);
  if (to.startsWith("canmore.")) return renderCanvasChange(text);
  if (/^(?:dalle|image_gen|t2uay3k)/.test(to)) return renderImagePrompt(text);
  // ChatGPT shows that it remembered something, not what.
  if (to === "bio") return note("memory updated");
  if (/^(?:web|browser|search|sonic)/.test(to)) return renderSearch(text);
  if (/^(?:file_search|myfiles)/.test(to)) return note("searched the files");
  const data = parseRecord(text);
  return paragraphs([note("used", to), data ? fenced(prettyJson(data), "json") : fenced(text, "text")]);
}

/** A document of the canvas: its name, and its text or code. */
function renderCanvas(text: string): string {
  const data = parseRecord(text);
  if (!data) return fenced(text, "json");
  return paragraphs([note("canvas", string(data.name)), canvasBody(string(data.content), string(data.type))]);
}

function canvasBody(content: string, type: string): string {
  return type.startsWith("code/") ? fenced(content, canvasLanguage(type)) : content;
}

const canvasLanguage = (type: string) => (type === "code/react" ? "jsx" : type.slice("code/".length));

/** Changes of a canvas: the new text, or the comments. Where in the document they go, only ChatGPT knew. */
function renderCanvasChange(text: string): string {
  const data = parseRecord(text);
  if (!data) return fenced(text, "json");
  const updates = list(data.updates).map((update) => fenced(string(record(update).replacement), "text"));
  const comments = list(data.comments).map((comment) => quoted(string(record(comment).comment)));
  if (updates.length + comments.length === 0) return fenced(prettyJson(data), "json");
  return paragraphs([note(updates.length > 0 ? "canvas changed" : "canvas comment"), ...updates, ...comments]);
}

function renderImagePrompt(text: string): string {
  const prompt = string(parseRecord(text)?.prompt) || string(list(parseRecord(text)?.prompts)[0]);
  return note("image asked for", prompt);
}

function renderSearch(text: string): string {
  const queries = [...searchQueries(text)].filter((query) => query !== "").slice(0, 10);
  return note("searched the web", queries.join("; "));
}

/** Out of `{"search_query":[{"q":"…"}]}`, `{"query":"…"}`, `search("…")` and `["search(…)"]`. */
function searchQueries(text: string): string[] {
  const data = parseRecord(text);
  if (data) {
    const several = [...list(data.search_query), ...list(data.queries)];
    return [string(data.query), ...several.map((one) => string(one) || string(record(one).q))];
  }
  return [...text.slice(0, 4000).matchAll(/search\("((?:[^"\\]|\\.){1,400})"/g)].map(([, query]) => query ?? "");
}

function parseRecord(text: string): JsonRecord | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}
