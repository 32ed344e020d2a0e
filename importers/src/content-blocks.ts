import { embeddedSize, embeddedType } from "./attachment-name.ts";
import { isRecord, type JsonRecord, list, prettyJson, record, string } from "./json.ts";
import { link } from "./markdown.ts";
import { code, file, image, markdown, other, output, reasoning, sources } from "./part.ts";
import type { RawPart } from "./piece.ts";
import { timeOf } from "./time.ts";
import { toolUseParts } from "./tool-use.ts";

/** Results of tools hold blocks that can hold results again. */
const DEEPEST = 8;

/** The parts of a message's content: a string, or a list of typed blocks as chat APIs have them. */
export function contentBlocks(content: unknown, depth = 0): RawPart[] {
  if (typeof content === "string") return [markdown(content)];
  if (isRecord(content)) return blockParts(content, depth);
  return list(content).flatMap((block) =>
    typeof block === "string" ? [markdown(block)] : blockParts(record(block), depth),
  );
}

function blockParts(block: JsonRecord, depth: number): RawPart[] {
  const type = string(block.type);
  switch (type) {
    case "text":
    case "input_text":
    case "output_text":
      return textParts(block);
    case "refusal":
      return [markdown(string(block.refusal))];
    case "thinking":
    case "reasoning":
    case "think":
      return [thoughts(block)];
    case "summary_text":
      return [reasoning(string(block.text))];
    case "image":
    case "image_url":
    case "input_image":
    case "image_file":
      return [picture(block)];
    case "input_audio":
    case "audio":
      return [voice(block)];
    case "file":
    case "input_file":
    case "document":
      return [attached(block)];
    case "tool_use":
    case "server_tool_use":
      return toolUseParts(block);
    case "tool_call":
      return toolCall(record(block.tool_call), depth);
    case "tool_result":
    case "web_search_tool_result":
      return depth < DEEPEST ? toolResult(block, depth) : [];
    case "knowledge":
    case "web_search_result":
      return page(block);
    case "error":
      return [output(string(block.error) || string(block.text), { failed: true })];
    // How much room the model had left, and thoughts that only the model can read.
    case "token_budget":
    case "redacted_thinking":
    case "flag":
      return [];
    default:
      return unknownBlock(block, type);
  }
}

/** Text with what it cites: `citations` of Claude's, `annotations` of OpenAI's. */
function textParts(block: JsonRecord): RawPart[] {
  const text = isRecord(block.text) ? string(block.text.value) : string(block.text);
  const annotations = [...list(block.citations), ...list(block.annotations)].map(record);
  const cited = annotations.map((one) => {
    const inner = record(one.url_citation ?? one.details ?? one);
    return { title: string(one.title) || string(inner.title), url: string(one.url) || string(inner.url) };
  });
  const pages = cited.filter(({ url }) => /^https?:\/\//i.test(url));
  return [markdown(text), ...(pages.length > 0 ? [sources(pages)] : [])];
}

function thoughts(block: JsonRecord): RawPart {
  const inner = string(block.thinking) || string(block.think) || string(block.text) || string(block.reasoning);
  const summaries = list(block.summary).map((one) => string(one) || string(record(one).text));
  const begun = timeOf(block.start_timestamp);
  const ended = timeOf(block.stop_timestamp);
  const seconds = begun !== null && ended !== null && ended > begun ? Math.round((ended - begun) / 1000) : null;
  return reasoning(inner || summaries.join("\n\n"), seconds);
}

/** An image with its bytes, or with an address: that is linked, for nobody has asked its server. */
function picture(block: JsonRecord): RawPart {
  const { image_url, source } = block;
  const given =
    string(image_url) || string(record(image_url).url) || string(block.url) || sourceAddress(record(source));
  const size = embeddedType(given) === null ? null : embeddedSize(given);
  if (size !== null) return image({ name: nameOf(block), mediaType: embeddedType(given) ?? "", size, source: given });
  if (/^https?:\/\//i.test(given)) return markdown(link(nameOf(block) || "Image", given));
  const stored = record(block.image_file);
  const { width, height } = { ...block, ...stored };
  return image({
    name: nameOf(block) || string(stored.filename),
    width,
    height,
    source: string(stored.filepath) || string(stored.file_id) || nameOf(block) || null,
  });
}

/** Claude's `source`: bytes in base64 and their type, or an address. */
function sourceAddress(source: JsonRecord): string {
  if (typeof source.data !== "string") return string(source.url);
  return `data:${string(source.media_type) || "image/png"};base64,${source.data}`;
}

function voice(block: JsonRecord): RawPart {
  const audio = record(block.input_audio ?? block.audio);
  const words = string(audio.transcript);
  if (words !== "") return markdown(words);
  const format = /^[a-z0-9]{2,5}$/.exec(string(audio.format))?.[0] ?? "wav";
  const source = typeof audio.data === "string" ? `data:audio/${format};base64,${audio.data}` : null;
  return file({ name: `voice message.${format}`, size: source && embeddedSize(source), source });
}

function attached(block: JsonRecord): RawPart {
  const inner = record(block.file);
  const data = string(inner.file_data) || string(block.file_data) || sourceAddress(record(block.source));
  const mediaType = embeddedType(data);
  const name = string(inner.filename) || nameOf(block);
  if (mediaType !== null) return file({ name, mediaType, size: embeddedSize(data), source: data });
  return file({ name, source: name || null });
}

const nameOf = (block: JsonRecord) =>
  string(block.filename) || string(block.file_name) || string(block.title) || string(block.name);

/** A call with its result in one block, as LibreChat keeps it; or a call alone, as APIs take it. */
function toolCall(call: JsonRecord, depth: number): RawPart[] {
  const asked = isRecord(call.function) ? call.function : call;
  const name = string(asked.name);
  const given = call.output ?? asked.output;
  const result =
    typeof given === "string" || depth >= DEEPEST
      ? [output(string(given), { tool: name })]
      : contentBlocks(given, depth + 1);
  return [functionCall(name, asked.arguments ?? call.args), ...result];
}

/** A call of a function: its name, and its arguments, indented if they are JSON. */
export function functionCall(name: string, input: unknown): RawPart {
  if (typeof input !== "string") return code(prettyJson(input ?? {}), { language: "json", tool: name || "tool" });
  const indented = indentedJson(input);
  return code(indented ?? input, { language: indented === null ? null : "json", tool: name || "tool" });
}

function indentedJson(text: string): string | null {
  try {
    return prettyJson(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Text of a result is what the tool gave back; images and sources in it stay what they are. */
function toolResult(block: JsonRecord, depth: number): RawPart[] {
  const tool = string(block.name);
  // It says no more than that the document beside it was made.
  if (tool === "artifacts") return [];
  const failed = block.is_error === true;
  return contentBlocks(block.content, depth + 1).map((part) =>
    part.type === "markdown" ? output(part.text, { tool, failed }) : part,
  );
}

/** A page that a search found: where it is, not what it says. */
function page(block: JsonRecord): RawPart[] {
  const url = string(block.url) || string(record(block.metadata).url);
  return /^https?:\/\//i.test(url) ? [sources([{ title: string(block.title), url }])] : [];
}

/** Of a type that is not known: its text if it has one, else named and kept. */
function unknownBlock(block: JsonRecord, type: string): RawPart[] {
  if (typeof block.text === "string") return [type === "" ? markdown(block.text) : other(type, block.text)];
  return type === "" ? [] : [other(type, prettyJson(block))];
}
