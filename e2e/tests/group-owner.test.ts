import { launchBrowser, type TestBrowser } from "@openmates-share/testing/browser";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Axe } from "./axe.ts";
import { composer, importConversation, joinAs, message, shareDraft, write } from "./steps.ts";

const CONVERSATION = { title: "Picnic", turns: ["What do we bring?", "Bread, cheese and a blanket."] };

let database: TestDatabase;
let server: ServerProcess;
let browser: TestBrowser;
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

/** A person with a browser of their own. */
async function person(url: string, options: { phone?: boolean } = {}): Promise<Page> {
  const profile = await browser.profile(options.phone ? { viewport: { width: 390, height: 800 } } : {});
  profiles.push(() => profile.context.close());
  return profile.open(url);
}

/** Ada has shared a chat to write in together; Bob has joined it on his phone. */
async function room(): Promise<{ ada: Page; bob: Page; link: string }> {
  const ada = await person(server.url);
  await importConversation(ada, CONVERSATION);
  const link = await shareDraft(ada, { together: true, name: "Ada" });
  const bob = await person(link, { phone: true });
  await joinAs(bob, "Bob");
  return { ada, bob, link };
}

describe("people of one name", () => {
  it("are told apart, and compare safety numbers to know whose key is whose", async () => {
    const { ada, bob, link } = await room();
    await write(bob, "I am Bob");
    const other = await person(link);
    await joinAs(other, "Bоb");
    await write(other, "I am Bob as well");
    await ada.getByText(/^Bоb joined\. Another Bоb: a new device of theirs, or somebody else/).waitFor();
    await message(ada, "I am Bob as well").getByText("Another Bоb").waitFor();
    expect(await message(ada, "I am Bob").first().getByText("Another").count()).toBe(0);

    const numbers = await Promise.all([numberOf(ada, "Bob"), numberOf(bob, "Ada"), numberOf(other, "Ada")]);
    expect(numbers[0]).toMatch(/^(\d{5} ){11}\d{5}$/);
    expect(numbers[1]).toBe(numbers[0]);
    expect(numbers[2]).not.toBe(numbers[0]);

    expect(await new Axe(ada).serious()).toEqual([]);
    await ada.getByRole("button", { name: "The numbers match" }).click();
    await ada.getByText(/Compared on/).waitFor();
    await ada.reload();
    await people(ada);
    await ada
      .getByRole("listitem")
      .filter({ hasText: /^B\s*Bob, compared/ })
      .waitFor();
    await ada.getByText("Not the Bоb you compared").waitFor();
  });
});

async function people(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^People:/ }).click();
}

/** What the screen shows to be compared with somebody. */
async function numberOf(page: Page, name: string): Promise<string> {
  await people(page);
  await page.getByRole("button", { name: `Compare safety numbers with ${name}`, exact: true }).click();
  const digits = page.getByRole("list", { name: `Safety number with ${name}` }).getByRole("listitem");
  await digits.first().waitFor();
  return (await digits.allTextContents()).join(" ");
}

describe("a chat that is handed over", () => {
  it("is offered with a warning, accepted, and then managed by the other; the old owner stays", async () => {
    const { ada, bob, link } = await room();
    const reader = await person(link);
    await message(reader, "What do we bring?").waitFor();
    await ada.getByRole("button", { name: "Share", exact: true }).click();
    const manage = ada.getByRole("dialog", { name: "Share", exact: true });
    await manage.getByRole("button", { name: "Hand over to Bob" }).click();
    const offer = ada.getByRole("dialog", { name: "Hand over to Bob?" });
    expect(await offer.getByRole("button", { name: "Offer the chat" }).isDisabled()).toBe(true);
    await offer.getByRole("checkbox").check();
    expect(await new Axe(ada).serious()).toEqual([]);
    await offer.getByRole("button", { name: "Offer the chat" }).click();
    await manage.getByText("It is yours until they accept.").waitFor();

    await bob.getByText("wants to give you this chat.").waitFor();
    await bob.getByRole("button", { name: "Look at the offer" }).click();
    expect(await new Axe(bob).serious()).toEqual([]);
    await bob.getByRole("button", { name: "Accept the chat" }).click();
    await bob.getByRole("button", { name: "Share", exact: true }).click();
    await bob.getByRole("button", { name: "Remove Ada" }).waitFor();
    await bob.keyboard.press("Escape");
    await ada.getByRole("button", { name: "Share", exact: true }).waitFor({ state: "detached" });
    await write(ada, "It is yours now");
    await message(bob, "It is yours now").waitFor();
    await bob.getByText("sealed by you on").waitFor();
    await message(reader, "It is yours now").waitFor();
    await reader.getByText("Complete and unaltered").first().waitFor();
  });
});

describe("a chat that is closed to writing", () => {
  it("shows everybody that the owner alone writes, and keeps what they were writing", async () => {
    const { ada, bob } = await room();
    await composer(bob).fill("Wait, I was just");
    await ada.getByRole("button", { name: "Share", exact: true }).click();
    const manage = ada.getByRole("dialog", { name: "Share" });
    const toggle = manage.getByRole("switch", { name: /Close to writing/ });
    await toggle.click();
    await bob.getByText("The owner has closed this chat to writing.").waitFor();
    await composer(bob).waitFor({ state: "hidden" });
    expect(await new Axe(bob).serious()).toEqual([]);
    expect(await new Axe(ada).serious()).toEqual([]);
    await ada.keyboard.press("Escape");
    await write(ada, "Only I can say this");
    await message(bob, "Only I can say this").waitFor();
    await ada.getByRole("button", { name: "Let everyone write again" }).click();
    await composer(bob).waitFor();
    await expect.poll(() => composer(bob).inputValue()).toBe("Wait, I was just");
    await bob.getByRole("button", { name: "Send", exact: true }).click();
    await message(ada, "Wait, I was just").waitFor();

    await people(bob);
    await bob.getByRole("button", { name: "Leave this chat" }).click();
    await bob.getByRole("button", { name: "Leave", exact: true }).click();
    await bob.getByText("You have left the chat.").waitFor();
    await ada.getByRole("button", { name: "Share", exact: true }).click();
    await manage.getByRole("heading", { name: "Who may write" }).waitFor();
    expect(await manage.getByRole("button", { name: "Remove Bob" }).count()).toBe(0);
  });
});
