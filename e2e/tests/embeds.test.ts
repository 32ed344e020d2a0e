import { Buffer } from "node:buffer";
import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { launchBrowser, type TestBrowser } from "@openmates-share/testing/browser";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Axe } from "./axe.ts";
import { chatGptExport } from "./export-fixture.ts";
import { importConversation, shareDraft, write } from "./steps.ts";

const CONVERSATION = { title: "Holiday", turns: ["Where do we go?", "To the sea."] };
const NOT_FOUND = "Embed can't be found. Either it doesn't exist or you don't have access to it.";

let database: TestDatabase;
let browser: TestBrowser;
let server: ServerProcess;
const profiles: (() => Promise<void>)[] = [];

beforeAll(async () => {
  [database, browser] = await Promise.all([createTestDatabase(), launchBrowser()]);
  server = await startServer({ databaseUrl: database.databaseUrl });
});
afterEach(async () => {
  for (const close of profiles.splice(0)) await close();
});
afterAll(async () => {
  await browser?.stop();
  await server?.stop();
  await database?.stop();
});

async function person(url = server.url): Promise<Page> {
  const profile = await browser.profile();
  profiles.push(() => profile.context.close());
  return profile.open(url);
}

/** A picture made by the browser itself, of that many pixels. */
async function pictureOf(page: Page, size: { width: number; height: number }): Promise<Buffer> {
  const bytes = await page.evaluate(async ({ width, height }) => {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    const sky = context.createLinearGradient(0, 0, width, height);
    sky.addColorStop(0, "#3b6fd1");
    sky.addColorStop(1, "#f2b45a");
    context.fillStyle = sky;
    context.fillRect(0, 0, width, height);
    return Array.from(new Uint8Array(await (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer()));
  }, size);
  return Buffer.from(bytes);
}

async function attach(page: Page, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  await page.getByLabel("Files to add").setInputFiles(file);
  await page.getByRole("list", { name: "Attached" }).getByText(file.name).waitFor();
}

async function send(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Send", exact: true }).click();
}

/** Ada's chat, and the link that lets others write in it. */
async function chat(): Promise<{ ada: Page; link: string }> {
  const ada = await person();
  await importConversation(ada, CONVERSATION);
  const link = await shareDraft(ada, { together: true, name: "Ada" });
  await ada.getByLabel("Message", { exact: true }).waitFor();
  return { ada, link };
}

/** Shares the one file that the page shows on its own; returns the link. */
async function shareAlone(page: Page, options: { password?: string } = {}): Promise<string> {
  await page
    .getByRole("button", { name: /on its own/ })
    .first()
    .click();
  const dialog = page.getByRole("dialog", { name: /^Share “/ });
  if (options.password) await dialog.getByLabel("Password (optional)").fill(options.password);
  await dialog.getByRole("button", { name: "Create link" }).click();
  const link = await dialog.getByLabel("Link", { exact: true }).inputValue();
  await dialog.getByRole("button", { name: "Close" }).click();
  return link;
}

describe("a picture in a chat", () => {
  it("is added in the composer, seen by who has the link, and shared on its own until that link is revoked", async () => {
    const { ada, link } = await chat();
    await attach(ada, {
      name: "beach.png",
      mimeType: "image/png",
      buffer: await pictureOf(ada, { width: 640, height: 400 }),
    });
    await ada.locator(".attachment-picture.ready").waitFor();
    // Without a line it waits, and can be seen all the same.
    await ada.context().setOffline(true);
    await ada.getByText(/^Offline/).waitFor();
    await send(ada);
    await ada
      .getByRole("article", { name: /not sent yet/ })
      .getByRole("img", { name: "beach.png" })
      .waitFor();
    await ada.context().setOffline(false);
    await ada.getByRole("article", { name: /not sent yet/ }).waitFor({ state: "detached" });
    const shown = ada.getByRole("img", { name: "beach.png" });
    await shown.waitFor();
    await expect
      .poll(() => shown.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]))
      .toEqual([640, 400]);

    const bob = await person(link);
    await bob.getByRole("img", { name: "beach.png" }).waitFor();
    expect(await bob.getByRole("button", { name: /on its own/ }).count()).toBe(0);
    await bob.getByRole("button", { name: "Show large: beach.png" }).click();
    await bob.getByRole("dialog", { name: "beach.png" }).getByRole("img").waitFor();
    expect(await new Axe(bob).serious()).toEqual([]);

    const alone = await shareAlone(ada);
    expect(new URL(alone).pathname).toMatch(/^\/share\/embed\/[\w-]{22}$/);
    const carol = await person(alone);
    await carol.getByRole("heading", { name: "beach.png", level: 1 }).waitFor();
    await carol.getByRole("img", { name: "beach.png" }).waitFor();
    expect(carol.url()).not.toContain("key=");
    expect(await new Axe(carol).serious()).toEqual([]);
    await carol.reload();
    await carol.getByRole("img", { name: "beach.png" }).waitFor();

    // Her files are listed at home, and their links are behind their pages.
    await ada.goto(`${new URL(ada.url()).origin}/#home`);
    const files = ada.getByRole("region", { name: "Files with a link of their own" });
    await files.getByRole("link", { name: /beach\.png/ }).click();
    await ada.getByRole("heading", { name: "beach.png", level: 1 }).waitFor();
    await ada.getByRole("button", { name: "Share", exact: true }).click();
    await ada.getByRole("button", { name: /^Revoke link/ }).click();
    await ada.getByRole("dialog", { name: "Revoke this link?" }).getByRole("button", { name: "Revoke link" }).click();
    await ada.getByText("The link was revoked.").waitFor();
    await carol.reload();
    await carol.getByText(NOT_FOUND).waitFor();
    const late = await person(alone);
    await late.getByText(NOT_FOUND).waitFor();
  });
});

describe("a file in a chat", () => {
  it("is sent before it is uploaded: one goes on writing, and it follows, or is taken back", async () => {
    const { ada, link } = await chat();
    const bob = await person(link);
    // What is uploaded is held until the test has seen what it wants to.
    let go = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    await ada.route("**/api/embeds/*/parts/*", async (route) => {
      await gate;
      await route.continue();
    });
    await attach(ada, { name: "plan.bin", mimeType: "application/octet-stream", buffer: randomBytes(50_000) });
    await write(ada, "Here is the plan");
    const waiting = ada.getByRole("article", { name: /not sent yet/ });
    await waiting.getByText("Uploading").waitFor();
    await waiting.getByRole("progressbar", { name: "Uploading plan.bin" }).waitFor();
    await write(ada, "One moment, it is large");
    await bob.getByText("One moment, it is large").waitFor();
    expect(await bob.getByText("Here is the plan").count()).toBe(0);
    // A second one is taken back, and its words are there to be written on.
    await attach(ada, { name: "wrong.bin", mimeType: "application/octet-stream", buffer: randomBytes(10) });
    await write(ada, "Not that one");
    await waiting.filter({ hasText: "Not that one" }).getByRole("button", { name: "Cancel" }).click();
    await expect.poll(() => ada.getByLabel("Message", { exact: true }).inputValue()).toBe("Not that one");
    expect(await new Axe(ada).serious()).toEqual([]);
    // Also while one is somewhere else.
    await ada.goto(`${new URL(ada.url()).origin}/#home`);
    await waiting.first().waitFor({ state: "detached" });
    go();
    await bob.getByText("Here is the plan").waitFor();
    await bob.getByRole("button", { name: "Download plan.bin" }).waitFor();
    expect(await bob.getByText("Not that one").count()).toBe(0);
  });

  it("comes back byte for byte, by the chat and by a link with a password", async () => {
    const { ada } = await chat();
    const buffer = randomBytes(3_000_000);
    await attach(ada, { name: "data.bin", mimeType: "application/octet-stream", buffer });
    await send(ada);
    const button = ada.getByRole("article").getByRole("button", { name: /^Download/ });
    await button.waitFor();
    expect(await downloaded(ada, () => button.click())).toBe(hashOf(buffer));

    const link = await shareAlone(ada, { password: "sunflower" });
    const bob = await person(link);
    await bob.getByRole("heading", { name: "This needs a password" }).waitFor();
    await bob.getByLabel("Password", { exact: true }).fill("tulip");
    await bob.getByRole("button", { name: "Open", exact: true }).click();
    await bob.getByText(/^Unable to decrypt/).waitFor();
    await bob.getByLabel("Password", { exact: true }).fill("sunflower");
    await bob.getByRole("button", { name: "Open", exact: true }).click();
    await bob.getByRole("heading", { name: "data.bin", level: 1 }).waitFor();
    const download = bob.getByRole("main").getByRole("button", { name: /^Download/ });
    expect(await downloaded(bob, () => download.click())).toBe(hashOf(buffer));
  });

  it("with code, text or markdown in it is read on its page; a drawing with scripts is only ever saved", async () => {
    const { ada } = await chat();
    await attach(ada, { name: "sum.py", mimeType: "text/x-python", buffer: Buffer.from("print(1 + 1)\n") });
    await send(ada);
    await ada.getByRole("button", { name: /^Preview sum.py/ }).click();
    await ada.getByRole("dialog", { name: "sum.py" }).getByText("print(1 + 1)").waitFor();
    await ada.keyboard.press("Escape");
    const code = await person(await shareAlone(ada));
    await code.getByText("print(1 + 1)").waitFor();

    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>document.title = "taken"</script></svg>';
    const { ada: eve } = await chat();
    await attach(eve, { name: "evil.svg", mimeType: "image/svg+xml", buffer: Buffer.from(svg) });
    await send(eve);
    const drawing = await person(await shareAlone(eve));
    await drawing.getByRole("heading", { name: "evil.svg", level: 1 }).waitFor();
    expect(await drawing.getByRole("img", { name: "evil.svg" }).count()).toBe(0);
    expect(await drawing.title()).not.toContain("taken");
  });
});

describe("a document in a chat", () => {
  it("is shared on its own as it is", async () => {
    const ada = await person();
    const [conversation] = JSON.parse(chatGptExport([CONVERSATION]));
    const { message } = conversation.mapping["node-1"];
    message.recipient = "canmore.create_textdoc";
    message.content.parts = [JSON.stringify({ name: "Plan", type: "document", content: "# Day one\n\nTo the *sea*." })];
    const buffer = Buffer.from(JSON.stringify([conversation]));
    await ada
      .getByLabel("Conversation file")
      .setInputFiles({ name: "export.json", mimeType: "application/json", buffer });
    await ada.getByRole("heading", { name: CONVERSATION.title, level: 1 }).waitFor();
    await shareDraft(ada);
    const bob = await person(await shareAlone(ada));
    await bob.getByRole("heading", { name: "Plan", level: 1 }).waitFor();
    await bob.getByRole("heading", { name: "Day one" }).waitFor();
    await bob.setViewportSize({ width: 390, height: 844 });
    expect(await new Axe(bob).serious()).toEqual([]);
  });
});

async function downloaded(page: Page, act: () => Promise<void>): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent("download"), act()]);
  return hashOf(await readFile(await download.path()));
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
