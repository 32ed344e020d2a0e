import { type ContentRole, type DraftPart, ROLES } from "@openmates-share/protocol/content";
import type { FormatReader } from "./format-reader.ts";
import { isRecord, type JsonRecord, list, prettyJson, record, string } from "./json.ts";
import { code, document, file, image, markdown, other, output, reasoning, sources } from "./part.ts";
import { inLine, type Piece } from "./piece.ts";
import { timeOf } from "./time.ts";

/**
 * A conversation as this product writes it: `{ title, messages: [{ role, name, parts, time, model }] }`, with `text` in
 * place of the parts where a message is only that.
 */
export const openmates: FormatReader = {
  format: "openmates",
  recognises: (value) =>
    isRecord(value) &&
    typeof value.title === "string" &&
    list(value.messages).some((message) => readMessage(message) !== null),
  read: (value) => ({
    title: string(record(value).title),
    time: null,
    ...inLine(list(record(value).messages).map(readMessage)),
  }),
};

function readMessage(value: unknown): Piece | null {
  const { role, name, text, parts, time, model } = record(value);
  if (!isRole(role) || typeof name !== "string") return null;
  const read = Array.isArray(parts) ? parts.filter(isRecord).map(readPart) : null;
  if (read === null && typeof text !== "string") return null;
  return { role, name, parts: read ?? [markdown(string(text))], time: timeOf(time), model: string(model) || null };
}

function isRole(value: unknown): value is ContentRole {
  return ROLES.some((role) => role === value);
}

/** A part as it stands in a message; one of a newer version is named and kept. */
function readPart(part: JsonRecord): DraftPart {
  const text = string(part.text);
  const language = string(part.language) || null;
  const tool = string(part.tool) || null;
  switch (part.type) {
    case "markdown":
      return markdown(text);
    case "code":
      return code(text, { language, tool });
    case "output":
      return output(text, { tool, failed: part.failed === true });
    case "document":
      return document(string(part.title), text, language);
    case "reasoning":
      return reasoning(text, typeof part.seconds === "number" && part.seconds >= 0 ? part.seconds : null);
    case "sources":
      return sources(
        list(part.sources).map((one) => ({ title: string(record(one).title), url: string(record(one).url) })),
      );
    case "image":
      return image(attachmentFacts(part));
    case "file":
      return file(attachmentFacts(part));
    case "other":
      return other(string(part.named), text);
    case "unknown":
      return other(string(part.named) || "part", prettyJson(part.json));
    default:
      return other(string(part.type) || "part", prettyJson(part));
  }
}

/** The bytes are those of the record, if it has them as a `data:` address. */
function attachmentFacts(part: JsonRecord) {
  const { name, mediaType, alt, width, height, size, source } = part;
  return {
    name: string(name),
    mediaType: string(mediaType),
    alt: string(alt),
    width,
    height,
    size,
    source: string(source) || null,
  };
}
