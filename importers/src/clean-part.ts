import type { DraftPart, Source } from "@openmates-share/protocol/content";
import { IMPORT_LIMITS } from "./limits.ts";
import { clampLine, cleanText, wellFormed, wholeCharacters } from "./line.ts";

/** A part within the protocol's bounds, in characters that UTF-8 can carry; null when it says nothing. */
export function cleanPart(part: DraftPart): DraftPart | null {
  switch (part.type) {
    case "markdown":
      return spoken({ ...part, text: cleanText(part.text) });
    case "reasoning": {
      const text = cleanText(part.text);
      return text === "" && part.seconds === null ? null : { ...part, text };
    }
    case "code":
      return spoken({ ...part, text: cleanText(part.text), language: languageOf(part), tool: toolOf(part) });
    case "output":
      return spoken({ ...part, text: cleanText(part.text), tool: toolOf(part) });
    case "document": {
      const title = clampLine(part.title, IMPORT_LIMITS.title);
      const text = cleanText(part.text);
      return title === "" && text === "" ? null : { ...part, title, text, language: languageOf(part) };
    }
    case "sources": {
      const sources = distinctSources(part.sources);
      return sources.length === 0 ? null : { ...part, sources };
    }
    case "image":
    case "file":
      return cleanAttachment(part);
    case "other":
      return { ...part, named: clampLine(part.named, IMPORT_LIMITS.title), text: cleanText(part.text) };
    case "unknown":
      return part;
  }
}

const spoken = <P extends DraftPart & { readonly text: string }>(part: P): P | null => (part.text === "" ? null : part);

function languageOf({ language }: { readonly language: string | null }): string | null {
  return language === null ? null : clampLine(language, IMPORT_LIMITS.language) || null;
}

function toolOf({ tool }: { readonly tool: string | null }): string | null {
  return tool === null ? null : clampLine(tool, IMPORT_LIMITS.tool) || null;
}

function cleanAttachment(part: DraftPart & { readonly type: "image" | "file" }): DraftPart {
  const name = clampFileName(part.name);
  const mediaType = /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/.test(part.mediaType)
    ? part.mediaType.toLowerCase()
    : "application/octet-stream";
  if (part.type === "file") return { ...part, name, mediaType };
  return { ...part, name, mediaType, alt: clampLine(part.alt, IMPORT_LIMITS.alt) };
}

/** Cut in its middle, for its ending says what it is. */
function clampFileName(name: string): string {
  const line = clampLine(name, IMPORT_LIMITS.fileName * 2);
  if (line.length <= IMPORT_LIMITS.fileName) return line || "file";
  return `${wholeCharacters(line.slice(0, IMPORT_LIMITS.fileName - 21))}…${wellFormed(line.slice(-20))}`;
}

/** One for each address, within the protocol's bounds. */
export function distinctSources(sources: readonly Source[]): Source[] {
  const byUrl = new Map<string, Source>();
  for (const { title, url } of sources) {
    if (byUrl.has(url) || url === "" || url.length > IMPORT_LIMITS.sourceUrl) continue;
    byUrl.set(url, { title: clampLine(title, IMPORT_LIMITS.title), url: wellFormed(url) });
    if (byUrl.size === IMPORT_LIMITS.sources) break;
  }
  return [...byUrl.values()];
}
