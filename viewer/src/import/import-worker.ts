import { ImportError, type ImportedFile, readImport } from "@openmates-share/importers";
import type { ReaderAnswer, ReaderRequest } from "./reader-messages.ts";

/** Reads exports beside the page: a year of chats is a hundred megabytes of JSON, and the page stays alive meanwhile. */

let imported: ImportedFile | null = null;

// The page that started this worker is the only one that can post to it.
addEventListener("message", ({ data }: MessageEvent<ReaderRequest>) => {
  answer(data).then(post, (error: unknown) => post({ type: "failed", message: sentence(error) }));
});

async function answer(request: ReaderRequest): Promise<ReaderAnswer> {
  if (request.type === "pick") return pick(request.index);
  const text = request.type === "text" ? request.text : await readText(request.file);
  imported = readImport({ name: request.type === "text" ? "" : request.file.name, text });
  const { conversations, skipped } = imported;
  return {
    type: "list",
    skipped,
    conversations: conversations.map(({ title, time, messageCount }) => ({ title, time, messageCount })),
  };
}

function pick(index: number): ReaderAnswer {
  const chosen = imported?.conversations[index];
  if (!chosen)
    return { type: "failed", message: "This conversation is no longer there. Please import the file again." };
  return { type: "conversation", conversation: chosen.read() };
}

async function readText(file: File): Promise<string> {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let done = 0;
  for await (const bytes of file.stream()) {
    parts.push(decoder.decode(bytes, { stream: true }));
    done += bytes.length;
    post({ type: "progress", done, total: file.size });
  }
  parts.push(decoder.decode());
  return parts.join("");
}

function sentence(error: unknown): string {
  if (error instanceof ImportError) return error.message;
  return "This file could not be read. Please check that it is still there and try again.";
}

function post(message: ReaderAnswer): void {
  postMessage(message);
}
