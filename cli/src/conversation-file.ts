import { openAsBlob } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { type ImportProgress, type OpenedImport, openImport } from "@openmates-share/importers";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Opens an export, an archive with one in it or a transcript, from a file of any size or from standard input for `-`.
 * The conversations are read from it later. @throws UsageError, ImportError, or the signal's reason after Ctrl-C
 */
export async function openConversationFile(terminal: Terminal, path: string): Promise<OpenedImport> {
  const source =
    path === "-"
      ? { name: "", blob: new Blob([new Uint8Array(await terminal.readInput("conversation"))]) }
      : { name: basename(path), blob: await blobOf(path) };
  const onProgress = (progress: ImportProgress) => void terminal.progress(readSoFar(progress));
  try {
    return await openImport(source, { signal: terminal.signal, onProgress });
  } finally {
    await terminal.endProgress();
  }
}

function readSoFar({ done, total, found }: ImportProgress): string {
  const conversations = found === 1 ? "1 conversation" : `${found} conversations`;
  return `Read ${megabytes(done)} of ${megabytes(total)} MB, found ${conversations}`;
}

const megabytes = (bytes: number) => (bytes / 1_000_000).toFixed(1);

/** Nothing of it is read yet. */
async function blobOf(path: string): Promise<Blob> {
  try {
    if ((await stat(path)).isDirectory())
      throw new UsageError(`${path}: this is a directory; please name a file in it.`);
    return await openAsBlob(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path}: ${reason(error)}`, { cause: error });
  }
}

function reason(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOENT":
      return "there is no such file.";
    case "EACCES":
    case "EPERM":
      return "this file may not be read.";
    default:
      return "this file can't be read.";
  }
}
