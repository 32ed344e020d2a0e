import { IMPORT_LIMITS, ImportError, type ImportedConversation, readImport } from "@openmates-share/importers";
import type { ReaderAnswer, ReaderRequest } from "./reader-messages.ts";
import { isZip, listZip, UnreadableZip } from "./zip.ts";

/** Reads exports beside the page: a year of chats is a hundred megabytes of JSON, and the page stays alive meanwhile. */

/** In an export's archive; long histories come in numbered parts. */
const CONVERSATIONS = /(?:^|\/)conversations(?:-\d+)?\.json$/i;

/** Something of a file's content, and how much there is to read. */
interface Source {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  read(): Promise<ReadableStream<Uint8Array>>;
}

let conversations: readonly ImportedConversation[] = [];

// The page that started this worker is the only one that can post to it.
addEventListener("message", ({ data }: MessageEvent<ReaderRequest>) => {
  answer(data).then(post, (error: unknown) => post({ type: "failed", message: sentence(error) }));
});

async function answer(request: ReaderRequest): Promise<ReaderAnswer> {
  if (request.type === "pick") return pick(request.index);
  const inputs = request.type === "text" ? [{ name: "", text: request.text }] : await readFile(request.file);
  const imported = inputs.map((input) => readImport(input));
  conversations = imported.flatMap((file) => file.conversations);
  return {
    type: "list",
    skipped: imported.reduce((sum, file) => sum + file.skipped, 0),
    conversations: conversations.map(({ title, time, messageCount }) => ({ title, time, messageCount })),
  };
}

function pick(index: number): ReaderAnswer {
  const chosen = conversations[index];
  if (!chosen)
    return { type: "failed", message: "This conversation is no longer there. Please import the file again." };
  return { type: "conversation", conversation: chosen.read() };
}

async function readFile(file: File): Promise<{ name: string; text: string }[]> {
  const sources = await sourcesOf(file);
  const total = sources.reduce((sum, { size }) => sum + size, 0);
  const inputs: { name: string; text: string }[] = [];
  let done = 0;
  for (const source of sources) {
    const text = await readText(source, (bytes) => {
      done += bytes;
      post({ type: "progress", done, total });
    });
    inputs.push({ name: source.name, text });
  }
  return inputs;
}

async function sourcesOf(file: File): Promise<Source[]> {
  if (!(await isZip(file))) return [{ name: file.name, size: file.size, read: async () => file.stream() }];
  const found = (await listZip(file)).filter(({ name }) => CONVERSATIONS.test(name));
  if (found.length > 0) return found.sort((a, b) => a.name.localeCompare(b.name));
  throw new UnreadableZip(
    "There is no conversations.json in this ZIP file, the file in which exports of ChatGPT and Claude keep conversations.",
  );
}

async function readText(source: Source, onBytes: (bytes: number) => void): Promise<string> {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let length = 0;
  // By its reader: Safari can't iterate over streams.
  const reader = (await source.read()).getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const bytes = next.value;
    parts.push(decoder.decode(bytes, { stream: true }));
    length += bytes.length;
    // What an archive says about its sizes need not be true.
    if (length > IMPORT_LIMITS.fileCharacters)
      throw new ImportError("too_large", "This file is larger than 500 MB; please import a part of it.");
    onBytes(bytes.length);
  }
  parts.push(decoder.decode());
  return parts.join("");
}

function sentence(error: unknown): string {
  if (error instanceof ImportError || error instanceof UnreadableZip) return error.message;
  return "This file could not be read. Please check that it is still there and whole, and try again.";
}

function post(message: ReaderAnswer): void {
  postMessage(message);
}
