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
    await second.page.getByRole("button", { name: "Sign out all other devices" }).click();
    await second.page.getByText("This device", { exact: false }).waitFor();
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
    expect(new URL(page.url()).search).toBe("");
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
