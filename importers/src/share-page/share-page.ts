import { isRecord, record } from "../json.ts";
import { TurboStream } from "./turbo-stream.ts";

const ENQUEUE = "streamController.enqueue(";
/** Parts that a page is made of: a few. */
const MOST_ROUTES = 50;
const NEXT_DATA = /<script id="__NEXT_DATA__"[^>]{0,200}>/;

/**
 * The conversation in a ChatGPT share page that was saved as HTML, as the page loads it; null when there is none in it.
 * Its data stand in scripts, as strings that the page hands to its router; before 2025 as JSON in one script.
 */
export function sharedConversation(html: string): unknown {
  const streamed = enqueued(html);
  const stream = streamed === "" ? null : TurboStream.read(streamed);
  for (const route of stream?.namesAt("loaderData").slice(0, MOST_ROUTES) ?? []) {
    const data = stream?.at("loaderData", route, "serverResponse", "data");
    if (isConversation(data)) return data;
  }
  const before = record(record(record(record(nextData(html)).props).pageProps).serverResponse).data;
  return isConversation(before) ? before : null;
}

function isConversation(data: unknown): boolean {
  return isRecord(data) && (isRecord(data.mapping) || Array.isArray(data.linear_conversation));
}

/** Everything that the page's scripts put into the stream, in their order. */
function enqueued(html: string): string {
  const pieces: string[] = [];
  for (let at = html.indexOf(ENQUEUE); at >= 0; at = html.indexOf(ENQUEUE, at)) {
    at += ENQUEUE.length;
    const end = endOfString(html, at);
    if (end === null) continue;
    pieces.push(unquoted(html.slice(at, end)));
    at = end;
  }
  return pieces.join("");
}

/** Where a string in double quotes that begins at `start` ends; null when none begins or it has no end. */
function endOfString(text: string, start: number): number | null {
  if (text[start] !== '"') return null;
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at + 1;
    else if (text[at] === "\n") return null;
  }
  return null;
}

function unquoted(literal: string): string {
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === "string" ? value : "";
  } catch {
    return "";
  }
}

function nextData(html: string): unknown {
  const opening = NEXT_DATA.exec(html);
  if (!opening) return null;
  const start = opening.index + opening[0].length;
  const end = html.indexOf("</script>", start);
  try {
    return JSON.parse(html.slice(start, end < 0 ? undefined : end));
  } catch {
    return null;
  }
}
