import { renderCall } from "./function-call.ts";
import { isRecord, type JsonRecord, prettyJson, record, string } from "./json.ts";
import { fenced, note, paragraphs, quoted } from "./markdown.ts";

/** Results of tools hold blocks that can hold results again. */
const DEEPEST = 8;

/** Markdown of a message's content: a string, or a list of typed blocks as chat APIs have them. */
export function contentBlocks(content: unknown, depth = 0): string {
  if (typeof content === "string") return content;
  if (isRecord(content)) return renderBlock(content, depth);
  if (!Array.isArray(content)) return "";
  return paragraphs(content.map((block) => (typeof block === "string" ? block : renderBlock(record(block), depth))));
}

function renderBlock(block: JsonRecord, depth: number): string {
  const type = string(block.type);
  switch (type) {
    case "text":
    case "input_text":
    case "output_text":
      return string(block.text);
    case "refusal":
      return string(block.refusal);
    case "thinking":
    case "reasoning":
      return quoted(string(block.thinking) || string(block.text));
    case "image":
    case "image_url":
    case "input_image":
      return note("image");
    case "input_audio":
    case "audio":
      return note("voice message");
    case "file":
    case "input_file":
    case "document":
      return note("file", string(record(block.file).filename) || string(block.filename) || string(block.title));
    case "tool_use":
      return renderToolUse(block);
    case "tool_result":
      return depth < DEEPEST ? fenced(contentBlocks(block.content, depth + 1), "text") : "";
    // How much room the model had left; said to the model alone.
    case "token_budget":
    case "redacted_thinking":
      return "";
    default:
      return renderUnknown(block, type);
  }
}

function renderToolUse(block: JsonRecord): string {
  const input = record(block.input);
  if (block.name === "artifacts" && typeof input.content === "string") {
    return paragraphs([note("artifact", string(input.title)), artifactBody(input, input.content)]);
  }
  return renderCall(string(block.name), block.input);
}

function artifactBody(input: JsonRecord, content: string): string {
  return input.type === "text/markdown" ? content : fenced(content, string(input.language));
}

/** Of a type that is not known: its text if it has one, else named and kept. */
function renderUnknown(block: JsonRecord, type: string): string {
  if (typeof block.text === "string") return block.text;
  return type === "" ? "" : paragraphs([note(type), fenced(prettyJson(block), "json")]);
}
