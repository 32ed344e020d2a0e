import { ImportError } from "./import-error.ts";
import { PLACE } from "./wrong-file.ts";

const LOOKED_AT = 4096;

/** @throws ImportError for archives, web pages and everything that is no text. */
export function refuseOther(text: string): void {
  const start = text.slice(0, LOOKED_AT);
  if (start.startsWith("PK\u0003\u0004") || start.startsWith("PK\u0005\u0006")) {
    throw new ImportError(
      "archive",
      "This is a zip archive. Please unpack it and choose conversations.json, the file of it that holds the conversations.",
    );
  }
  if (isWebPage(text)) throw otherPage(text);
  if (start.startsWith("%PDF-") || /^\{\\rtf/.test(start) || looksBinary(start)) {
    throw new ImportError(
      "not_text",
      "This is not a text file. Conversations come as JSON (conversations.json of an export), Markdown or plain text in UTF-8.",
    );
  }
}

export function isWebPage(text: string): boolean {
  const start = text.slice(0, LOOKED_AT);
  return /^\s*</.test(start) && /<(?:!doctype\s+html|html)[\s>]/i.test(start);
}

function otherPage(text: string): ImportError {
  if (/\bvar jsonData ?=/.test(text)) {
    return new ImportError(
      "web_page",
      `This is chat.html of a ChatGPT export; in the same archive the conversations are in ${PLACE.ChatGPT}.`,
    );
  }
  return new ImportError(
    "web_page",
    "This is a web page without a conversation that can be read. Of an export, please choose conversations.json; a ChatGPT share page has to be saved as HTML only; of any other page, copy the conversation and paste it as text.",
  );
}

/** Control characters that text does not have, and the one that decoders put where bytes were not UTF-8. */
function looksBinary(start: string): boolean {
  if (start.includes("\0")) return true;
  const odd = start.match(/[^\P{Cc}\s]|\ufffd/gu)?.length ?? 0;
  return odd > start.length / 20;
}
