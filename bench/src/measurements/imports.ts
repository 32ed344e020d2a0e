import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { writeExport } from "../export-file.ts";
import type { Measurement } from "../measurement.ts";
import { watch } from "../reader-page.ts";
import { median, takeRounds } from "../rounds.ts";
import type { Row } from "../row.ts";
import type { World } from "../world.ts";

const BYTES = 300e6;
const READER = fileURLToPath(new URL("read-export.js", import.meta.url));
/** What a person begins to feel, milliseconds: the answer to a key or a tap is expected sooner. */
const MAX_BLOCK = 100;
/** Memory for a file of any size, MB. */
const MAX_PEAK = 250;

interface Reading {
  readonly found: number;
  readonly milliseconds: number;
  /** Bytes beyond what the process had before. */
  readonly peak: number;
}

export const imports: Measurement = {
  name: "imports",
  title: "Opening a ChatGPT export",
  async run(world) {
    const path = join(await world.folder(), "conversations.json");
    const size = await writeExport(path, { bytes: world.scaled(BYTES) });
    return [...(await inNode(path, size)), ...(await inBrowser(world, { path, size }))];
  },
};

async function inNode(path: string, size: number): Promise<Row[]> {
  const peaks = { open: [] as number[], parse: [] as number[] };
  const read = (how: keyof typeof peaks) => async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [READER, how, path]);
    const { milliseconds, peak }: Reading = JSON.parse(stdout);
    peaks[how].push(peak / 1e6);
    return per100(milliseconds, size);
  };
  const figures = await takeRounds({ open: read("open"), parse: read("parse") });
  const [peak, rival] = [median(peaks.open), median(peaks.parse)];
  const of = `${Math.round(size / 1e6)} MB`;
  return [
    {
      what: `Node: opening, per 100 MB of ${of}`,
      value: median(figures.open),
      unit: "ms",
      rival: { what: "JSON.parse", value: median(figures.parse) },
    },
    { what: "Node: peak of memory", value: peak, unit: "MB", rival: { what: "JSON.parse", value: rival } },
    { what: "Node: peak of memory, whatever the file's size", value: peak, unit: "MB", limit: { most: MAX_PEAK } },
    {
      what: "Node: peak of memory, beside the file",
      value: peak,
      unit: "MB",
      rival: { what: "the file", value: size / 1e6 },
    },
  ];
}

async function inBrowser(world: World, { path, size }: { path: string; size: number }): Promise<Row[]> {
  const { url } = await world.server();
  const browser = await world.browser();
  const blocks: number[] = [];
  const run = async () => {
    const profile = await browser.profile();
    await watch(profile);
    const page = await profile.open(url);
    await page.getByLabel("Conversation file").waitFor({ state: "attached" });
    await page.evaluate(() => window.benchBlocks.splice(0));
    const start = performance.now();
    await page.getByLabel("Conversation file").setInputFiles(path);
    await page.getByRole("heading", { name: "Which conversation?" }).waitFor({ timeout: 300_000 });
    const milliseconds = performance.now() - start;
    blocks.push(Math.max(0, ...(await page.evaluate(() => window.benchBlocks))));
    await profile.context.close();
    return per100(milliseconds, size);
  };
  const { opened } = await takeRounds({ opened: run });
  return [
    { what: "Chromium: opening until the list, per 100 MB", value: median(opened), unit: "ms" },
    {
      what: "Chromium: longest block of the page meanwhile",
      value: median(blocks),
      unit: "ms",
      limit: { most: MAX_BLOCK },
      note: `of ${blocks.length}: ${blocks.map(Math.round).join(", ")}; below 50 is told as 0`,
    },
  ];
}

function per100(milliseconds: number, size: number): number {
  return (milliseconds / size) * 100e6;
}
