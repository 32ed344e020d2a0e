import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { memoryStore, ShareClient, textParts } from "@openmates-share/client";
import type { Measurement } from "../measurement.ts";
import { openLink, watch } from "../reader-page.ts";
import type { Row } from "../row.ts";
import type { World } from "../world.ts";

const BUILT = fileURLToPath(new URL("../../viewer/dist", import.meta.url));

/** Bytes after Brotli of everything that has to arrive before a shared text can be read. */
const MAX_SCRIPT = 60_000;
const MAX_STYLE = 12_000;

/**
 * Asked for while the text is being drawn, and perhaps not needed to read it: the live line, the tools, markdown. Each
 * counts unless the text can be read when it never comes.
 */
const BESIDE = /\/assets\/(?:connection|reading|reading-tools|fold|markdown|password-input)-/;

export const bundle: Measurement = {
  name: "bundle",
  title: "What the browser fetches, after Brotli",
  async run(world) {
    const words = await neededFor(world, WORDS);
    const markdown = await neededFor(world, MARKDOWN);
    const first: Row[] = [
      await sum("JavaScript that a text waits for", { paths: words.needed, end: ".js", most: MAX_SCRIPT }),
      await sum("styles that a text waits for", { paths: words.needed, end: ".css", most: MAX_STYLE }),
      await sum("JavaScript that a text in markdown waits for, to have its form", {
        paths: markdown.needed,
        end: ".js",
      }),
      await sum("JavaScript fetched beside and after it, without anything being done", {
        paths: markdown.beside,
        end: ".js",
      }),
    ];
    const known = new Set([...markdown.needed, ...markdown.beside]);
    const later = (await built()).filter((path) => !known.has(path) && /\.(?:js|css)$/.test(path));
    const rows = await Promise.all(
      later.map(async (path) => ({
        what: path.replace("/assets/", ""),
        value: await size(path),
        unit: "bytes" as const,
      })),
    );
    return [...first, ...rows.toSorted((a, b) => b.value - a.value)];
  },
};

/** What a shared text has to wait for, and what comes by itself without its waiting. */
async function neededFor(world: World, text: string): Promise<{ needed: Set<string>; beside: Set<string> }> {
  const url = await shared(world, text);
  const { before, after } = await fetchedFor(world, { url });
  const beside = new Set(after);
  for (const path of before) {
    if (BESIDE.test(path) && (await isReadableWithout(path, { world, url }))) beside.add(path);
  }
  return { needed: new Set([...before].filter((path) => !beside.has(path))), beside };
}

/** A text that is not there by then does not come, milliseconds. */
const PATIENCE = 8_000;

interface Fetched {
  readonly before: Set<string>;
  readonly after: Set<string>;
}

/** What a person's first look at a share has fetched when the text stood there, and what came by itself after that. */
async function fetchedFor(world: World, { url }: { url: string }): Promise<Fetched> {
  const profile = await (await world.browser()).profile();
  const requests: { path: string; at: number }[] = [];
  profile.context.on("requestfinished", (request) => {
    requests.push({ path: new URL(request.url()).pathname, at: request.timing().startTime });
  });
  await watch(profile);
  const { page, readableAt } = await openLink(profile, url);
  await page.waitForLoadState("networkidle");
  await profile.context.close();
  const files = requests.filter(({ path }) => /\.(?:js|css)$/.test(path));
  const before = new Set(files.filter(({ at }) => at < readableAt).map(({ path }) => path));
  return { before, after: new Set(files.map(({ path }) => path).filter((path) => !before.has(path))) };
}

async function isReadableWithout(path: string, { world, url }: { world: World; url: string }): Promise<boolean> {
  const profile = await (await world.browser()).profile();
  // Held, and not refused: what fails to load may rightly end in a screen that says so.
  await profile.context.route(`**${path}`, () => undefined);
  await watch(profile);
  const opened = openLink(profile, url, { patience: PATIENCE });
  const readable = await opened.then(
    () => true,
    () => false,
  );
  await profile.context.close();
  return readable;
}

const WORDS = "The keeper writes down wind, tide and ships.\n\nNothing else.";
/** Words, a list, a link: what needs no colours, formulas or pictures. */
const MARKDOWN =
  "The **keeper** writes down:\n\n- wind and tide\n- [ships](https://example.org/ships)\n\nNothing else.";

async function shared(world: World, text: string): Promise<string> {
  const { url: server } = await world.server();
  const owner = new ShareClient({ server, store: memoryStore() });
  const parts = textParts(text);
  const message = { role: "assistant", name: "", parts, time: null, model: null } as const;
  const { url } = await owner.share({ title: "A log", messages: [message] }, { mode: "read-only" });
  await owner.close();
  return url;
}

async function sum(what: string, options: { paths: Set<string>; end: string; most?: number }): Promise<Row> {
  const paths = [...options.paths].filter((path) => path.endsWith(options.end));
  const sizes = await Promise.all(paths.map(size));
  const named = paths.map((path, at) => `${path.replace("/assets/", "")} ${sizes[at]}`);
  return {
    what,
    value: sizes.reduce((all, one) => all + one, 0),
    unit: "bytes",
    note: named.join(", ") || "none",
    ...(options.most === undefined ? {} : { limit: { most: options.most } }),
  };
}

async function built(): Promise<string[]> {
  return (await readdir(join(BUILT, "assets"))).map((name) => `/assets/${name}`);
}

async function size(path: string): Promise<number> {
  // The share page's own script is the server's, not the viewer's.
  const file = await readFile(join(BUILT, path)).catch(() => readFile(join(BUILT, "../../realtime/public", path)));
  return brotliCompressSync(file).length;
}
