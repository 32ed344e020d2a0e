import { ImportError } from "./import-error.ts";

const LOOKED_AT = 4096;

/** @throws ImportError for archives, web pages and everything that is no text. */
export function refuseOther(text: string): void {
  const start = text.slice(0, LOOKED_AT);
  if (/^PK(?:\x03\x04|\x05\x06)/.test(start)) {
    throw new ImportError(
      "archive",
      "This is a zip archive. Please unpack it and choose conversations.json, the file of it that holds the conversations.",
    );
  }
  if (/^\s*(?:<!--[^]*?-->\s*)*<(?:!doctype\s+html|html|head|body)[\s>]/i.test(start)) {
    throw new ImportError(
      "web_page",
      "This is a web page. Of an export, please choose conversations.json instead of chat.html; of an open page, copy the conversation and paste it as text.",
    );
  }
  if (start.startsWith("%PDF-") || /^\{\\rtf/.test(start) || looksBinary(start)) {
    throw new ImportError(
      "not_text",
      "This is not a text file. Conversations come as JSON (conversations.json of an export), Markdown or plain text in UTF-8.",
    );
  }
}

/** Characters that text does not have, and those that decoders put where bytes were not UTF-8. */
function looksBinary(start: string): boolean {
  if (start.includes("\0")) return true;
  const odd = start.match(/[\x01-\x08\x0e-\x1a\x1c-\x1f\ufffd]/g)?.length ?? 0;
  return odd > start.length / 20;
}
