import { importedConversation } from "./conversation.ts";
import { ImportError } from "./import-error.ts";
import type { ImportedFile, ImportFormat, ImportInput } from "./imported-file.ts";
import { readJson } from "./json.ts";
import { readJsonExport } from "./json-export.ts";
import { IMPORT_LIMITS } from "./limits.ts";
import { isWebPage, refuseOther } from "./not-text.ts";
import type { RawConversation } from "./piece.ts";
import { sharedConversation } from "./share-page/share-page.ts";
import { readPlainText, readTranscript } from "./transcript.ts";

/**
 * Reads an export file or pasted text. JSON is recognised by its shape, not by the file's name; what has the name of
 * JSON and is none, or is of no known shape, is refused; other text is a transcript, or one message.
 *
 * @throws ImportError and nothing else
 */
export function readImport(input: ImportInput): ImportedFile {
  const text = input.text.replace(/^\ufeff/, "");
  if (text.length > IMPORT_LIMITS.fileCharacters) {
    throw new ImportError("too_large", "This file is larger than 500 MB; please import a part of it.");
  }
  if (text.trim() === "") throw new ImportError("empty", "There is nothing in it: neither text nor a conversation.");
  const page = isWebPage(text) ? readAsPage({ name: input.name, text }) : null;
  if (page) return page;
  refuseOther(text);
  return readAsJson({ name: input.name, text }) ?? readAsText({ name: input.name, text });
}

function readAsJson({ name, text }: ImportInput): ImportedFile | null {
  const mustBe = /\.(?:json|jsonl|ndjson)$/i.test(name);
  const data = readJson(text, { mustBe });
  if (data === undefined) return null;
  const found = readJsonExport(data, name);
  if (found) return importedFile(found.format, found.conversations);
  if (!mustBe) return null;
  throw new ImportError(
    "unknown_json",
    "This is JSON, but of no kind that is known here. Exports of ChatGPT and Claude (conversations.json), LibreChat, Chatbot UI and ShareGPT work, and lists of messages with a role and content.",
  );
}

function readAsPage({ name, text }: ImportInput): ImportedFile | null {
  const shared = sharedConversation(text);
  const found = shared === null ? null : readJsonExport(shared, name);
  return found && importedFile(found.format, found.conversations);
}

function readAsText({ name, text }: ImportInput): ImportedFile {
  const transcript = readTranscript(text);
  const conversation = transcript ?? readPlainText({ name, text });
  return importedFile(transcript ? "transcript" : "text", [() => conversation]);
}

function importedFile(format: ImportFormat, found: readonly (() => RawConversation | null)[]): ImportedFile {
  const conversations = found.map(importedConversation).filter((one) => one !== null);
  if (conversations.length > 0) return { format, conversations, skipped: found.length - conversations.length };
  throw new ImportError(
    "no_conversations",
    "This file is of the right kind, but there is no conversation in it with a message to show.",
  );
}
