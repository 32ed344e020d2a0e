import { type JsonRecord, prettyJson, record, string } from "./json.ts";
import { code } from "./part.ts";
import type { DocumentChange, RawPart } from "./piece.ts";

/** What Claude asked of a tool: a document for its artifacts, code for what runs code, a search, or any other call. */
export function toolUseParts(block: JsonRecord): RawPart[] {
  const tool = string(block.name) || "tool";
  const input = record(block.input);
  if (tool === "artifacts") return artifact(input);
  if (typeof input.code === "string") return [code(input.code, { language: codeLanguage(tool, input), tool })];
  if (typeof input.query === "string") return [code(input.query, { language: "text", tool })];
  return [code(prettyJson(block.input ?? {}), { language: "json", tool })];
}

/** What runs the code where its name does not say: Claude's analysis tool takes JavaScript. */
function codeLanguage(tool: string, input: JsonRecord): string | null {
  if (typeof input.language === "string") return input.language;
  return tool === "repl" || tool === "analysis" ? "javascript" : /python/i.test(tool) ? "python" : null;
}

function artifact(input: JsonRecord): RawPart[] {
  const changes = artifactChanges(input);
  if (changes.length === 0) return [code(prettyJson(input), { language: "json", tool: "artifacts" })];
  return [
    {
      type: "version",
      id: string(input.id),
      title: typeof input.title === "string" ? input.title : null,
      language: artifactLanguage(input),
      changes,
    },
  ];
}

/** `create` and `rewrite` bring the whole text, `update` a passage and what takes its place. */
function artifactChanges(input: JsonRecord): DocumentChange[] {
  if (typeof input.content === "string" && input.content !== "") {
    return [{ from: null, to: input.content, everywhere: false }];
  }
  if (typeof input.old_str !== "string" || typeof input.new_str !== "string") return [];
  return [{ from: input.old_str, to: input.new_str, everywhere: false }];
}

const LANGUAGES: Readonly<Record<string, string | null>> = {
  "text/markdown": null,
  "text/html": "html",
  "text/plain": "text",
  "image/svg+xml": "svg",
  "application/vnd.ant.react": "jsx",
  "application/vnd.ant.mermaid": "mermaid",
};

function artifactLanguage(input: JsonRecord): string | null | undefined {
  const type = string(input.type);
  if (typeof input.language === "string" && input.language !== "") return input.language;
  if (Object.hasOwn(LANGUAGES, type)) return LANGUAGES[type];
  return type === "" ? undefined : "text";
}
