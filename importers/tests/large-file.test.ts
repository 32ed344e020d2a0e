import { execFile } from "node:child_process";
import { createWriteStream, openAsBlob } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assistant, conversationOf, user } from "./chatgpt-fixture.ts";
import { zipOf } from "./zip-fixture.ts";

const MB = 1 << 20;
const SIZE = 200 * MB;
/** What a process may take at most: a third of the file for its heap, and what Node and its buffers take beside it. */
const HEAP_MB = 64;
const PEAK = 200 * MB;

let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "openmates-share-large-"));
  await pipeline(Readable.from(exported()), createWriteStream(join(folder, "conversations.json")));
  const content = await openAsBlob(join(folder, "conversations.json"));
  const zip = await zipOf([{ name: "conversations.json", content }]);
  await writeFile(join(folder, "export.zip"), zip.stream());
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** An export of about 200 MB in conversations of about 100 KB, as text. */
function* exported(): Generator<string> {
  const paragraph = "Water, flour, salt and “time”: twelve hours at 20 °C are enough.\n".repeat(150);
  let size = 0;
  for (count = 0; size < SIZE; count++) {
    const turns = Array.from({ length: 5 }, (_, turn) => [user(`Turn ${turn}`), assistant(`${paragraph}${turn}`)]);
    const text = JSON.stringify(conversationOf([...turns.flat(), user(`End of ${count}`)], `Bread ${count}`));
    size += text.length;
    yield (count === 0 ? "[" : ",\n") + text;
  }
  yield "]";
}

describe("an export of 200 MB", () => {
  it.each(["conversations.json", "export.zip"])("opens in bounded memory: %s", async (name) => {
    const script = fileURLToPath(new URL("open-large-file.mjs", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [
      `--max-old-space-size=${HEAP_MB}`,
      script,
      join(folder, name),
    ]);
    const result: unknown = JSON.parse(stdout);
    const sample = [0, Math.floor(count / 2), count - 1];
    expect(result).toMatchObject({
      count,
      skipped: 0,
      read: sample.map((number) => ({ title: `Bread ${number}`, messages: 11 })),
    });
    expect((result as { peak: number }).peak).toBeLessThan(PEAK);
  });
});
