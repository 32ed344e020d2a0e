import { Buffer } from "node:buffer";
import { launchBrowser, type TestBrowser } from "@openmates-share/testing/browser";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { findLeaks } from "@openmates-share/testing/leak-search";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { Axe } from "./axe.ts";
import { deviceDump } from "./device-dump.ts";
import { composer, importConversation, joinAs, message, shareDraft, write } from "./steps.ts";

const CONVERSATION = {
  title: "Picnic",
  turns: ["What do we bring?", "### Food\n\n##### Most of all\n\nBread, cheese and a blanket."],
};

let database: TestDatabase;
let browser: TestBrowser;
let server: ServerProcess;
/** She has shared a chat; each test brings people of its own into it. */
let ada: Page;
let link: string;
const profiles: (() => Promise<void>)[] = [];

beforeAll(async () => {
  [database, browser] = await Promise.all([createTestDatabase(), launchBrowser()]);
  server = await startServer({ databaseUrl: database.databaseUrl });
  ada = await (await browser.profile()).open(server.url);
  await importConversation(ada, CONVERSATION);
  link = await shareDraft(ada, { together: true, name: "Ada" });
});
afterEach(async () => {
  for (const close of profiles.splice(0)) await close();
});
afterAll(async () => {
  await browser?.stop();
  await server?.stop();
  await database?.stop();
});

async function person(url: string): Promise<Page> {
  const profile = await browser.profile();
  profiles.push(() => profile.context.close());
  return profile.open(url);
}

async function choose(page: Page, { of, action }: { of: string; action: string }): Promise<void> {
  const card = message(page, of).first();
  await card.hover();
  await card.getByRole("button", { name: "More for this message" }).click();
  await page.getByRole("button", { name: action, exact: true }).click();
}

/** Makes a page believe that another tab is looked at, or that it is back on the screen. */
async function turn(page: Page, state: "hidden" | "visible"): Promise<void> {
  await page.evaluate((now) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => now });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
}

it("edits and deletes one's own words in a group, by menu and by keys; others see it, and nobody else's can be changed", async () => {
  const bob = await person(link);
  await joinAs(bob, "Bob");
  await write(bob, "I bring chese");
  await message(ada, "I bring chese").waitFor();
  await bob.getByRole("article", { name: /not sent yet/ }).waitFor({ state: "detached" });

  await composer(bob).press("ArrowUp");
  const edited = bob.getByLabel("Edited message");
  await edited.fill("nothing of it");
  await edited.press("Escape");
  await message(bob, "I bring chese").waitFor();
  await choose(bob, { of: "I bring chese", action: "Edit" });
  expect(await new Axe(bob).moderate()).toEqual([]);
  await edited.fill("I bring cheese");
  await edited.press("Enter");
  for (const page of [ada, bob]) await message(page, "I bring cheese").getByText("edited", { exact: true }).waitFor();

  const others = message(bob, "What do we bring?").first();
  await others.getByRole("button", { name: "More for this message" }).click();
  expect(await bob.getByRole("button", { name: "Edit", exact: true }).count()).toBe(0);
  expect(await bob.getByRole("button", { name: "Delete", exact: true }).count()).toBe(0);
  await bob.keyboard.press("Escape");

  await choose(bob, { of: "I bring cheese", action: "Delete" });
  const sure = bob.getByRole("dialog", { name: "Delete this message?" });
  await sure.waitFor();
  expect(await new Axe(bob).moderate()).toEqual([]);
  await sure.getByRole("button", { name: "Delete" }).click();
  for (const page of [ada, bob]) {
    await page.getByText("This message was deleted.").waitFor();
    expect(await message(page, "cheese").filter({ hasText: "I bring" }).count()).toBe(0);
  }
  await write(bob, "something rude");
  await choose(ada, { of: "something rude", action: "Remove for everyone" });
  await ada.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await bob.getByText("This message was removed by the owner.").waitFor();
  expect(await new Axe(bob).moderate()).toEqual([]);
});

it("tells what is new: a line, a count on the way there and in the tab, and a notification that reveals nothing", async () => {
  const profile = await browser.profile({ viewport: { width: 360, height: 640 }, permissions: ["notifications"] });
  profiles.push(() => profile.context.close());
  await profile.context.addInitScript(() => {
    const shown: string[] = [];
    class Told extends EventTarget {
      static permission = "granted";
      static requestPermission = async () => "granted";
      constructor(title: string, { body }: NotificationOptions) {
        super();
        shown.push(`${title}: ${body}`);
      }
      close() {}
    }
    Object.assign(globalThis, { Notification: Told, shown });
  });
  const bob = await profile.open(link);
  await joinAs(bob, "Ben");
  await write(bob, "I bring cheese");
  await message(ada, "I bring cheese").waitFor();
  await bob.getByRole("button", { name: "More for this chat" }).click();
  await bob.getByRole("button", { name: "Notifications" }).click();
  await bob.getByRole("radio", { name: /^What is meant for me/ }).check();
  await bob.getByRole("button", { name: "Close" }).click();

  // To press what stays at the top of the page, the test's driver has scrolled there.
  await bob.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await turn(bob, "hidden");
  await write(ada, "Which one?");
  await message(ada, "I bring cheese").first().getByRole("button", { name: "Reply" }).click();
  await write(ada, "And a knife?");
  for (let line = 1; line <= 6; line += 1) await write(ada, `Line ${line}`);
  await bob.waitForFunction(() => document.title.startsWith("(8) Picnic"));
  await expect.poll(() => bob.locator("link[rel=icon]").getAttribute("href")).toBe("/favicon-new.svg");
  await expect
    .poll(() => bob.evaluate(() => (globalThis as unknown as { shown: string[] }).shown))
    .toEqual([expect.stringMatching(/^OpenMates Share: Somebody replied to you/)]);
  await turn(bob, "visible");
  await bob.waitForFunction(() => !document.title.startsWith("("));
  const first = bob.locator(".message-row", { has: bob.locator(".unread-line") });
  await first.getByText("Which one?").waitFor();
  await expect.poll(() => first.evaluate((row) => row.getBoundingClientRect().top > 0)).toBe(true);
  await bob.getByRole("button", { name: /new message/ }).click();
  await message(bob, "Line 6").waitFor();
  await bob.getByRole("button", { name: /new message/ }).waitFor({ state: "detached" });
  expect(await new Axe(bob).moderate()).toEqual([]);

  await bob.getByRole("button", { name: "Ben: I bring cheese" }).click();
  await message(bob, "I bring cheese").and(bob.locator(".highlighted")).waitFor();
  await bob.keyboard.press("ArrowDown");
  await bob.keyboard.press("r");
  await composer(bob).and(bob.locator(":focus")).fill("The old one");
  await composer(bob).press("Enter");
  await message(ada, "The old one").getByRole("button", { name: "Ada: Which one?" }).waitFor();
  await message(bob, "The old one").waitFor();
  await first.waitFor({ state: "detached" });
});

it("lets people come in a colour that can be read, and answer without words", async () => {
  const bob = await person(link);
  await bob.getByLabel("Your name").fill("0penMates");
  await bob.getByText("This name would be taken for OpenMates").waitFor();
  expect(await bob.getByRole("button", { name: "Join chat" }).isDisabled()).toBe(true);
  await bob.getByRole("radio", { name: "Sky" }).check();
  expect(await new Axe(bob).moderate()).toEqual([]);
  await joinAs(bob, "Bea");
  await write(bob, "Who has a knife?");
  await message(ada, "Who has a knife?").locator(".speaker.tone-7").waitFor();
  expect(await contrasts(ada)).toEqual([]);

  await message(ada, "Who has a knife?").hover();
  await message(ada, "Who has a knife?").getByRole("button", { name: "React" }).click();
  await ada.getByRole("button", { name: "\u{1f44d}", exact: true }).and(ada.locator(":focus")).waitFor();
  await ada.keyboard.press("ArrowRight");
  await ada.getByRole("button", { name: "❤️", exact: true }).and(ada.locator(":focus")).press("Enter");
  await bob.getByRole("button", { name: "❤️ 1: Ada" }).click();
  await ada.getByRole("button", { name: "❤️ 2: Bea and you", pressed: true }).waitFor();
  await ada.keyboard.press("Escape");
  await composer(ada).press("Escape");
  await ada.keyboard.press("+");
  await ada.getByRole("button", { name: "More emoji" }).click();
  await ada.getByLabel("Search emoji").fill("knif");
  await ada.getByText("Nothing is called that here.").waitFor();
  await ada.getByLabel("Search emoji").fill("\u{1f52a}");
  expect(await new Axe(ada).moderate()).toEqual([]);
  await ada.getByLabel("Search emoji").press("Enter");
  await bob.getByRole("button", { name: "\u{1f52a} 1: Ada" }).waitFor();
  await ada.getByRole("button", { name: "❤️ 2: Bea and you" }).click();
  await bob.getByRole("button", { name: "❤️ 1: you", pressed: true }).waitFor();
  expect(await new Axe(bob).moderate()).toEqual([]);

  await message(bob, "Who has a knife?").getByRole("button", { name: "More for this message" }).click();
  await bob.getByRole("button", { name: "Who reacted" }).click();
  await bob.getByRole("dialog", { name: "Reactions" }).getByText("Bea (you)").waitFor();
  await bob.keyboard.press("Escape");
  const visitor = await person(link);
  await visitor.getByRole("img", { name: "❤️ 1: Bea" }).waitFor();
  await message(visitor, "Who has a knife?").getByRole("button", { name: "React" }).click();
  await visitor.getByLabel("Your name").and(visitor.locator(":focus")).waitFor();
});

it("shows who has read how far, where one goes on, and what still waits to be sent, also after the page was closed", async () => {
  const profile = await browser.profile({ viewport: { width: 360, height: 640 } });
  profiles.push(() => profile.context.close());
  let bob = await profile.open(link);
  await joinAs(bob, "Bo");
  await write(ada, "Shall we meet at ten?");
  const question = ada.locator(".message-row").filter({ hasText: "Shall we meet" });
  await question.getByText("Seen by Bo").waitFor();
  await bob.getByRole("button", { name: "More for this chat" }).click();
  await bob.getByRole("button", { name: "Notifications" }).click();
  await bob.getByRole("checkbox", { name: /^Let the others see/ }).uncheck();
  await bob.getByRole("button", { name: "Close" }).click();
  await write(ada, "Or at eleven?");
  await message(bob, "Or at eleven?").waitFor();

  await profile.context.setOffline(true);
  await bob.getByText(/^Offline. Reconnecting/).waitFor();
  await write(bob, "Ten is fine");
  await bob.getByText("1 message waits and is sent when the connection is back.").waitFor();
  expect(await new Axe(bob).moderate()).toEqual([]);
  // What waits lies on the device, as everything does: sealed by a key that no page gets.
  await expect.poll(async () => (await deviceDump(bob)).bytes.includes("outbox/")).toBe(true);
  const kept = await deviceDump(bob);
  const texts = ["Ten is fine", "What do we bring?", "Shall we meet at ten?"].map((value) => ({ name: value, value }));
  const key = Buffer.from(new URL(link).hash.slice("#key=".length), "base64url");
  expect(findLeaks([kept], [...texts, { name: "the link's key", value: key }])).toEqual([]);
  await bob.close();
  await profile.context.setOffline(false);
  for (let line = 1; line <= 8; line += 1) await write(ada, `Line ${line}`);
  await message(ada, "Line 8").waitFor();
  expect(await question.getByText("Seen by Bo").count()).toBe(1);
  bob = await profile.open(link);
  await message(ada, "Ten is fine").waitFor();
  const row = bob.locator(".message-row", { has: bob.locator(".unread-line") });
  await row.getByText("Line 1").waitFor();
  await bob.getByRole("button", { name: /new message/ }).waitFor();
});

/** Which of the twelve colours of people are hard to read, in the light and in the dark (WCAG 1.4.3: less than 4.5). */
async function contrasts(page: Page): Promise<string[]> {
  const bad: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    bad.push(...(await page.evaluate(measure, colorScheme)));
  }
  await page.emulateMedia({ colorScheme: null });
  return bad;
}

function measure(scheme: string): string[] {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const lightness = (colour: string) => {
    if (!canvas) return 0;
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = [...canvas.getImageData(0, 0, 1, 1).data].map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const bad: string[] = [];
  for (let tone = 0; tone < 12; tone += 1) {
    for (const kind of ["message person", "message person mine"]) {
      const card = document.createElement("article");
      card.className = kind;
      const name = document.createElement("b");
      name.className = `speaker tone-${tone}`;
      const avatar = document.createElement("span");
      avatar.className = `avatar person tone-${tone}`;
      card.append(name, avatar);
      document.body.append(card);
      const on = getComputedStyle(card).backgroundColor;
      for (const [text, ground] of [
        [getComputedStyle(name).color, on],
        [getComputedStyle(avatar).color, getComputedStyle(avatar).backgroundColor],
      ] as const) {
        const [high = 0, low = 0] = [lightness(text), lightness(ground)].sort((a, b) => b - a);
        const ratio = (high + 0.05) / (low + 0.05);
        if (ratio < 4.5) bad.push(`${scheme} ${kind} ${tone}: ${ratio.toFixed(2)}`);
      }
      card.remove();
    }
  }
  return bad;
}

it("begins as an empty chat, too: its owner writes, makes a link for others, and they talk", async () => {
  const cleo = await person(server.url);
  await cleo.getByRole("button", { name: "Start an empty chat" }).click();
  await cleo.getByRole("dialog", { name: "New chat" }).getByLabel("Title").fill("Lunch");
  await cleo.getByRole("button", { name: "Start", exact: true }).click();
  await cleo.getByRole("heading", { name: "Lunch", level: 1 }).waitFor();
  const alone = cleo.getByText("Nobody but you sees this chat");
  await alone.waitFor();
  await write(cleo, "Who is hungry?");
  await message(cleo, "Who is hungry?").waitFor();
  await alone.waitFor({ state: "detached" });
  await cleo.getByRole("button", { name: "Share", exact: true }).click();
  const links = cleo.getByRole("dialog");
  await links.getByRole("button", { name: "New link" }).click();
  await links.getByRole("radio", { name: /^Write together/ }).check();
  await links.getByRole("button", { name: "Create link" }).click();
  const dan = await person(await links.getByRole("textbox", { name: "Link", exact: true }).inputValue());
  await joinAs(dan, "Dan");
  await message(dan, "Who is hungry?").waitFor();
  await write(dan, "I am");
  await message(cleo, "I am").waitFor();
  // It is there after a reload, as every chat of one's own.
  await cleo.goto(server.url);
  await cleo.getByRole("link", { name: "Lunch" }).waitFor();
});
