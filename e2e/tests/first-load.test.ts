import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { memoryStore, ShareClient, textParts } from "@openmates-share/client";
import { launchBrowser, type TestBrowser } from "@openmates-share/testing/browser";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Axe } from "./axe.ts";
import { RICH_CONVERSATION } from "./rich-conversation.ts";

/** Bytes after Brotli: all that a shared text needs, what reads markdown where there is some, and all styles. */
const MAX_FIRST_LOAD = 60_000;
const MAX_MARKDOWN = 18_000;
const MAX_STYLES = 12_000;

const BUILT = fileURLToPath(new URL("../../viewer/dist", import.meta.url));

let database: TestDatabase;
let server: ServerProcess;
let browser: TestBrowser;
let owner: ShareClient;

beforeAll(async () => {
  [database, browser] = await Promise.all([createTestDatabase(), launchBrowser()]);
  server = await startServer({ databaseUrl: database.databaseUrl });
  owner = new ShareClient({ server: server.url, store: memoryStore() });
});

afterAll(async () => {
  await browser?.stop();
  await server?.stop();
  await database?.stop();
});

/** Opens a link as somebody who was never here, with no scripts of the app but those; every file that is loaded is noted. */
async function opened(url: string, scripts = /./) {
  const profile = await browser.profile();
  const loaded: string[] = [];
  await profile.context.route(/\/assets\/.*\.js$/, (route) => {
    // Held back and not refused: what would wait for it waits for ever.
    if (scripts.test(new URL(route.request().url()).pathname)) return route.continue();
  });
  profile.context.on("requestfinished", (request) => loaded.push(new URL(request.url()).pathname));
  const page = await profile.open(url);
  return { page, loaded, complaints: profile.complaints };
}

function bytes(paths: readonly string[], end: string): number {
  const files = new Set(paths.filter((path) => path.endsWith(end)));
  return [...files].reduce((sum, path) => sum + brotliCompressSync(readFileSync(`${BUILT}${path}`)).length, 0);
}

describe("reading", () => {
  /** Opens a chat of one message with those scripts alone, and tells what was loaded when it can be read. */
  async function loadedFor(text: string, { scripts, selector }: { scripts: RegExp; selector: string }) {
    const message = { role: "assistant" as const, name: "", parts: textParts(text), time: null, model: null };
    const { url } = await owner.share({ title: "Words", messages: [message] }, { mode: "read-only" });
    const { page, loaded } = await opened(url, scripts);
    await page.locator(selector).waitFor();
    return loaded.filter((path) => path.startsWith("/assets/"));
  }

  it("a shared text of words alone needs the app and nothing else", async () => {
    const scripts = /\/(?:app|preload)-[\w-]+\.js$/;
    const assets = await loadedFor("How long does it rise?\n\nTwelve hours.", { scripts, selector: ".message p + p" });
    expect(bytes(assets, ".js")).toBeGreaterThan(30_000);
    expect(bytes(assets, ".js")).toBeLessThanOrEqual(MAX_FIRST_LOAD);
    expect(bytes(assets, ".css")).toBeLessThanOrEqual(MAX_STYLES);
  });

  it("markdown needs what reads it, and no colours, formulas or diagrams", async () => {
    const scripts = /\/(?:app|preload|markdown)-[\w-]+\.js$/;
    const assets = await loadedFor("Some **words**, a list:\n\n- one\n- two", { scripts, selector: ".message strong" });
    const markdown = assets.filter((path) => path.includes("/markdown"));
    expect(bytes(markdown, ".js")).toBeGreaterThan(10_000);
    expect(bytes(markdown, ".js")).toBeLessThanOrEqual(MAX_MARKDOWN);
  });

  it("a rich conversation shows every part, coloured and set, within the page's policy and for everybody", async () => {
    const { url } = await owner.share(RICH_CONVERSATION, { mode: "read-only" });
    const { page, complaints } = await opened(url);
    await page.locator(".formula.set .katex").first().waitFor();
    await page.locator(".hl-keyword").first().waitFor();
    for (const text of [
      "Thought for 12 s",
      "Output of python",
      "2 sources",
      "bridges.csv",
      "Not in what was imported",
    ]) {
      await page.getByText(text).first().waitFor();
    }
    expect(await new Axe(page).serious()).toEqual([]);
    await page.getByRole("button", { name: "Show as diagram" }).click();
    await page.frameLocator("iframe[title=Diagram]").getByText("Kneiphof").waitFor();
    expect(complaints).toEqual([]);
  });
});
