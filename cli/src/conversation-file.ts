import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { type ImportedFile, readImport } from "@openmates-share/importers";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** Reads an export or a transcript from a file, or from standard input for `-`. @throws UsageError, ImportError */
export async function readConversationFile(terminal: Terminal, path: string): Promise<ImportedFile> {
  if (path === "-") return readImport({ name: "", text: decoded(await terminal.readInput("conversation")) });
  return readImport({ name: basename(path), text: decoded(await readWhole(path)) });
}

async function readWhole(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new UsageError(`${path}: ${reason(error)}`, { cause: error });
  }
}

function reason(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOENT":
      return "there is no such file.";
    case "EISDIR":
      return "this is a directory; please name a file in it.";
    case "EACCES":
    case "EPERM":
      return "this file may not be read.";
    case "ERR_FS_FILE_TOO_LARGE":
      return "this file is too large.";
    default:
      return "this file can't be read.";
  }
}

/** Text in UTF-8, or in UTF-16 where a byte order mark says so, as some editors save it. */
function decoded(bytes: Buffer): string {
  const mark = bytes.subarray(0, 2).toString("hex");
  const encoding = mark === "fffe" ? "utf-16le" : mark === "feff" ? "utf-16be" : "utf-8";
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch (cause) {
    // The one way to fail without `fatal`: more characters than a string holds.
    throw new UsageError("This file is too large.", { cause });
  }
}
