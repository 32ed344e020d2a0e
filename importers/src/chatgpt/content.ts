import { field, isRecord, type JsonRecord, list, prettyJson, record, string } from "../json.ts";
import { clampLine } from "../line.ts";
import { fenced, link, note, paragraphs, quoted } from "../markdown.ts";
import { withoutCitationMarks } from "./citations.ts";
import type { Message } from "./message.ts";
import { renderToolCall } from "./tool-call.ts";

/**
 * Tools whose results ChatGPT does not show: texts of pages and files that it read, and instructions to the model.
 * What they found stands in the answer; images among the results are shown.
 */
const SILENT_TOOL =
  /^(?:web|browser|search|sonic|file_search|myfiles|msearch|bio|canmore|dalle|image_gen|t2uay3k|a8km123|automations|research|api_tool|personal_context|genui)/;

/** Never on screen: custom instructions and memory, which are not part of what was said. */
const NEVER_SHOWN = new Set(["user_editable_context", "model_editable_context"]);

/** Markdown of a message's content; empty when there is nothing to show. */
export function renderContent(message: Message): string {
  const type = string(message.content.content_type);
  if (NEVER_SHOWN.has(type)) return "";
  if (message.to !== "" && (type === "text" || type === "code"))
    return renderToolCall(message.to, plainText(message.content));
  const render = Object.hasOwn(RENDERERS, type) ? RENDERERS[type] : undefined;
  return (render ?? renderUnknown)(message).trim();
}

const RENDERERS: Readonly<Record<string, (message: Message) => string>> = {
  text: renderParts,
  multimodal_text: renderParts,
  code: ({ content }) => fenced(string(content.text), language(content)),
  execution_output: renderOutput,
  thoughts: renderThoughts,
  reasoning_recap: ({ content }) => quoted(emphasised(string(content.content))),
  system_error: ({ content }) =>
    paragraphs([note("error", string(content.name)), fenced(string(content.text), "text")]),
  tether_quote: ({ content }) => renderSource(content),
  sonic_webpage: ({ content }) => renderSource(content),
  // The pages of a search: the answer cites those that it used.
  tether_browsing_display: () => "",
  tether_browsing_code: ({ content }) => renderToolCall("browser", string(content.text)),
};

function renderParts(message: Message): string {
  const { content, metadata } = message;
  const parts = list(content.parts);
  const spoken = parts.some((part) => isRecord(part) && part.content_type === "audio_transcription");
  const silent = message.role === "tool" && SILENT_TOOL.test(message.tool);
  const rendered = parts.map((part) => {
    if (typeof part === "string") return silent ? "" : part;
    return isRecord(part) ? renderPart(part, { spoken }) : "";
  });
  const images = rendered.some((part) => part.startsWith("[image"));
  const text = parts.length > 0 ? paragraphs(rendered) : silent ? "" : string(content.text);
  const body = message.role === "user" ? text : withoutCitationMarks(text, metadata);
  const shown = message.role === "tool" && body !== "" && !images ? fenced(body, "text") : body;
  return paragraphs([...attachments(metadata, { images }), shown]);
}

function renderPart(part: JsonRecord, { spoken }: { spoken: boolean }): string {
  const type = string(part.content_type);
  switch (type) {
    case "text":
    case "audio_transcription":
      return string(part.text);
    case "image_asset_pointer":
      return note("image", imageLabel(part));
    case "audio_asset_pointer":
    case "real_time_user_audio_video_asset_pointer":
      return spoken ? "" : note("voice message");
    case "video_asset_pointer":
    case "video_container_asset_pointer":
      return note("video");
    default:
      return string(part.text) || note(type || "attachment");
  }
}

/** Generated images come with what was asked for. */
function imageLabel(part: JsonRecord): string {
  const dalle = record(record(part.metadata).dalle);
  return string(dalle.prompt);
}

/** Names of files that came with a message; images among them stand in the parts already. */
function attachments(metadata: JsonRecord, { images }: { images: boolean }): string[] {
  return list(metadata.attachments).map((value) => {
    const attachment = record(value);
    const mime = string(attachment.mime_type) || string(attachment.mimeType);
    if (images && mime.startsWith("image/")) return "";
    return note(mime.startsWith("image/") ? "image" : "file", string(attachment.name));
  });
}

function renderOutput({ content, metadata }: Message): string {
  const text = string(content.text);
  const images = text.match(/<<ImageDisplayed>>/g)?.length ?? imagesOf(metadata);
  const output = fenced(text.replace(/<<ImageDisplayed>>/g, ""), "text");
  return paragraphs([output, ...Array<string>(Math.min(images, 20)).fill(note("image"))]);
}

function imagesOf(metadata: JsonRecord): number {
  const messages = list(record(metadata.aggregate_result).messages);
  return messages.filter((message) => record(message).message_type === "image").length;
}

/** What a reasoning model let see of its thinking: quoted, so that it is told apart from the answer. */
function renderThoughts({ content }: Message): string {
  const thoughts = list(content.thoughts).map((value) => {
    const thought = record(value);
    return paragraphs([emphasised(string(thought.summary)), string(thought.content)]);
  });
  return quoted(paragraphs([...thoughts, ...list(content.parts).map(string)]));
}

function renderSource(content: JsonRecord): string {
  const title = string(content.title) || string(content.domain);
  const address = string(content.url);
  return title || address ? quoted(link(title, address)) : "";
}

/** Of a type that came after this was written: named, and kept with what it holds. */
function renderUnknown(message: Message): string {
  const { content } = message;
  if (message.role === "tool" && SILENT_TOOL.test(message.tool)) return "";
  const text = plainText(content);
  const type = string(content.content_type);
  if (text.trim() !== "") return paragraphs([note(type || "message"), text]);
  const { content_type: _, ...rest } = content;
  const empty = Object.values(rest).every(
    (value) => value === null || value === "" || (Array.isArray(value) && value.length === 0),
  );
  return empty ? "" : paragraphs([note(type || "message"), fenced(prettyJson(rest), "json")]);
}

function plainText(content: JsonRecord): string {
  const text = field(content, "text");
  if (typeof text === "string") return text;
  return list(content.parts)
    .filter((part) => typeof part === "string")
    .join("\n");
}

function language(content: JsonRecord): string {
  const name = string(content.language);
  return name === "unknown" ? "" : name;
}

function emphasised(text: string): string {
  const line = clampLine(text, 1000).replace(/\*/g, "");
  return line === "" ? "" : `**${line}**`;
}
