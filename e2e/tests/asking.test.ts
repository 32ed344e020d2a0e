import { launchBrowser, type TestBrowser } from "@openmates-share/testing/browser";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { startModel, type TestModel } from "@openmates-share/testing/model";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Axe } from "./axe.ts";
import { importConversation, joinAs, message, shareDraft, write } from "./steps.ts";

const CONVERSATION = { title: "Garden", turns: ["What grows in the shade?", "Ferns, hostas and moss."] };

let database: TestDatabase;
let model: TestModel;
let browser: TestBrowser;
let server: ServerProcess;
let ada: Page;
let bob: Page;
let link: string;

beforeAll(async () => {
  [database, model, browser] = await Promise.all([createTestDatabase(), startModel(), launchBrowser()]);
  server = await startServer({
    databaseUrl: database.databaseUrl,
    env: {
      ...model.env,
      OPENAI_MODEL: "test-model=First model,other-model=Other model",
      MATE_PER_PERSON: "asks=6",
    },
  });
  const open = async (url: string) => (await browser.profile()).open(url);
  ada = await open(server.url);
  await importConversation(ada, CONVERSATION);
  link = await shareDraft(ada, { together: true, name: "Ada" });
  bob = await open(link);
  await joinAs(bob, "Bob");
});

afterAll(async () => {
  await browser?.stop();
  await server?.stop();
  await Promise.all([model?.stop(), database?.stop()]);
});

function answerSaying(page: Page, text: string) {
  return page.getByRole("article", { name: /^OpenMates(?!, answering)/ }).filter({ hasText: text });
}

/** Writes without sending, and opens what would be sent. */
async function prepare(page: Page, text: string) {
  await page.getByLabel("Message", { exact: true }).fill(text);
  const preview = page.locator(".composer .ask-preview");
  await preview.locator("summary").click();
  return preview;
}

function lastRequest(): string {
  return (model.requests().at(-1) ?? []).join("\n");
}

it("shows exactly what goes to which model, and only that goes", async () => {
  await write(bob, "the key is under the stone");
  await message(ada, "under the stone").waitFor();
  await message(bob, "under the stone").hover();
  await message(bob, "under the stone").getByRole("button", { name: "More for this message" }).click();
  await bob.getByRole("button", { name: "Keep from models" }).click();
  await message(ada, "under the stone").getByText("Not for models").waitFor();

  const preview = await prepare(ada, "@OpenMates which of these?");
  await preview.getByText("3 messages will be sent to First model").waitFor();
  expect(await preview.textContent()).not.toContain("under the stone");
  await preview.getByRole("checkbox", { name: /What grows/ }).uncheck();
  await preview.getByLabel("Model that answers").selectOption("Other model");
  await preview.getByText("2 messages will be sent to Other model").waitFor();
  expect(await new Axe(ada).serious()).toEqual([]);
  model.answer("which of these", { text: "Moss." });
  await ada.getByRole("button", { name: "Send", exact: true }).click();
  await answerSaying(bob, "Moss.").getByText("Answered by other-model · was given 2 messages").waitFor();
  expect(lastRequest()).toContain("Ferns, hostas");
  expect(lastRequest()).not.toContain("What grows");
  expect(lastRequest()).not.toContain("stone");
});

it("keeps a message from models that is withheld while the question is being written", async () => {
  await write(bob, "my address is Elm Street");
  await message(ada, "Elm Street").waitFor();
  const preview = await prepare(ada, "@OpenMates and now?");
  await preview.getByText(/Elm Street/).waitFor();
  await message(bob, "Elm Street").hover();
  await message(bob, "Elm Street").getByRole("button", { name: "More for this message" }).click();
  await bob.getByRole("button", { name: "Keep from models" }).click();
  await preview.getByText(/Elm Street/).waitFor({ state: "detached" });
  model.answer("and now", { text: "Hostas." });
  await ada.getByRole("button", { name: "Send", exact: true }).click();
  await answerSaying(ada, "Hostas.").waitFor();
  expect(lastRequest()).not.toContain("Elm Street");

  await bob.getByLabel("Message", { exact: true }).fill("@OpenMates nobody asks with this");
  await bob.getByLabel("Not for models").click();
  await bob.getByRole("button", { name: "Send", exact: true }).click();
  await message(ada, "nobody asks with this").getByText("Not for models").waitFor();
  expect(lastRequest()).toContain("and now");
});

it("can be put to another model, and goes on where it was cut off", async () => {
  const asked = answerSaying(ada, "Hostas.");
  model.answer("and now", { text: "# Ferns\n\nThey like **shade**, and", cutOff: true });
  await asked.getByText(/^Answered by other-model/).click();
  await asked.getByLabel("Ask the same again of another model").selectOption("First model");
  await asked.getByText(/messages? will be sent to First model/).waitFor();
  await asked.getByRole("button", { name: "Ask again" }).click();
  const second = answerSaying(bob, "They like shade");
  await second.getByText("Answered by test-model").waitFor();
  await second.getByText("cut off at the length limit").waitFor();
  expect(await second.getByRole("heading", { name: "Ferns" }).count()).toBe(1);

  await second.getByText("cut off at the length limit").click();
  await second.getByText(/[0-9a-f]{64}/).waitFor();
  await second.getByText(/This device has checked the signature/).waitFor();
  model.answer("go on where", { text: "moist soil." });
  await second.getByRole("button", { name: "Continue" }).click();
  await bob.getByText(/messages? will be sent to First model/).waitFor();
  await bob.getByRole("button", { name: "Send", exact: true }).click();
  await answerSaying(ada, "moist soil.").waitFor();
  expect(lastRequest()).toContain("They like **shade**, and");
});

it("waits as long as the provider wants, and can be put away", async () => {
  model.refuseNext(429, { retryAfter: 50 });
  await write(ada, "@OpenMates is this for long?");
  const long = bob.getByRole("article", { name: /answering/ });
  await long.getByText("The model is at its limit. Please try again in 50 seconds.").waitFor();
  expect(await long.getByRole("button", { name: /Try again in \d+ s/ }).isDisabled()).toBe(true);
  for (const page of [ada, bob]) {
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.getByRole("article", { name: /answering/ }).waitFor({ state: "detached" });
  }

  model.answer("too much", { text: "Not any more." });
  model.refuseNext(429, { retryAfter: 1 });
  await write(ada, "@OpenMates is this too much?");
  await bob.getByRole("button", { name: "Try again", exact: true }).click();
  await answerSaying(ada, "Not any more.").waitFor();
  expect(await answerSaying(ada, "Not any more.").count()).toBe(1);

  model.refuseNext(401);
  await write(ada, "@OpenMates who are you?");
  const refused = ada.getByRole("article", { name: /answering/ });
  await refused.getByText(/refused this server's key/).waitFor();
  expect(await refused.getByRole("button", { name: "Try again", exact: true }).count()).toBe(0);
  await refused.getByRole("button", { name: "Dismiss" }).click();
  await refused.waitFor({ state: "detached" });
});

it("is answered by a model of one's own, which the browser asks and the server does not", async () => {
  const preview = await prepare(bob, "@OpenMates what about roses?");
  await preview.getByRole("button", { name: "Use your own model" }).click();
  const dialog = bob.getByRole("dialog", { name: "Your own model" });
  await dialog.getByLabel("Address").fill(`${model.env.OPENAI_BASE_URL}/`);
  await dialog.getByLabel("Model", { exact: true }).fill("llama3");
  await dialog.getByRole("button", { name: "Save" }).click();
  await preview.getByText(/will be sent to your own model llama3/).waitFor();
  model.answer("roses", { text: "They need **sun**." });
  await bob.getByRole("button", { name: "Send", exact: true }).click();
  const answer = ada.getByRole("article", { name: /^Bob’s own model(?!, answering)/ });
  await answer.getByText("They need sun.").waitFor();
  await answer.getByText(/Answered by Bob’s own model llama3/).click();
  await answer.getByText(/whose word alone it is/).waitFor();
  expect(lastRequest()).toMatch(/^You are an assistant that people/);
  expect(lastRequest()).not.toContain("Elm Street");
});

it("is answered by another member's own model when the asker chooses it, with what the asker chose", async () => {
  const offer = await prepare(bob, "@OpenMates hm");
  await offer.getByRole("button", { name: "Change…" }).click();
  const dialog = bob.getByRole("dialog", { name: "Your own model" });
  await dialog.getByRole("checkbox", { name: /^Others in this chat may ask it/ }).check();
  expect(await new Axe(bob).serious()).toEqual([]);
  await dialog.getByRole("button", { name: "Save" }).click();
  await bob.getByLabel("Message", { exact: true }).fill("");

  const preview = await prepare(ada, "@OpenMates and tulips?");
  await preview.getByLabel("Model that answers").selectOption("Bob’s own model llama3");
  await preview.getByText(/will be sent to Bob’s own model llama3/).waitFor();
  await preview.getByRole("checkbox", { name: /They need \*\*sun/ }).uncheck();
  expect(await new Axe(ada).serious()).toEqual([]);
  model.answer("tulips", { text: "Plant them in *autumn*." });
  await ada.getByRole("button", { name: "Send", exact: true }).click();
  const answer = ada.getByRole("article", { name: /^Bob’s own model(?!, answering)/ }).filter({ hasText: "in autumn" });
  await answer.waitFor();
  await ada.getByText("Asks Bob’s own model llama3.").waitFor();
  expect(await answer.getByText("nobody asked").count()).toBe(0);
  expect(lastRequest()).toMatch(/^You are an assistant that people/);
  expect(lastRequest()).not.toContain("They need **sun**");

  // The choice stands until it is undone.
  const next = await prepare(ada, "@OpenMates and next?");
  await next.getByText(/will be sent to Bob’s own model llama3/).waitFor();
  await next.getByLabel("Model that answers").selectOption("First model");
  await next.getByText(/will be sent to First model/).waitFor();
});

it("says quietly when little is left of the day, and in words when nothing is", async () => {
  model.answer("number", { text: "Fine." });
  for (const left of ["seven", "eight"]) {
    await write(ada, `@OpenMates number ${left}`);
    await answerSaying(ada, "Fine.")
      .nth(left === "seven" ? 0 : 1)
      .waitFor();
  }
  const preview = await prepare(ada, "@OpenMates number nine");
  await preview.getByText("1 of 6 questions left today.").waitFor();
  await ada.getByRole("button", { name: "Send", exact: true }).click();
  await answerSaying(ada, "Fine.").nth(2).waitFor();
  await write(ada, "@OpenMates number ten");
  await ada
    .getByText(/OpenMates was not asked: You have used up today’s questions. You can ask again in \d+ hours/)
    .waitFor();
});

it("sends a mention as soon as it is known what goes along, when somebody was faster", async () => {
  const profile = await browser.profile();
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await profile.context.route(/\/assets\/asking-[\w-]+\.js$/, async (route) => {
    await held;
    await route.continue();
  });
  const cleo = await profile.open(link);
  await joinAs(cleo, "Cleo");
  model.answer("hurry", { text: "Slowly does it." });
  await write(cleo, "@OpenMates hurry up");
  expect(await cleo.getByLabel("Message", { exact: true }).inputValue()).toBe("@OpenMates hurry up");
  release();
  await answerSaying(cleo, "Slowly does it.").waitFor();
  expect(await cleo.getByLabel("Message", { exact: true }).inputValue()).toBe("");
});
