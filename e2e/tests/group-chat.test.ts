import { launchBrowser, type TestBrowser } from "@openmates-share/testing/browser";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { Axe } from "./axe.ts";
import { composer, importConversation, joinAs, message, shareDraft, write } from "./steps.ts";

const CONVERSATION = { title: "Picnic", turns: ["What do we bring?", "Bread, cheese and a blanket."] };

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

it("edits and deletes one's own words in a group, by menu and by keys; others see it, and nobody else's can be changed", async () => {
  const ada = await person(server.url);
  await importConversation(ada, CONVERSATION);
  const link = await shareDraft(ada, { together: true, name: "Ada" });
  const bob = await person(link);
  await joinAs(bob, "Bob");
  await write(bob, "I bring chese");
  await message(ada, "I bring chese").waitFor();

  await composer(bob).press("ArrowUp");
  const edited = bob.getByLabel("Edited message");
  await edited.fill("nothing of it");
  await edited.press("Escape");
  await message(bob, "I bring chese").waitFor();
  await choose(bob, { of: "I bring chese", action: "Edit" });
  expect(await new Axe(bob).serious()).toEqual([]);
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
  await bob.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
  expect(await new Axe(bob).serious()).toEqual([]);
  await sure.getByRole("button", { name: "Delete" }).click();
  for (const page of [ada, bob]) {
    await page.getByText("This message was deleted.").waitFor();
    expect(await message(page, "cheese").filter({ hasText: "I bring" }).count()).toBe(0);
  }
  await write(bob, "something rude");
  await choose(ada, { of: "something rude", action: "Remove for everyone" });
  await ada.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await bob.getByText("This message was removed by the owner.").waitFor();
  expect(await new Axe(bob).serious()).toEqual([]);
});
