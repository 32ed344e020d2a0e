import { Buffer } from "node:buffer";
import { launchBrowser, type Profile, type TestBrowser } from "@openmates-share/testing/browser";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import { BlobReader, BlobWriter, ZipWriter } from "@zip.js/zip.js/lib/zip-core-native.js";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Axe } from "./axe.ts";
import { chatGptExport } from "./export-fixture.ts";
import { importConversation, message, shareDraft } from "./steps.ts";

const CONVERSATIONS = [
  { title: "Bread without kneading", turns: ["How long does it rest?", "Twelve hours."] },
  { title: "Bread with seeds", turns: ["Which ones?", "Sunflower."] },
  { title: "Bridges", turns: ["How many?", "Seven."] },
];
const SECRETS = {
  title: "Deploying",
  turns: [
    "Write to ada@example.org, please.",
    "The database is at postgres://app:s3cr3t-pw@db/app.",
    "Thanks!",
    "Bye.",
  ],
};

let database: TestDatabase;
let server: ServerProcess;
let browser: TestBrowser;

beforeAll(async () => {
  [database, browser] = await Promise.all([createTestDatabase(), launchBrowser()]);
  server = await startServer({ databaseUrl: database.databaseUrl });
});

afterAll(async () => {
  await browser?.stop();
  await server?.stop();
  await database?.stop();
});

async function zipped(text: string): Promise<Buffer> {
  const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false });
  await writer.add("export/conversations.json", new BlobReader(new Blob([text])));
  return Buffer.from(await (await writer.close()).arrayBuffer());
}

async function chooseFile(page: Page, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  await page.getByLabel("Conversation file").setInputFiles(file);
}

const SCREENS = [
  { name: "phone", viewport: { width: 390, height: 844 }, colorScheme: "dark" },
  { name: "desktop", viewport: { width: 1280, height: 800 }, colorScheme: "light" },
] as const;

async function check(page: Page): Promise<void> {
  expect(await new Axe(page).serious()).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
}

describe.each(SCREENS)("an archive of several conversations, on a $name", ({ viewport, colorScheme }) => {
  it("is searched, selected from and shared, each with a link of its own", async () => {
    const profile = await browser.profile({ viewport, colorScheme, reducedMotion: "reduce" });
    const page = await profile.open(server.url);
    const buffer = await zipped(chatGptExport(CONVERSATIONS));
    await chooseFile(page, { name: "export.zip", mimeType: "application/zip", buffer });
    await page.getByRole("heading", { name: "Which conversation?" }).waitFor();
    await page.getByLabel("Order").selectOption("By title");
    await check(page);

    await page.getByLabel("Search conversations").fill("bread");
    await page.getByRole("button", { name: "Select all 2 found" }).click();
    await check(page);
    await page.getByRole("button", { name: "Share 2" }).click();
    await page.getByRole("dialog", { name: "Share 2 conversations" }).waitFor();
    await check(page);
    await page.getByRole("button", { name: "Create 2 links" }).click();
    const done = page.getByRole("dialog", { name: "Your chats are shared" });
    await done.waitFor();
    await check(page);
    const seeds = await done.getByLabel("Bread with seeds", { exact: true }).inputValue();
    await done.getByRole("button", { name: "Done" }).click();

    const reader = await (await browser.profile()).open(seeds);
    await message(reader, "Sunflower.").waitFor();
    expect(profile.complaints).toEqual([]);

    // One of them can be looked at first.
    await page.getByRole("button", { name: /^Bread without kneading/ }).click();
    await message(page, "Twelve hours.").waitFor();
  });
});

describe.each(SCREENS)("a draft, on a $name", ({ viewport, colorScheme }) => {
  it("is shared without what is left out and with masks, and stays as it was until then", async () => {
    const profile = await browser.profile({ viewport, colorScheme, reducedMotion: "reduce" });
    const page = await profile.open(server.url);
    await importConversation(page, SECRETS);
    await page.getByText("2 things look like a secret or personal data").waitFor();
    await check(page);
    await page.getByRole("button", { name: "Look and mask" }).click();
    await page.getByRole("dialog", { name: "Mask before sharing" }).waitFor();
    await check(page);
    await page.getByRole("button", { name: "Mask 2" }).click();
    await message(page, "[e-mail address removed]").waitFor();

    await page.getByRole("button", { name: "Choose messages" }).click();
    await page.getByLabel("Share message 3 by You").uncheck();
    await page.getByLabel("Share message 4").click({ modifiers: ["Shift"] });
    await page.getByText("2 messages of 4 will be shared").waitFor();
    await check(page);
    await page.reload();
    await page.getByText("2 messages of 4 will be shared").waitFor();

    const link = await shareDraft(page);
    const reader = await (await browser.profile()).open(link);
    await message(reader, "postgres://app:[password removed]@db/app").waitFor();
    await message(reader, "Write to [e-mail address removed], please.").waitFor();
    expect(await message(reader, "Thanks!").count()).toBe(0);
    expect(await reader.getByText("ada@example.org").count()).toBe(0);
    expect(profile.complaints).toEqual([]);
  });
});

describe("somebody who has nothing to bring in", () => {
  it("shares the example, and is told that the link opens on this computer only", async () => {
    const profile = await browser.profile();
    const page = await profile.open(server.url);
    await page.getByRole("button", { name: "Try an example" }).click();
    await page.getByText("2 things look like a secret or personal data").waitFor();
    await page.getByRole("button", { name: "Share", exact: true }).click();
    await page.getByRole("button", { name: "Create link" }).click();
    const done = page.getByRole("dialog", { name: "Your chat is shared" });
    await done.getByText(/works on this computer only/).waitFor();
    const reader = await (await browser.profile()).open(await done.getByLabel("Link", { exact: true }).inputValue());
    await reader.getByRole("cell", { name: "Wannsee" }).waitFor();
    expect(profile.complaints).toEqual([]);
  });
});

describe("a conversation in the clipboard", () => {
  it("is brought in by pasting it on the page", async () => {
    const profile = await browser.profile({ permissions: ["clipboard-read", "clipboard-write"] });
    const page = await profile.open(server.url);
    await page.getByRole("button", { name: "Paste text" }).waitFor();
    await page.evaluate(() => navigator.clipboard.writeText("You said:\nWhat is rye?\n\nChatGPT said:\nA grain.\n"));
    await page.keyboard.press("ControlOrMeta+V");
    await page.getByRole("heading", { name: "What is rye?", level: 1 }).waitFor();
    await message(page, "A grain.").waitFor();
    expect(profile.complaints).toEqual([]);
  });
});

/** A picture of 2 × 1 pixels: red and blue. */
const PICTURE = Buffer.from(
  "Qk0+AAAAAAAAADYAAAAoAAAAAgAAAAEAAAABABgAAAAAAAgAAAATCwAAEwsAAAAAAAAAAAAAAAD//wAAAAA=",
  "base64",
);

/** Once the first one is there. */
async function pictures(page: Page): Promise<readonly { readonly width: number; readonly height: number }[]> {
  await page.locator(".message img").first().waitFor();
  return page.locator(".message img").evaluateAll((images) =>
    images.map((image) => ({
      width: image instanceof HTMLImageElement ? image.naturalWidth : 0,
      height: image instanceof HTMLImageElement ? image.naturalHeight : 0,
    })),
  );
}

describe("an archive with a picture and another version", () => {
  it("is shared along the version that was chosen, with its picture uploaded once", async () => {
    const picture = { content_type: "image_asset_pointer", asset_pointer: "file-service://file-AbC12", size_bytes: 4 };
    const node = (id: string, parent: string | null, parts: readonly unknown[]) => ({
      id,
      parent,
      children: [],
      message: parent && {
        author: { role: parent === "root" ? "user" : "assistant" },
        content: { content_type: "multimodal_text", parts },
        recipient: "all",
      },
    });
    const nodes = [
      node("root", null, []),
      node("a", "root", [picture, "What is it?", picture, { ...picture, asset_pointer: "file-service://file-Gone1" }]),
      node("b", "a", ["A bridge."]),
      node("c", "a", ["A tower."]),
    ];
    const mapping = Object.fromEntries(nodes.map((one) => [one.id, one]));
    const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false });
    const exported = JSON.stringify([{ title: "A picture", mapping, current_node: "b" }]);
    await writer.add("conversations.json", new BlobReader(new Blob([exported])));
    await writer.add("file-AbC12-bridge.png", new BlobReader(new Blob([PICTURE])));
    const buffer = Buffer.from(await (await writer.close()).arrayBuffer());

    const page = await (await browser.profile()).open(server.url);
    await chooseFile(page, { name: "export.zip", mimeType: "application/zip", buffer });
    await message(page, "A bridge.").waitFor();
    await expect.poll(() => pictures(page)).toEqual([2, 2].map((width) => ({ width, height: 1 })));
    await page.getByText("Not in what was imported").waitFor();
    await page.getByText("1 other version of this conversation").click();
    await page.getByRole("radio", { name: /^A tower/ }).check();
    await message(page, "A tower.").waitFor();
    expect(await message(page, "A bridge.").count()).toBe(0);
    await page.getByText("From here on this version differs").waitFor();
    await check(page);

    const before = await database.database.embed.count();
    const link = await shareDraft(page);
    expect(await database.database.embed.count()).toBe(before + 1);
    const reader = await (await browser.profile()).open(link);
    await message(reader, "A tower.").waitFor();
    await expect.poll(() => pictures(reader)).toEqual([2, 2].map((width) => ({ width, height: 1 })));
    await reader.getByText("Not in what was imported").waitFor();
  });
});

describe("several conversations with a picture that the server refuses", () => {
  it("are shared without it, and that is said", async () => {
    const picture = { content_type: "image_asset_pointer", asset_pointer: "file-service://file-AbC12", size_bytes: 4 };
    const conversation = (title: string, parts: readonly unknown[]) => ({
      title,
      current_node: "a",
      mapping: {
        root: { id: "root", parent: null, children: ["a"], message: null },
        a: {
          id: "a",
          parent: "root",
          children: [],
          message: { author: { role: "user" }, content: { content_type: "multimodal_text", parts }, recipient: "all" },
        },
      },
    });
    const exported = [conversation("With one", ["Look!", picture]), conversation("Without", ["Nothing to see."])];
    const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false });
    await writer.add("conversations.json", new BlobReader(new Blob([JSON.stringify(exported)])));
    await writer.add("file-AbC12-bridge.bmp", new BlobReader(new Blob([PICTURE])));
    const buffer = Buffer.from(await (await writer.close()).arrayBuffer());

    const profile = await browser.profile();
    const refusal = { code: "forbidden", message: "This server keeps no more files of yours." };
    await profile.context.route(/\/api\/embeds$/, (route) => route.fulfill({ status: 403, json: refusal }));
    const page = await profile.open(server.url);
    await chooseFile(page, { name: "export.zip", mimeType: "application/zip", buffer });
    await page.getByRole("button", { name: "Select all" }).click();
    await page.getByRole("button", { name: "Share 2" }).click();
    await page.getByRole("button", { name: "Create 2 links" }).click();
    const done = page.getByRole("dialog", { name: "Your chats are shared" });
    await done.getByText("1 file left out").click();
    await done.getByRole("listitem").filter({ hasText: "“With one”" }).waitFor();
    await check(page);
    const link = await done.getByLabel("With one", { exact: true }).inputValue();
    const reader = await (await browser.profile()).open(link);
    await reader.getByText("Not in what was imported").waitFor();
  });
});

describe("a conversation with a picture in its text, and a title that turns letters around", () => {
  it("shows the picture before and after it is shared, and the title as it is", async () => {
    const image = { type: "image_url", image_url: { url: `data:image/bmp;base64,${PICTURE.toString("base64")}` } };
    const stranger = { type: "image_url", image_url: { url: "https://stranger.example/pixel.png" } };
    const title = "Invoice \u202etxt.exe\u200b";
    const messages = [{ role: "user", content: [{ type: "text", text: "What is it?" }, image, stranger] }];
    const page = await (await browser.profile()).open(server.url);
    const buffer = Buffer.from(JSON.stringify({ title, messages }));
    await chooseFile(page, { name: "log.json", mimeType: "application/json", buffer });
    await page.getByRole("heading", { name: "Invoice txt.exe", level: 1, exact: true }).waitFor();
    await expect.poll(() => pictures(page)).toEqual([{ width: 2, height: 1 }]);
    await page.reload();
    await expect.poll(() => pictures(page)).toEqual([{ width: 2, height: 1 }]);

    const link = await shareDraft(page);
    const profile = await browser.profile();
    const reader = await profile.open(link);
    await expect.poll(() => pictures(reader)).toEqual([{ width: 2, height: 1 }]);
    expect(await reader.title()).toBe("Invoice txt.exe · OpenMates Share");
    expect(profile.complaints).toEqual([]);
  });
});

describe("a long conversation whose upload is interrupted", () => {
  const TOTAL = 1000;
  const LONG = { title: "A long one", turns: Array.from({ length: TOTAL }, (_, index) => `Turn ${index} of many`) };

  /** Lets `count` uploads pass; those behind them are cut. */
  async function cutAfter(profile: Profile, count: number): Promise<() => Promise<void>> {
    let seen = 0;
    await profile.context.route(/\/api\/chats\/[^/]+\/messages$/, async (route) => {
      if (route.request().method() !== "POST") return route.continue();
      seen += 1;
      if (seen > count) await route.abort();
      else await route.continue();
    });
    return () => profile.context.unrouteAll({ behavior: "ignoreErrors" });
  }

  async function beginSharing(page: Page): Promise<void> {
    await importConversation(page, LONG);
    await page.getByRole("button", { name: "Share", exact: true }).click();
    await page.getByRole("button", { name: "Create link" }).click();
    await page.getByText("Waiting for the connection").waitFor();
  }

  it("goes on by itself when the connection is back", async () => {
    const profile = await browser.profile();
    const page = await profile.open(server.url);
    const mend = await cutAfter(profile, 2);
    await beginSharing(page);
    await mend();
    const done = page.getByRole("dialog", { name: "Your chat is shared" });
    const link = await done.getByLabel("Link", { exact: true }).inputValue();
    const reader = await (await browser.profile()).open(link);
    await message(reader, "Turn 0 of many").waitFor();
    await reader.getByText("Complete and unaltered").waitFor();
  });

  it("goes on after the page was closed, and nothing is stored twice", async () => {
    const profile = await browser.profile();
    const first = await profile.open(server.url);
    const mend = await cutAfter(profile, 2);
    await beginSharing(first);
    await first.close();
    await mend();

    const page = await profile.open(server.url);
    await page.getByText("400 of 1,000 messages are uploaded").waitFor();
    await check(page);
    await page.getByRole("button", { name: "Go on with sharing" }).click();
    const done = page.getByRole("dialog", { name: "Your chat is shared" });
    const link = await done.getByLabel("Link", { exact: true }).inputValue();
    await done.getByRole("button", { name: "Done" }).click();
    const reader = await (await browser.profile()).open(link);
    await message(reader, "Turn 0 of many").waitFor();
    await reader.getByText("Complete and unaltered").waitFor();
    const chat = Buffer.from(/chat\/([\w-]+)#/.exec(link)?.[1] ?? "", "base64url");
    const { database: rows } = database;
    expect(await rows.message.count({ where: { chatId: new Uint8Array(chat) } })).toBe(TOTAL);

    await page.goto(server.url);
    await page.getByRole("heading", { name: "My chats" }).waitFor();
    expect(await page.getByText("was interrupted").count()).toBe(0);
  });

  it("can be discarded", async () => {
    const profile = await browser.profile();
    const first = await profile.open(server.url);
    const mend = await cutAfter(profile, 1);
    await beginSharing(first);
    await first.close();
    await mend();
    const page = await profile.open(server.url);
    await page
      .getByRole("region", { name: "Interrupted: A long one" })
      .getByRole("button", { name: "Discard" })
      .click();
    await page.getByText("It was discarded.").waitFor();
    await page.getByText("Private draft", { exact: true }).waitFor();
    expect(await page.getByText("was interrupted").count()).toBe(0);
  });
});
