import { openAsBlob } from "node:fs";
import { readFile } from "node:fs/promises";
import { openImport } from "@openmates-share/importers";

/** Reads one file in one way, in a process of its own whose peak is that of the reading alone. */
const [, , how, path = ""] = process.argv;

const rss = process.memoryUsage().rss;
const start = performance.now();
const found = how === "open" ? await opened() : await parsed();
const milliseconds = performance.now() - start;
// Kilobytes, as getrusage(2) has it on Linux and Node makes it elsewhere.
const peak = process.resourceUsage().maxRSS * 1024 - rss;
process.stdout.write(JSON.stringify({ found, milliseconds, peak }));

/** As the list of conversations needs it: all of them found, with titles and numbers of messages. */
async function opened(): Promise<number> {
  const file = await openImport({ name: "conversations.json", blob: await openAsBlob(path) });
  file.stop();
  return file.conversations.length;
}

/** The least that reading at once would do. */
async function parsed(): Promise<number> {
  const list: unknown = JSON.parse(await readFile(path, "utf8"));
  return Array.isArray(list) ? list.length : 0;
}
