import { writeFile } from "node:fs/promises";
import { ClientError, pageWith, type Room, type ShareClient } from "@openmates-share/client";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** Where the server has the page, without a chat in it. */
const TEMPLATE = "/kept.html";

/** Writes a chat as one page that opens and proves it without a server. @throws UsageError for a file that is there already */
export async function writeKept(
  terminal: Terminal,
  { room, client, server }: { room: Room; client: ShareClient; server: string },
  { path, password }: { path: string; password: string | null },
): Promise<void> {
  const { signal } = terminal;
  const onProgress = (done: number, total: number) => void terminal.progress(`Kept ${done} of ${total} messages`);
  const [template, kept] = await Promise.all([
    templateOf(server, signal),
    client.keep(room, { password, signal, onProgress }),
  ]);
  await terminal.endProgress();
  try {
    const page = new Uint8Array(await pageWith(template, kept.bytes).arrayBuffer());
    // Who has the file can read the chat, unless it has a password.
    await writeFile(path, page, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    const there = cause instanceof Error && "code" in cause && cause.code === "EEXIST";
    throw new UsageError(there ? "There is a file of that name already." : "The file can't be written.", { cause });
  }
  if (kept.leftOut > 0)
    await terminal.say(`${kept.leftOut} files are not in it: too large together, or not to be had.`);
}

async function templateOf(server: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(server + TEMPLATE, { signal }).catch(() => null);
  const text = answer?.ok ? await answer.text() : "";
  if (text.includes("</body>")) return text;
  throw new ClientError("unreachable", "The page for the file can't be had from the server.", { retryable: true });
}
