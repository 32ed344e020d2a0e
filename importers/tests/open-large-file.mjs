// Run as a process of its own, with a bounded heap: opens the file named and prints what it found and what it took.
import { openAsBlob } from "node:fs";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { openImport } from "@openmates-share/importers";

const path = process.argv[2] ?? "";
const file = await openImport({ name: path, blob: await openAsBlob(path) });
const { conversations } = file;
const read = [];
for (const index of [0, Math.floor(conversations.length / 2), conversations.length - 1]) {
  const { title, messages } = await conversations[index].read();
  read.push({ title, messages: messages.length });
}
file.stop();
// Linux hands down to `maxRSS` what the process took that started this one; its own account begins with the program.
const status = await readFile("/proc/self/status", "utf8").catch(() => "");
const peak = Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS) * 1024;
process.stdout.write(JSON.stringify({ count: conversations.length, skipped: file.skipped, peak, read }));
