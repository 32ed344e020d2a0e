import type { DraftPart, Source } from "@openmates-share/protocol/content";

/** The parts that readers make; `cleanPart` brings what they hold into the protocol's bounds. */

export const markdown = (text: string): DraftPart => ({ type: "markdown", text });

export function code(
  text: string,
  { language = null, tool = null }: { language?: string | null; tool?: string | null },
) {
  return { type: "code", text, language: language || null, tool: tool || null } satisfies DraftPart;
}

export function output(text: string, { tool = null, failed = false }: { tool?: string | null; failed?: boolean }) {
  return { type: "output", text, tool: tool || null, failed } satisfies DraftPart;
}

export function document(title: string, text: string, language: string | null): DraftPart {
  return { type: "document", title, text, language: language || null };
}

export function reasoning(text: string, seconds: number | null = null): DraftPart {
  return { type: "reasoning", text, seconds };
}

export const sources = (all: readonly Source[]): DraftPart => ({ type: "sources", sources: all });

export const other = (named: string, text: string): DraftPart => ({ type: "other", named, text });

/** What is known of a picture or a file; what is left out is not known. */
export interface AttachmentFacts {
  readonly name?: string | undefined;
  readonly mediaType?: string | undefined;
  readonly alt?: string | undefined;
  readonly width?: unknown;
  readonly height?: unknown;
  readonly size?: unknown;
  /** What the importer calls it (`AttachmentName`); null when it is not in what was imported. */
  readonly source: string | null;
}

export function image(facts: AttachmentFacts): DraftPart {
  const { name = "", mediaType = "", alt = "", width, height, size, source } = facts;
  return {
    type: "image",
    name: name || "image",
    mediaType: mediaType || mediaTypeOf(name) || "image/png",
    alt,
    width: whole(width),
    height: whole(height),
    size: whole(size),
    source,
  };
}

export function file(facts: Omit<AttachmentFacts, "alt" | "width" | "height">): DraftPart {
  const { name = "", mediaType = "", size, source } = facts;
  return {
    type: "file",
    name: name || "file",
    mediaType: mediaType || mediaTypeOf(name) || "application/octet-stream",
    size: whole(size),
    source,
  };
}

/** A picture or a file, as its media type or its name says. */
export function attachment(facts: AttachmentFacts): DraftPart {
  const type = facts.mediaType || mediaTypeOf(facts.name ?? "");
  return type.startsWith("image/") ? image(facts) : file(facts);
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  avif: "image/avif",
  heic: "image/heic",
  bmp: "image/bmp",
  svg: "image/svg+xml",
  pdf: "application/pdf",
  txt: "text/plain",
  md: "text/markdown",
  csv: "text/csv",
  json: "application/json",
  html: "text/html",
  zip: "application/zip",
  wav: "audio/wav",
  mp3: "audio/mpeg",
  m4a: "audio/mp4",
  mp4: "video/mp4",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
};

/** By a name's ending; empty when it tells nothing. */
function mediaTypeOf(name: string): string {
  const ending = fileEnding(name);
  return Object.hasOwn(MEDIA_TYPES, ending) ? (MEDIA_TYPES[ending] ?? "") : "";
}

/** In lower case and without the dot; empty when there is none. */
function fileEnding(name: string): string {
  return /\.([A-Za-z0-9]{1,8})$/.exec(name.slice(-10))?.[1]?.toLowerCase() ?? "";
}

/** Written out, so that a text which came without its file reads as such. */
const PROSE = new Set(["", "txt", "pdf", "doc", "docx", "odt", "rtf", "pptx", "epub"]);

/** The language in which the text of a file is shown: null for markdown. */
export function languageOfFile(name: string): string | null {
  const ending = fileEnding(name);
  if (ending === "md" || ending === "markdown") return null;
  return PROSE.has(ending) ? "text" : ending;
}

function whole(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(Math.round(value)) && value >= 0 ? Math.round(value) : null;
}
