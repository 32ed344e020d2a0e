import { launchBrowser, type TestBrowser } from "@openmates-share/testing/browser";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { freePort } from "@openmates-share/testing/free-port";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Axe } from "./axe.ts";
import { importConversation, message, shareDraft, write } from "./steps.ts";

const CONVERSATION = {
  title: "Bridges of Königsberg",
  turns: [
    "Can I cross each bridge **once**?",
    "No: four land masses have an *odd* number of bridges.\n\n```python\nodd = 4\n```",
  ],
};
const PASSWORD = "seven bridges, süß";

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

/** A new person with a draft on the screen. */
async function withDraft() {
  const profile = await browser.profile();
  const page = await profile.open(server.url);
  await importConversation(page, CONVERSATION);
  return { profile, page };
}

async function opened(link: string) {
  const profile = await browser.profile();
  return { profile, page: await profile.open(link) };
}

describe("sharing", () => {
  it("sends nothing before Share is pressed", async () => {
    const profile = await browser.profile();
    const page = await profile.open(server.url);
    const requests: string[] = [];
    page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      const fetchesPartOfTheApp = request.method() === "GET" && /^\/(assets\/|favicon|$)/.test(pathname);
      if (!fetchesPartOfTheApp) requests.push(`${request.method()} ${pathname}`);
    });
    await importConversation(page, CONVERSATION);
    await message(page, "odd number of bridges").waitFor();
    expect(requests).toEqual([]);
    await page.reload();
    await message(page, "odd number of bridges").waitFor();
  });

  it("makes a link that opens in another browser, loses its key there and survives a reload", async () => {
    const { page: owner } = await withDraft();
    const link = await shareDraft(owner);
    await message(owner, "odd number of bridges").waitFor();
    await expect.poll(() => owner.evaluate(() => document.activeElement?.tagName)).not.toBe("BODY");
    const key = new URL(link).hash.replace("#key=", "");
    expect(key).toHaveLength(43);

    const { page, profile } = await opened(link);
    await message(page, "odd number of bridges").waitFor();
    await page.getByText("Complete and unaltered, sealed by the owner on").waitFor();
    expect(await page.title()).toContain(CONVERSATION.title);
    expect(await page.locator("strong").first().textContent()).toBe("once");
    expect(page.url()).not.toContain(key);
    expect(await page.evaluate(() => JSON.stringify([history.state, location.href]))).not.toContain(key);
    // Neither does the way back lead to the key.
    await page.goBack();
    expect(page.url()).not.toContain(key);
    await page.goForward();
    await page.reload();
    await message(page, "odd number of bridges").waitFor();
    expect(await page.getByLabel("Message", { exact: true }).count()).toBe(0);
    expect(profile.complaints).toEqual([]);
  });

  it("asks for the password, refuses a wrong one and opens with the right one", async () => {
    const { page: owner } = await withDraft();
    const link = await shareDraft(owner, { password: PASSWORD });
    const { page } = await opened(link);
    await page.getByRole("heading", { name: "This chat needs a password" }).waitFor();
    await page.getByLabel("Password", { exact: true }).fill("wrong");
    await page.getByRole("button", { name: "Open chat" }).click();
    await page.getByText("Unable to decrypt. Please verify the link and password (if required).").waitFor();
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Open chat" }).click();
    await message(page, "odd number of bridges").waitFor();
    await page.reload();
    await message(page, "odd number of bridges").waitFor();
  });
});

describe("a link that does not open", () => {
  const ID = "AAAAAAAAAAAAAAAAAAAAAA";
  const KEY = "A".repeat(43);

  it.each([
    ["an unknown chat", `/share/chat/${ID}#key=${KEY}`, "Chat can't be found."],
    ["the app's own form of it", `/#chat-id=${ID}&key=${KEY}`, "Chat can't be found."],
    ["an embed", `/share/embed/${ID}#key=${KEY}`, "Embed can't be found."],
    ["a key that was cut off", `/#chat-id=${ID}&key=AAAA`, "damaged"],
    ["a chat that this browser has no key for", `/#chat-id=${ID}`, "no key for this chat"],
  ])("says so calmly: %s", async (_what, path, sentence) => {
    const { page } = await opened(`${server.url}${path}`);
    await page.getByText(sentence).first().waitFor();
    await expect.poll(() => page.url()).not.toContain(KEY);
  });

  it("says that a wrong key opens nothing, in the words for a chat that is not there", async () => {
    const { page: owner } = await withDraft();
    const link = new URL(await shareDraft(owner));
    const { page } = await opened(`${link.origin}${link.pathname}#key=${KEY}`);
    await page.getByText("Chat can't be found.").waitFor();
  });

  it("is dead at once when its owner revokes it, also where it is open", async () => {
    const { page: owner } = await withDraft();
    const { page: reader } = await opened(await shareDraft(owner));
    await message(reader, "odd number of bridges").waitFor();
    await owner.getByRole("button", { name: "Share", exact: true }).click();
    await owner.getByRole("button", { name: /^Revoke link/ }).click();
    await owner.getByRole("button", { name: "Revoke link", exact: true }).click();
    await reader.getByText("Access to this chat has ended").waitFor();
    await reader.reload();
    await reader.getByText("Chat can't be found.").waitFor();
  });
});

describe("follow-ups", () => {
  it("stay private until the owner updates the shared chat; readers who have it open see the update arrive", async () => {
    const { page: owner } = await withDraft();
    const { page: reader } = await opened(await shareDraft(owner));
    await message(reader, "odd number of bridges").waitFor();
    await write(owner, "And with an eighth bridge?");
    await message(owner, "And with an eighth bridge?").waitFor();
    await owner.getByRole("button", { name: "Update shared chat (1 new message)" }).waitFor();
    await reader.reload();
    await message(reader, "odd number of bridges").waitFor();
    expect(await message(reader, "And with an eighth bridge?").count()).toBe(0);

    await owner.getByRole("button", { name: "Update shared chat (1 new message)" }).click();
    await owner.getByRole("button", { name: "Share 1 message" }).click();
    await message(reader, "And with an eighth bridge?").waitFor();
    await reader.getByText("Complete and unaltered, sealed by the owner on").waitFor();
  });
});

describe("every screen", () => {
  it.each([
    { name: "phone", viewport: { width: 390, height: 844 }, colorScheme: "dark" },
    { name: "desktop", viewport: { width: 1280, height: 800 }, colorScheme: "light" },
  ] as const)("has nothing serious for axe to find and does not scroll sideways on a $name", async (screen) => {
    const { viewport, colorScheme } = screen;
    // Half faded in, nothing has contrast.
    const profile = await browser.profile({ viewport, colorScheme, reducedMotion: "reduce" });
    const page = await profile.open(server.url);
    const check = async () => {
      expect(await new Axe(page).serious()).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    };
    await page.getByRole("heading", { level: 1 }).waitFor();
    await check();
    await importConversation(page, CONVERSATION);
    await check();
    await page.getByRole("button", { name: "Share", exact: true }).click();
    await page.getByRole("dialog").waitFor();
    await check();
    await page.keyboard.press("Escape");
    await shareDraft(page, { together: true, name: "Ada" });
    await page.getByText("Complete and unaltered").waitFor();
    await check();
  });
});

describe("a server that is down", () => {
  it("is said plainly, and the chat opens by itself when it is back", async () => {
    const { databaseUrl } = database;
    const { dataDir } = server;
    const env = { PORT: String(await freePort()) };
    const first = await startServer({ databaseUrl, dataDir, env });
    const profile = await browser.profile();
    const owner = await profile.open(first.url);
    await importConversation(owner, CONVERSATION);
    const link = await shareDraft(owner);
    const { page } = await opened(link);
    await message(page, "odd number of bridges").waitFor();
    await first.kill();
    await page
      .getByText(/offline|can.t be reached|reconnecting/i)
      .first()
      .waitFor();
    const second = await startServer({ databaseUrl, dataDir, env });
    await page
      .getByText(/offline|can.t be reached|reconnecting/i)
      .first()
      .waitFor({ state: "hidden" });
    await second.stop();
  });
});
