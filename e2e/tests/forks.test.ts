import { memoryStore, ShareClient, textParts } from "@openmates-share/client";
import { launchBrowser, type TestBrowser } from "@openmates-share/testing/browser";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Axe } from "./axe.ts";
import { message, write } from "./steps.ts";

let database: TestDatabase;
let browser: TestBrowser;
let server: ServerProcess;

beforeAll(async () => {
  [database, browser] = await Promise.all([createTestDatabase(), launchBrowser()]);
  server = await startServer({ databaseUrl: database.databaseUrl });
});
afterAll(async () => {
  await browser?.stop();
  await server?.stop();
  await database?.stop();
});

/** Of one pixel; GIF because it is short. */
const PIXEL = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

/** A chat with a picture in its second message. */
async function shareRecipe(): Promise<string> {
  const owner = new ShareClient({ server: server.url, store: memoryStore() });
  const turn = { name: "", time: 1_700_000_000_000, model: null };
  const media = { name: "dot.gif", mediaType: "image/gif", size: PIXEL.length, source: "dot" };
  const picture = { type: "image", alt: "A loaf", width: 1, height: 1, ...media } as const;
  const messages = [
    { ...turn, role: "user" as const, parts: textParts("How is **rye** baked?") },
    { ...turn, role: "assistant" as const, parts: [...textParts("Slowly, like this:"), picture] },
    { ...turn, role: "user" as const, parts: textParts("And spelt?") },
  ];
  const attachment = async () => new Blob([PIXEL]);
  const { url } = await owner.share({ title: "Rye", messages, attachment }, { mode: "read-only", name: "Ada" });
  await owner.close();
  return url;
}

async function forkFrom(page: Page, text: string): Promise<void> {
  await page.getByRole("button", { name: "More for this chat" }).waitFor();
  await page.getByText("Complete and unaltered").waitFor();
  await message(page, text).getByRole("button", { name: "More for this message" }).click();
  await page.getByRole("button", { name: "Continue from here in a chat of your own…" }).click();
  const dialog = page.getByRole("dialog", { name: "Continue in a chat of your own" });
  await dialog.getByText("Up to and with this message").waitFor();
  expect(await new Axe(page).serious()).toEqual([]);
  await dialog.getByRole("button", { name: "Copy to my own chat" }).click();
}

it("a reader goes on in a chat of their own, and its readers see what of it is the source's", async () => {
  const reader = await browser.profile();
  const page = await reader.open(await shareRecipe());
  await message(page, "And spelt?").waitFor();
  await forkFrom(page, "Slowly, like this:");
  await page.getByText("Forked here: what follows is new").waitFor();
  expect(await message(page, "And spelt?").count()).toBe(0);
  await write(page, "And with caraway?");
  await message(page, "And with caraway?").waitFor();
  const link = await newLink(page);

  const other = await browser.profile();
  const read = await other.open(link);
  await message(read, "How is rye baked?").waitFor();
  await read.getByText("Forked from “Rye”, which its owner sealed on").click();
  await read.getByText("2 messages verified as unchanged:").waitFor();
  await read.getByText("Its owner’s key").waitFor();
  const picture = read.getByRole("img", { name: "A loaf" });
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);
  expect(await message(read, "And with caraway?").count()).toBe(0);
  expect(await new Axe(read).serious()).toEqual([]);
  expect([...reader.complaints, ...other.complaints]).toEqual([]);
});

async function newLink(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "New link" }).click();
  await dialog.getByRole("button", { name: "Create link" }).click();
  return dialog.getByLabel("Link", { exact: true }).inputValue();
}
