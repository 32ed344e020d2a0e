import { fileId } from "../attachment-name.ts";
import { field, isRecord, type JsonRecord, list, prettyJson, record, string } from "../json.ts";
import { clampLine } from "../line.ts";
import { paragraphs } from "../markdown.ts";
import { attachment, code, file, image, markdown, other, output, reasoning, sources } from "../part.ts";
import type { RawPart } from "../piece.ts";
import { Citations } from "./citations.ts";
import type { Message } from "./message.ts";
import { secondsOf } from "./thinking-time.ts";
import { toolCallParts } from "./tool-call.ts";

/**
 * Tools whose results ChatGPT does not show: texts of pages and files that it read, and instructions to the model.
 * What they found stands in the answer; images among the results are shown.
 */
const SILENT_TOOL =
  /^(?:web|browser|search|sonic|file_search|myfiles|msearch|bio|canmore|dalle|image_gen|t2uay3k|a8km123|automations|research|api_tool|personal_context|genui)/;

/** Never on screen: custom instructions and memory, which are not part of what was said. */
const NEVER_SHOWN = new Set(["user_editable_context", "model_editable_context"]);

/** What a message shows; empty when it is nothing. */
export function contentParts(message: Message): readonly RawPart[] {
  const type = string(message.content.content_type);
  if (NEVER_SHOWN.has(type)) return [];
  const parts =
    message.to !== "" && (type === "text" || type === "code")
      ? toolCallParts(message.to, plainText(message.content))
      : (readerOf(type) ?? unknownParts)(message);
  return parts.filter((part) => !("text" in part) || part.text.trim() !== "" || part.type === "reasoning");
}

type ContentReader = (message: Message) => readonly RawPart[];

function readerOf(type: string): ContentReader | undefined {
  return Object.hasOwn(READERS, type) ? READERS[type] : undefined;
}

const READERS: Readonly<Record<string, ContentReader>> = {
  text: saidParts,
  multimodal_text: saidParts,
  code: ({ content }) => [code(plainText(content), { language: language(content) })],
  execution_output: outputParts,
  thoughts: thoughtParts,
  reasoning_recap: recapParts,
  system_error: ({ content, tool }) => [
    output([string(content.name), string(content.text)].filter((line) => line !== "").join("\n"), {
      tool,
      failed: true,
    }),
  ],
  tether_quote: ({ content }) => citedPage(content),
  sonic_webpage: ({ content }) => citedPage(content),
  // The pages of a search: the answer cites those that it used.
  tether_browsing_display: () => [],
  tether_browsing_code: ({ content }) => toolCallParts("browser", plainText(content)),
  computer_output: screenshotParts,
};

function saidParts(message: Message): RawPart[] {
  const { content, metadata } = message;
  const parts = list(content.parts);
  const texts = parts.length > 0 ? parts : [string(content.text)];
  const citations = new Citations(metadata);
  const attachments = attachmentsById(metadata);
  const shown = texts.map(
    (part): RawPart =>
      isRecord(part) ? multimodalPart(part, attachments) : textPart(string(part), { message, citations }),
  );
  const cited = message.role === "user" ? [] : citations.sources();
  return [...attachedParts(metadata, shown), ...shown, ...(cited.length > 0 ? [sources(cited)] : [])];
}

function textPart(text: string, { message, citations }: { message: Message; citations: Citations }): RawPart {
  if (message.role === "user") return markdown(text);
  if (message.role === "assistant") return markdown(citations.resolve(text));
  return SILENT_TOOL.test(message.tool) ? markdown("") : output(text, { tool: message.tool });
}

type Attachments = ReadonlyMap<string, JsonRecord>;

function attachmentsById(metadata: JsonRecord): Attachments {
  return new Map(list(metadata.attachments).map((value) => [string(record(value).id), record(value)]));
}

function multimodalPart(part: JsonRecord, attachments: Attachments): RawPart {
  const type = string(part.content_type);
  switch (type) {
    case "text":
    case "audio_transcription":
      return markdown(string(part.text));
    case "image_asset_pointer":
      return imagePart(part, attachments);
    case "audio_asset_pointer":
      return voicePart(part);
    case "real_time_user_audio_video_asset_pointer":
      return voicePart(record(part.audio_asset_pointer));
    case "video_asset_pointer":
    case "video_container_asset_pointer":
      return file({ name: "video.mp4", size: part.size_bytes, source: pointerOf(part) });
    default:
      return typeof part.text === "string" ? markdown(part.text) : other(type || "part", prettyJson(part));
  }
}

const pointerOf = (part: JsonRecord) => fileId(string(part.asset_pointer));

function voicePart(part: JsonRecord): RawPart {
  const format = /^[a-z0-9]{2,5}$/.exec(string(part.format))?.[0] ?? "wav";
  return file({ name: `voice message.${format}`, size: part.size_bytes, source: pointerOf(part) });
}

/** Generated images come with what was asked for, uploaded ones with their names among the message's attachments. */
function imagePart(part: JsonRecord, attachments: Attachments): RawPart {
  const source = pointerOf(part);
  const attached = source === null ? undefined : attachments.get(source);
  return image({
    name: string(attached?.name),
    mediaType: mediaType(attached ?? {}),
    alt: string(record(record(part.metadata).dalle).prompt) || string(part.alt_text),
    width: part.width,
    height: part.height,
    size: part.size_bytes,
    source,
  });
}

/** Files that came with a message; images among them stand in its parts already. */
function attachedParts(metadata: JsonRecord, shown: readonly RawPart[]): RawPart[] {
  const images = shown.filter((part) => part.type === "image");
  const known = new Set(images.map((part) => part.source));
  return list(metadata.attachments).flatMap((value) => {
    const attached = record(value);
    const source = fileId(string(attached.id)) ?? (string(attached.id) || null);
    const type = mediaType(attached);
    if (known.has(source) || (source === null && images.length > 0 && type.startsWith("image/"))) return [];
    const { width, height, size } = attached;
    return [attachment({ name: string(attached.name), mediaType: type, width, height, size, source })];
  });
}

function mediaType(attached: JsonRecord): string {
  return string(attached.mime_type) || string(attached.mimeType);
}

/** What the interpreter printed, and the images that it drew. */
function outputParts({ content, metadata, tool }: Message): RawPart[] {
  const text = plainText(content);
  const result = record(metadata.aggregate_result);
  const failed =
    /fail|error/i.test(string(result.status)) ||
    isRecord(result.in_kernel_exception) ||
    isRecord(result.system_exception);
  const drawn = drawnImages(result);
  // The mark stands for each image also where the export does not say which.
  const marks = text.match(/<<ImageDisplayed>>/g)?.length ?? 0;
  const missing = Math.min(Math.max(marks - drawn.length, 0), MOST_IMAGES);
  return [
    output(text.replace(/<<ImageDisplayed>>/g, ""), { tool, failed }),
    ...drawn,
    ...Array.from({ length: missing }, () => image({ source: null })),
  ];
}

/** More images than this out of one run are damage. */
const MOST_IMAGES = 50;

function drawnImages(result: JsonRecord): RawPart[] {
  const messages = list(result.messages)
    .map(record)
    .filter((message) => message.message_type === "image" || typeof message.image_url === "string");
  if (messages.length > 0) return messages.slice(0, MOST_IMAGES).map(drawnImage);
  // Older exports keep them in what the interpreter's kernel said.
  return list(result.jupyter_messages)
    .map((message) => record(record(record(message).content).data))
    .map(
      (data) => string(data["image/vnd.openai.fileservice2.png"]) || string(data["image/vnd.openai.fileservice.png"]),
    )
    .filter((pointer) => pointer !== "")
    .slice(0, MOST_IMAGES)
    .map((pointer) => image({ source: fileId(pointer) }));
}

function drawnImage({ image_url, width, height }: JsonRecord): RawPart {
  return image({ width, height, source: fileId(string(image_url)) });
}

/** What a reasoning model let see of its thinking. */
function thoughtParts({ content }: Message): RawPart[] {
  const thoughts = list(content.thoughts).map((value) => {
    const thought = record(value);
    return paragraphs([emphasised(string(thought.summary)), string(thought.content)]);
  });
  const text = paragraphs([...thoughts, ...list(content.parts).map(string)]);
  return text === "" ? [] : [reasoning(text)];
}

function emphasised(text: string): string {
  const line = clampLine(text, 1000).replace(/\*/g, "");
  return line === "" ? "" : `**${line}**`;
}

/** "Thought for 14s": how long, or its words where they say nothing of that. */
function recapParts({ content, metadata }: Message): RawPart[] {
  const said = string(content.content);
  const known = metadata.finished_duration_sec;
  const seconds = typeof known === "number" && known >= 0 ? Math.round(known) : secondsOf(said);
  if (seconds !== null) return [reasoning("", seconds)];
  return said.trim() === "" ? [] : [reasoning(said)];
}

/** A page that was read: where it is, not what it says. */
function citedPage(content: JsonRecord): RawPart[] {
  const url = string(content.url);
  if (!/^https?:\/\//i.test(url)) return [];
  return [sources([{ title: string(content.title) || string(content.domain), url }])];
}

function screenshotParts({ content }: Message): RawPart[] {
  return isRecord(content.screenshot) ? [imagePart(content.screenshot, new Map())] : [];
}

/** Of a type that came after this was written: named, and kept with what it holds. */
function unknownParts(message: Message): RawPart[] {
  const { content } = message;
  if (message.role === "tool" && SILENT_TOOL.test(message.tool)) return [];
  const type = string(content.content_type) || "message";
  const text = plainText(content);
  if (text.trim() !== "") return [other(type, text)];
  const { content_type: _, ...rest } = content;
  const empty = Object.values(rest).every(
    (value) => value === null || value === "" || (Array.isArray(value) && value.length === 0),
  );
  return empty ? [] : [other(type, prettyJson(rest))];
}

function plainText(content: JsonRecord): string {
  const text = field(content, "text");
  if (typeof text === "string") return text;
  return list(content.parts)
    .filter((part) => typeof part === "string")
    .join("\n");
}

function language(content: JsonRecord): string | null {
  const name = string(content.language);
  return name === "unknown" ? null : name;
}
