import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { memoryStore, ShareClient, textParts } from "@openmates-share/client";
import { launchBrowser, type TestBrowser } from "@openmates-share/testing/browser";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Axe } from "./axe.ts";

let database: TestDatabase;
let browser: TestBrowser;
let server: ServerProcess;
let folder: string;
let link: string;

const SECRET = "The lighthouse keeper knows.";

beforeAll(async () => {
  [database, browser] = await Promise.all([createTestDatabase(), launchBrowser()]);
  server = await startServer({ databaseUrl: database.databaseUrl });
  folder = await mkdtemp(join(tmpdir(), "kept-"));
  link = await shareWithPicture();
});
afterAll(async () => {
  await browser?.stop();
  await server?.stop();
  await database?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Of one pixel; GIF because it is short. */
const PIXEL = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

async function shareWithPicture(): Promise<string> {
  const owner = new ShareClient({ server: server.url, store: memoryStore() });
  const said = (role: "user" | "assistant", parts: Parameters<typeof owner.share>[0]["messages"][number]["parts"]) => ({
    role,
    name: "",
    parts,
    time: 1_700_000_000_000,
    model: null,
  });
  const media = { name: "dot.gif", mediaType: "image/gif", size: PIXEL.length, source: "dot" };
  const picture = { type: "image", alt: "A dot", width: 1, height: 1, ...media } as const;
  const messages = [
    said("user", textParts(`Who knows? **${SECRET}**`)),
    said("assistant", [
      ...textParts("```js\nlet keeper = 1;\n```\n\n$\\frac{1}{2}$\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
      picture,
    ]),
  ];
  const attachment = async () => new Blob([PIXEL]);
  const { url } = await owner.share({ title: "Lighthouse", messages, attachment }, { mode: "read-only", name: "Ada" });
  await owner.close();
  return url;
}

/** Keeps the chat as its reader does; returns where the file is. */
async function keep(name: string, password: string, from = link): Promise<string> {
  const page = await (await browser.profile({ acceptDownloads: true })).open(from);
  await page.getByRole("button", { name: "More for this chat" }).click();
  await page.getByRole("button", { name: "Download…" }).click();
  const dialog = page.getByRole("dialog", { name: "Download this chat" });
  await dialog.getByRole("button", { name: "Sealed web page" }).click();
  await dialog.getByText("Without a password, whoever has the file can read it.").waitFor();
  expect(await new Axe(page).serious()).toEqual([]);
  if (password) await dialog.getByLabel("Password for the file (optional)").fill(password);
  const coming = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Save file" }).click();
  const file = await coming;
  expect(file.suggestedFilename()).toBe("Lighthouse.html");
  const path = join(folder, name);
  await file.saveAs(path);
  return path;
}

/** Opens a file as somebody without any connection, and tells what it asked the network for. */
async function openOffline(path: string): Promise<{ page: Page; asked: string[]; complaints: readonly string[] }> {
  const profile = await browser.profile();
  await profile.context.setOffline(true);
  const asked: string[] = [];
  profile.context.on("request", (request) => {
    if (!request.url().startsWith("file:") && !request.url().startsWith("blob:")) asked.push(request.url());
  });
  const page = await profile.open(pathToFileURL(path).href);
  return { page, asked, complaints: profile.complaints };
}

describe("a kept chat", () => {
  it("opens from a file without a connection, shows all of it and the seal, and asks nobody", async () => {
    const { page, asked, complaints } = await openOffline(await keep("open.html", ""));
    await page.getByRole("heading", { name: "Lighthouse", level: 1 }).waitFor();
    await page.getByText("Complete and unaltered, sealed by the owner on").waitFor();
    await page.locator("strong").getByText(SECRET).waitFor();
    await page.getByText("let keeper = 1;").waitFor();
    await page.locator(".hl-keyword").getByText("let").waitFor();
    await page.locator("math mfrac").waitFor();
    await page.getByRole("cell", { name: "2" }).waitFor();
    const picture = page.getByRole("img", { name: "A dot" });
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);
    await page.getByText(server.url).waitFor();
    expect(await new Axe(page).serious()).toEqual([]);
    expect(asked).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it("with a password opens with that alone, and says nothing before", async () => {
    const path = await keep("locked.html", "a good long one");
    const source = await readFile(path, "latin1");
    expect(source).not.toContain(SECRET);
    expect(source).not.toContain("Lighthouse");
    const { page, complaints } = await openOffline(path);
    await page.getByLabel("Password").fill("another");
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByRole("alert").getByText("Unable to decrypt").waitFor();
    expect(await new Axe(page).serious()).toEqual([]);
    await page.getByLabel("Password").fill("a good long one");
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByText(SECRET).waitFor();
    await page.getByText("Complete and unaltered").waitFor();
    expect(complaints).toEqual([]);
  });

  it("of a fork says where that came from, and what of it is verified", async () => {
    const forker = new ShareClient({ server: server.url, store: memoryStore() });
    const { chat } = await forker.fork(await forker.open(link, { live: false }));
    const fork = await forker.createLink(chat, { mode: "read-only" });
    await forker.close();
    const { page, complaints } = await openOffline(await keep("fork.html", "", fork.url));
    await page.getByText("Forked from “Lighthouse”, which its owner sealed on").click();
    await page.getByText("2 messages verified as unchanged:").waitFor();
    await page.getByText("Forked here: what follows is new").waitFor();
    await page.getByRole("img", { name: "A dot" }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("that was tampered with is refused or loudly marked, wherever a byte was changed", async () => {
    const source = await readFile(await keep("whole.html", ""), "latin1");
    const carrier = /(id="kept-chat">)([^<]+)/;
    const bytes = Buffer.from(carrier.exec(source)?.[2] ?? "", "base64");
    for (const part of [0.2, 0.5, 0.8]) {
      const changed = Buffer.from(bytes);
      const at = Math.floor(bytes.length * part);
      changed[at] = (changed[at] ?? 0) ^ 0x40;
      const path = join(folder, `tampered-${part}.html`);
      await writeFile(
        path,
        source.replace(carrier, (_, open: string) => open + changed.toString("base64")),
        "latin1",
      );
      const { page } = await openOffline(path);
      await page.locator(".integrity.bad, .notice.bad").first().waitFor();
    }
  });
});
