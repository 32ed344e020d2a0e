import { messageText } from "@openmates-share/client";
import type { SpokenMessage } from "./reading-source.ts";

/** The forms in which a chat can be kept. */
export type Form = "markdown" | "json" | "html";

export const FORMS: Record<Form, { readonly mediaType: string; readonly extension: string }> = {
  markdown: { mediaType: "text/markdown;charset=utf-8", extension: "md" },
  json: { mediaType: "application/json", extension: "json" },
  html: { mediaType: "text/html;charset=utf-8", extension: "html" },
};

/** A chat in pieces: what comes before the messages, each message, and what comes after. */
export interface Writer {
  readonly head: string;
  message(message: SpokenMessage): string;
  readonly tail: string;
}

export function writerOf(form: "markdown" | "json", { title }: { title: string }): Writer {
  return form === "markdown" ? markdownWriter(title) : jsonWriter(title);
}

function markdownWriter(title: string): Writer {
  return {
    head: `# ${oneLine(title) || "Untitled chat"}\n`,
    message: (message) => `\n${markdownOf(message)}\n`,
    tail: "",
  };
}

/** One message with who said it and when, as markdown. */
function markdownOf(message: SpokenMessage): string {
  const { speaker, time, model, edited } = message;
  const about = [model, time === null ? null : isoTime(time), edited == null ? null : "edited"]
    .filter((word) => word !== null)
    .map(oneLine);
  return `## ${oneLine(speaker)}\n${about.length > 0 ? `\n*${about.join(" · ")}*\n` : ""}\n${messageText(message).trim()}`;
}

/**
 * `{ "format": "openmates-share", "version": 1, "title", "messages": [{ "role", "name", "text", "parts", "time", "model", "edited" }] }`:
 * `text` is all of a message as markdown; `parts` are as the protocol has them, except that files come without their bytes
 * and keys (`embed` is null). `time` is in milliseconds since 1970, or null, as is `edited`, which only
 * messages have that were. The importer "openmates" reads it back.
 */
function jsonWriter(title: string): Writer {
  let first = true;
  return {
    head: `{"format":"openmates-share","version":1,"title":${JSON.stringify(title)},"messages":[`,
    message(message) {
      const comma = first ? "" : ",";
      first = false;
      const { role, speaker, parts, time, model, edited } = message;
      const kept = parts.map((part) =>
        "embed" in part || "source" in part ? { ...part, embed: null, source: undefined } : part,
      );
      const said = { role, name: speaker, text: messageText(message), parts: kept, time, model };
      return `${comma}\n${JSON.stringify(edited == null ? said : { ...said, edited })}`;
    },
    tail: "\n]}\n",
  };
}

/** A name for the file that every system takes, from a title that may be anything. */
export function fileName(title: string, form: Form): string {
  const safe = title
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, " ")
    .trim()
    .slice(0, 80)
    .trim();
  return `${safe || "Chat"}.${FORMS[form].extension}`;
}

function isoTime(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace("T", " ");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
