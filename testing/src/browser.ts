import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { readTestEnv } from "./env.ts";

/** First Chromium's build without a window, which takes a third less of the processor. */
const NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** No sandbox, because tests also run as root in containers; nothing that talks to the network by itself. */
const ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run"];

/** What a page may take for anything, on a busy machine. Milliseconds. */
const PATIENCE = 90_000;

/** Chromium, which gives each person in a test a profile of their own. */
export interface TestBrowser {
  profile(options?: BrowserContextOptions): Promise<Profile>;
  /** Closes all profiles. May be called twice. */
  stop(): Promise<void>;
}

/** Storage, cookies and cache of one person. */
export interface Profile {
  readonly context: BrowserContext;
  /** Opens a tab. */
  open(url: string): Promise<Page>;
  /** What the pages complained about: errors on the console and exceptions that nobody caught. */
  readonly complaints: readonly string[];
}

export async function launchBrowser(): Promise<TestBrowser> {
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: ARGUMENTS });
  return {
    profile: async (options) => createProfile(await browser.newContext(options)),
    stop: () => browser.close(),
  };
}

function createProfile(context: BrowserContext): Profile {
  const complaints: string[] = [];
  context.setDefaultTimeout(PATIENCE);
  context.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  context.on("weberror", (error) => complaints.push(String(error.error())));
  return {
    context,
    complaints,
    async open(url) {
      const page = await context.newPage();
      await page.goto(url);
      return page;
    },
  };
}

/** @throws Error when there is none */
export function chromiumPath(): string {
  const { chromiumPath } = readTestEnv();
  if (chromiumPath !== null) return chromiumPath;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
  if (found === undefined) throw new Error("Chromium is missing: install it, or set CHROMIUM_PATH to where it is.");
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
