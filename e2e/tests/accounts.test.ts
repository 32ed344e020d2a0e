import { memoryStore, ShareClient, textParts } from "@openmates-share/client";
import { launchBrowser, type Profile, type TestBrowser } from "@openmates-share/testing/browser";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { startGoogle, type TestGoogle } from "@openmates-share/testing/google";
import { codeIn, startMail, type TestMail } from "@openmates-share/testing/mail";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Axe } from "./axe.ts";
import { importConversation, message, shareDraft } from "./steps.ts";

const CONVERSATION = { title: "Tide tables", turns: ["When is high water?", "At a quarter past *six*."] };
const PASSPHRASE = "seven quiet otters swim";

let database: TestDatabase;
let mail: TestMail;
let google: TestGoogle;
let server: ServerProcess;
let browser: TestBrowser;

beforeAll(async () => {
  [database, browser, mail, google] = await Promise.all([
    createTestDatabase(),
    launchBrowser(),
    startMail(),
    startGoogle(),
  ]);
  server = await startServer({ databaseUrl: database.databaseUrl, env: { ...mail.env, ...google.env } });
});

afterAll(async () => {
  await browser?.stop();
  await server?.stop();
  await Promise.all([mail?.stop(), google?.stop()]);
  await database?.stop();
});

async function someone(): Promise<{ profile: Profile; page: Page }> {
  const profile = await browser.profile();
  return { profile, page: await profile.open(server.url) };
}

async function signIn(page: Page, email: string): Promise<void> {
  await page.goto(`${server.url}/#account`);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("button", { name: "Send me a code" }).click();
  const field = page.getByLabel("Six-digit code");
  await field.waitFor();
  await field.fill(codeIn(await mail.to(email)));
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("heading", { name: "Your account" }).waitFor();
}

async function turnOnSync(page: Page): Promise<void> {
  await page.getByLabel("New passphrase").fill(PASSPHRASE);
  await page.getByRole("button", { name: "Turn on sync" }).click();
  await page.getByText("Sync is on", { exact: true }).waitFor();
}

describe("an account", () => {
  it("takes a guest's chats along, to a second device that can then manage them", async () => {
    const email = "grace@example.org";
    const { profile, page } = await someone();
    await importConversation(page, CONVERSATION);
    const link = await shareDraft(page);
    await page.goto(server.url);
    await page.getByRole("link", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(await new Axe(page).serious()).toEqual([]);
    await signIn(page, email);
    await turnOnSync(page);
    expect(await new Axe(page).serious()).toEqual([]);
    expect(profile.complaints).toEqual([]);

    const second = await someone();
    await signIn(second.page, email);
    await second.page.getByLabel("Passphrase", { exact: true }).fill("not this one at all");
    await second.page.getByRole("button", { name: "Unlock" }).click();
    await second.page.getByText("This passphrase does not open your synced keys.").waitFor();
    await second.page.getByLabel("Passphrase", { exact: true }).fill(PASSPHRASE);
    await second.page.getByRole("button", { name: "Unlock" }).click();
    await second.page.getByText("Sync is on", { exact: true }).waitFor();
    await second.page.goto(`${server.url}/#home`);
    await second.page.getByRole("link", { name: CONVERSATION.title }).click();
    await message(second.page, "a quarter past").waitFor();

    const reader = await browser.profile();
    const reading = await reader.open(link);
    await message(reading, "a quarter past").waitFor();
    await second.page.goto(`${server.url}/#home`);
    await second.page.getByRole("button", { name: `Forget “${CONVERSATION.title}”` }).click();
    await second.page.getByRole("button", { name: "Delete everywhere" }).click();
    await second.page.getByText("The chat was deleted everywhere.").waitFor();
    await reading.reload();
    await reading.getByText("Chat can't be found.").waitFor();
  });

  it("signs a device out from another one", async () => {
    const email = "ada@example.org";
    const [first, second] = [await someone(), await someone()];
    await signIn(first.page, email);
    await signIn(second.page, email);
    const others = second.page.getByRole("button", { name: "Sign out all other devices" });
    await others.click();
    await others.waitFor({ state: "detached" });
    await first.page.reload();
    await first.page.getByRole("heading", { name: "Sign in" }).waitFor();
  });

  it("is found again by Google, whose answer another browser has no use for", async () => {
    google.signInAs({ sub: "1001", email: "marie@gmail.com" });
    const { page, profile } = await someone();
    await page.goto(`${server.url}/#account`);
    await page.getByRole("button", { name: "Continue with Google" }).click();
    await page.getByRole("heading", { name: "Your account" }).waitFor();
    await page.getByText("Google account").waitFor();
    await expect.poll(() => new URL(page.url()).search).toBe("");
    expect(profile.complaints).toEqual([]);

    const stranger = await someone();
    await stranger.page.goto(`${server.url}/?state=made-up&code=4%2Fstolen`);
    await stranger.page.getByText("This sign-in did not begin in this browser.").waitFor();
  });

  it("keeps keys in a file that another browser reads", async () => {
    const { page } = await someone();
    await importConversation(page, CONVERSATION);
    await shareDraft(page);
    await page.goto(`${server.url}/#account`);
    await page.getByRole("button", { name: "Export keys" }).click();
    await page.getByLabel("Passphrase for the file").fill(PASSPHRASE);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save the file" }).click(),
    ]);
    const file = await download.path();

    const other = await someone();
    await other.page.goto(`${server.url}/#account`);
    await other.page.getByLabel("File of exported keys").setInputFiles(file);
    await other.page.getByRole("textbox", { name: /^Passphrase of/ }).fill(PASSPHRASE);
    await other.page.getByRole("button", { name: "Add its keys" }).click();
    await other.page.getByText("1 chat came new.").waitFor();
    await other.page.goto(`${server.url}/#home`);
    await other.page.getByText(CONVERSATION.title).waitFor();
  });

  it("changes its address, and ends with its chats", async () => {
    const { page } = await someone();
    await importConversation(page, CONVERSATION);
    const link = await shareDraft(page);
    await signIn(page, "old@example.org");
    await page.getByRole("button", { name: "Change old@example.org" }).click();
    await page.getByLabel("New address in place of old@example.org").fill("new@example.org");
    await page.getByRole("button", { name: "Send a code there" }).click();
    const field = page.getByLabel("Six-digit code");
    await field.waitFor();
    await field.fill(codeIn(await mail.to("new@example.org")));
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("listitem").filter({ hasText: "new@example.org" }).waitFor();

    await page.getByRole("button", { name: "Delete account" }).click();
    const dialog = page.getByRole("dialog", { name: "Delete your account?" });
    await dialog.getByText("1 chat", { exact: true }).waitFor();
    expect(await new Axe(page).serious()).toEqual([]);
    await dialog.getByRole("checkbox").check();
    await dialog.getByRole("button", { name: "Delete everything" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    const reading = await (await browser.profile()).open(link);
    await reading.getByText("Chat can't be found.").waitFor();
  });
});

describe("somebody who was named", () => {
  it("opens the chat by Google where it was not found, and comes back there", async () => {
    const owner = new ShareClient({ server: server.url, store: memoryStore() });
    const messages = [
      { role: "user" as const, name: "", parts: textParts("For Marie alone"), time: null, model: null },
    ];
    const { url } = await owner.share(
      { title: "Named", messages },
      { mode: "read-only", address: "sklodowska@gmail.com" },
    );
    await owner.close();
    google.signInAs({ sub: "2002", email: "sklodowska@gmail.com" });
    const { page } = await someone();
    await page.goto(url);
    await page.getByText("Was this shared with your e-mail address?").waitFor();
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("textbox", { name: "Your e-mail address" }).waitFor();
    expect(await new Axe(page).serious()).toEqual([]);
    await page.getByRole("button", { name: "Continue with Google" }).click();
    await message(page, "For Marie alone").waitFor();
    await expect.poll(() => new URL(page.url()).search).toBe("");
    await expect.poll(() => page.url()).not.toContain("key");
  });
});

describe("a device that did not make all links", () => {
  it("asks before it ends those that it can't carry over to the new key", async () => {
    const email = "two@example.org";
    const first = await someone();
    await signIn(first.page, email);
    await first.page.goto(server.url);
    await importConversation(first.page, CONVERSATION);
    const here = await shareDraft(first.page);
    await first.page.goto(`${server.url}/#account`);
    await first.page.getByRole("button", { name: "Export keys" }).click();
    await first.page.getByLabel("Passphrase for the file").fill(PASSPHRASE);
    const [download] = await Promise.all([
      first.page.waitForEvent("download"),
      first.page.getByRole("button", { name: "Save the file" }).click(),
    ]);
    const second = await someone();
    await signIn(second.page, email);
    await second.page.getByLabel("File of exported keys").setInputFiles(await download.path());
    await second.page.getByRole("textbox", { name: /^Passphrase of/ }).fill(PASSPHRASE);
    await second.page.getByRole("button", { name: "Add its keys" }).click();
    await second.page.getByText("1 chat came new.").waitFor();

    // After the keys went along, the first device makes one more link.
    await first.page.goto(`${server.url}/#home`);
    await first.page.getByRole("link", { name: CONVERSATION.title }).click();
    await first.page.getByRole("button", { name: "Share", exact: true }).click();
    await first.page.getByRole("button", { name: "New link" }).click();
    const making = first.page.getByRole("dialog", { name: "New link" });
    await making.getByText("Password, expiry and limits").click();
    await making.getByLabel("Name of the link (optional)").fill("The later one");
    await making.getByRole("button", { name: "Create link" }).click();
    const made = first.page.getByRole("dialog", { name: "Link to this chat" });
    const later = await made.getByLabel("Link", { exact: true }).inputValue();

    await second.page.goto(`${server.url}/#home`);
    await second.page.getByRole("link", { name: CONVERSATION.title }).click();
    await second.page.getByRole("button", { name: "Share", exact: true }).click();
    await revokeThere(second.page);
    const question = second.page.getByRole("dialog", { name: "One more link would end" });
    await question.getByText("“The later one” can’t be given it from here: it was made on another device.").waitFor();
    expect(await new Axe(second.page).serious()).toEqual([]);
    await question.getByRole("button", { name: "Cancel" }).click();
    for (const link of [here, later]) await message(await reading(link), "a quarter past").waitFor();

    await revokeThere(second.page);
    await question.getByRole("button", { name: "End it too" }).click();
    await second.page.getByText("No link opens this chat now").waitFor();
    for (const link of [here, later]) await (await reading(link)).getByText("Chat can't be found.").waitFor();
  });
});

async function revokeThere(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Revoke link “Link to read”" }).click();
  await page.getByRole("button", { name: "Revoke link", exact: true }).click();
}

async function reading(link: string): Promise<Page> {
  return (await browser.profile()).open(link);
}
