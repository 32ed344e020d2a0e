import { prettyJson } from "./json.ts";
import { fenced, note, paragraphs } from "./markdown.ts";

/** A call of a function: its name, and its arguments, indented if they are JSON. */
export function renderCall(name: string, input: unknown): string {
  const shown = typeof input === "string" ? indented(input) : prettyJson(input ?? {});
  return paragraphs([note("used", name || "a tool"), fenced(shown, "json")]);
}

function indented(json: string): string {
  try {
    return prettyJson(JSON.parse(json));
  } catch {
    return json;
  }
}
