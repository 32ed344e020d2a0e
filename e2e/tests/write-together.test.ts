import { launchBrowser, type TestBrowser } from "@openmates-share/testing/browser";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { freePort } from "@openmates-share/testing/free-port";
import { startModel, type TestModel } from "@openmates-share/testing/model";
import { startRedis, type TestRedis } from "@openmates-share/testing/redis";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { importConversation, joinAs, message, shareDraft, write } from "./steps.ts";

const CONVERSATION = { title: "Picnic", turns: ["What do we bring?", "Bread, cheese and a blanket."] };
const ANSWER = "Grapes, and a second blanket. ".repeat(20).trim();

let database: TestDatabase;
let redis: TestRedis;
let model: TestModel;
let browser: TestBrowser;
/** Two nodes: whoever is on the second one finds everything through Redis. */
let nodes: [ServerProcess, ServerProcess];

beforeAll(async () => {
  [database, redis, model, browser] = await Promise.all([
    createTestDatabase(),
    startRedis(),
    startModel(),
    launchBrowser(),
  ]);
  const first = await node({ port: String(await freePort()) });
  nodes = [first, await node({ dataDir: first.dataDir })];
});

afterEach(async () => {
  for (const context of profiles.splice(0)) await context();
});

afterAll(async () => {
  await browser?.stop();
  await Promise.all((nodes ?? []).map((server) => server.stop()));
  await Promise.all([model?.stop(), redis?.stop(), database?.stop()]);
});

const profiles: (() => Promise<void>)[] = [];

function node(options: { dataDir?: string; port?: string } = {}): Promise<ServerProcess> {
  const { dataDir, port = "0" } = options;
  return startServer({
    databaseUrl: database.databaseUrl,
    redisUrl: redis.url,
    ...(dataDir === undefined ? {} : { dataDir }),
    env: { ...model.env, PORT: port },
  });
}

/** A person with a browser of their own, on a page of one of the nodes. */
async function person(url: string): Promise<Page> {
  const profile = await browser.profile();
  profiles.push(() => profile.context.close());
  return profile.open(url);
}

/** Ada has shared a chat on the first node; Bob has joined it on the second one. */
async function room(): Promise<{ ada: Page; bob: Page; link: string }> {
  const ada = await person(nodes[0].url);
  await importConversation(ada, CONVERSATION);
  const link = await shareDraft(ada, { together: true, name: "Ada" });
  const bob = await person(onNode(link, nodes[1]));
  await joinAs(bob, "Bob");
  return { ada, bob, link };
}

function onNode(link: string, { url }: ServerProcess): string {
  const { pathname, hash } = new URL(link);
  return `${url}${pathname}${hash}`;
}

function running(page: Page) {
  return page.getByRole("article", { name: /answering/ });
}

describe("people on two nodes", () => {
  it("see each other come, type and write", async () => {
    const { ada, bob, link } = await room();
    await ada.getByRole("listitem").filter({ hasText: "Bob joined" }).waitFor();
    await message(bob, "Bread, cheese and a blanket.").waitFor();
    await bob.getByRole("article", { name: /^Ada/ }).getByText("What do we bring?").waitFor();
    await Promise.all([
      ada.getByText(/Bob is typing/).waitFor(),
      bob.getByLabel("Message", { exact: true }).pressSequentially("I bring"),
    ]);
    await write(bob, "I bring the **cheese**");
    await message(ada, "I bring the cheese").waitFor();
    await write(ada, "Then I bring bread");
    await message(bob, "Then I bring bread").waitFor();

    const carol = await person(link);
    await joinAs(carol, "Carol");
    await message(carol, "Then I bring bread").waitFor();
    await write(carol, "Hello both");
    await message(ada, "Hello both").waitFor();
    await message(bob, "Hello both").waitFor();
    await ada
      .getByRole("button", { name: /People|3/ })
      .first()
      .click();
    await ada.getByText("Carol").first().waitFor();
  });

  it("catch up on what was written while they were away, and send what they wrote meanwhile", async () => {
    const { ada, bob } = await room();
    await bob.context().setOffline(true);
    await bob.getByText(/Offline. Reconnecting/).waitFor();
    await write(ada, "first while Bob is away");
    await write(ada, "second while Bob is away");
    await write(bob, "written in a tunnel");
    expect(await message(ada, "written in a tunnel").count()).toBe(0);
    await bob.context().setOffline(false);
    await message(bob, "second while Bob is away").waitFor();
    await message(ada, "written in a tunnel").waitFor();
    expect(await message(ada, "written in a tunnel").count()).toBe(1);
  });

  it("lose access at once when the link they came by is revoked", async () => {
    const { ada, bob } = await room();
    await ada.getByRole("button", { name: "Share", exact: true }).click();
    await ada.getByRole("button", { name: /^Revoke link/ }).click();
    await ada.getByRole("button", { name: "Revoke link", exact: true }).click();
    await bob.getByText("Access to this chat has ended").waitFor();
  });
});

describe("@OpenMates", () => {
  it("answers everyone when it is mentioned, as it writes, also those who come in the middle", async () => {
    const { ada, bob, link } = await room();
    const release = model.begin("what else", { text: ANSWER, pieces: 5 });
    await write(bob, "@OpenMates what else?");
    await running(ada).getByText("Grapes").waitFor();
    await running(bob).getByText("Grapes").waitFor();
    const late = await person(link);
    await running(late).getByText("Grapes").waitFor();
    release();
    for (const page of [ada, bob, late])
      await message(page, ANSWER)
        .and(page.getByRole("article", { name: /^OpenMates(?!, answering)/ }))
        .waitFor();
    await ada.getByText("test-model").first().waitFor();
    expect(model.requests().at(-1)?.join("\n")).toContain("Bread, cheese and a blanket.");
  });

  it("is not asked by words that are no mention", async () => {
    const { ada, bob } = await room();
    const before = model.requests().length;
    await write(bob, "write to me@openmates.org or `@OpenMates`");
    await message(ada, "write to me@openmates.org").waitFor();
    expect(await running(bob).count()).toBe(0);
    expect(model.requests()).toHaveLength(before);
  });

  it("can be stopped by anybody, on any node", async () => {
    const { ada, bob } = await room();
    model.begin("forever", { text: "and so on ".repeat(50), pieces: 5 });
    await write(bob, "@OpenMates go on forever");
    await running(ada).getByText("and so on").waitFor();
    await running(ada).getByRole("button", { name: "Stop" }).click();
    await running(bob).waitFor({ state: "detached" });
    for (const page of [ada, bob])
      await page
        .getByRole("article", { name: /^OpenMates/ })
        .getByText(/stopped/i)
        .waitFor();
  });

  it("says in words when the model fails, and answers when it is asked again", async () => {
    const { ada, bob } = await room();
    model.answer("dessert", { text: ANSWER, pause: 20, breakAfter: 5 });
    await write(bob, "@OpenMates dessert?");
    const again = ada.getByRole("button", { name: "Try again" });
    await again.waitFor();
    model.answer("dessert", { text: "Apple pie." });
    await again.click();
    await message(bob, "Apple pie.").waitFor();
    expect(await message(bob, "Apple pie.").count()).toBe(1);
  });

  it("is interrupted by a killed server and answers once when any member tries again", async () => {
    const { ada, bob } = await room();
    model.begin("patience", { text: ANSWER, pieces: 5 });
    // Ada is on the first node; her ask runs there.
    await write(ada, "@OpenMates have patience");
    await running(bob).getByText("Grapes").waitFor();
    const [first] = nodes;
    await first.kill();
    await bob.getByRole("button", { name: "Try again" }).waitFor();
    model.answer("patience", { text: ANSWER });
    await bob.getByRole("button", { name: "Try again" }).click();
    await message(bob, ANSWER).waitFor();
    const { port } = new URL(first.url);
    nodes = [await node({ dataDir: first.dataDir, port }), nodes[1]];
    await message(ada, ANSWER).waitFor();
    for (const page of [ada, bob]) expect(await message(page, ANSWER).count()).toBe(1);
  });
});
