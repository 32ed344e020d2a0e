import {
  ClientError,
  memoryStore,
  messageText,
  ProtocolError,
  type Room,
  type SecretStore,
  ShareClient,
} from "@openmates-share/client";
import { launchBrowser, type Profile, type TestBrowser } from "@openmates-share/testing/browser";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Axe } from "./axe.ts";
import { EMBED_LIES, pictureIn } from "./lies/embed-lies.ts";
import { KEY_LIES } from "./lies/key-lies.ts";
import { type Lie, SEEN } from "./lies/lie.ts";
import { LieWorld } from "./lies/lie-world.ts";
import { PEOPLE_LIES } from "./lies/people-lies.ts";
import { TRANSCRIPT_LIES } from "./lies/transcript-lies.ts";

const LIES: readonly Lie[] = [...TRANSCRIPT_LIES, ...KEY_LIES, ...PEOPLE_LIES, ...EMBED_LIES];

let database: TestDatabase;
let browser: TestBrowser;
let server: ServerProcess;
const endings: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  [database, browser] = await Promise.all([createTestDatabase(), launchBrowser()]);
  server = await startServer({ databaseUrl: database.databaseUrl });
});
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});
afterAll(async () => {
  await browser?.stop();
  await server?.stop();
  await database?.stop();
});

async function worldOf(lie: Pick<Lie, "world" | "prepare">): Promise<LieWorld> {
  const world = await LieWorld.create(server.url, lie.world);
  endings.push(() => world.stop());
  await lie.prepare?.(world);
  return world;
}

function clientOn(world: LieWorld, store: SecretStore): ShareClient {
  const client = new ShareClient({ server: world.liar.url, store });
  endings.push(() => client.close());
  return client;
}

interface Outcome {
  /** `sealed` when nothing was noticed. */
  readonly codes: readonly string[];
  readonly texts: readonly string[];
}

async function read(world: LieWorld, client: ShareClient): Promise<Outcome> {
  try {
    const room = await client.open(world.liarsUrl, { password: world.password, live: false });
    return await outcomeOf(room, client);
  } catch (error) {
    if (error instanceof ClientError || error instanceof ProtocolError) return { codes: [error.code], texts: [] };
    throw error;
  }
}

async function outcomeOf(room: Room, client: ShareClient): Promise<Outcome> {
  await room.whenComplete();
  await room.load(1, room.state.messages.through);
  const messages = [...room.state.messages.loaded];
  const { integrity } = room.state;
  const broken = messages.flatMap(({ body }) => (body.type === "broken" ? [body.code] : []));
  const texts = messages.flatMap(({ body }) => {
    if (body.type === "reply") return [body.reply.text];
    if (body.type !== "content") return [];
    return body.content.type === "message" ? [messageText(body.content)] : [JSON.stringify(body.content)];
  });
  const seen = integrity.state === "violated" ? [integrity.code] : [];
  return { codes: [...seen, ...broken, ...(await pictureOutcome(messages, { room, client }))], texts };
}

async function pictureOutcome(
  messages: Parameters<typeof pictureIn>[0],
  { room, client }: { room: Room; client: ShareClient },
): Promise<readonly string[]> {
  try {
    const { embed, sender } = pictureIn(messages);
    const opened = await client.openEmbed({ ref: embed, chat: room.chat, sender });
    await opened.blob();
    return [];
  } catch (error) {
    return error instanceof ClientError || error instanceof ProtocolError ? [error.code] : [];
  }
}

describe("the client notices, and people see it, when the server shows", () => {
  let profile: Profile;
  beforeAll(async () => {
    profile = await browser.profile();
  });

  for (const lie of LIES) {
    it(`${lie.rule}: ${lie.what}`, async () => {
      const world = await worldOf(lie);
      const store = memoryStore();
      if (lie.returning) {
        await visitHonestly(profile, world);
        const before = await read(world, clientOn(world, store));
        expect(before.codes).toEqual([]);
      }
      await lie.tell(world);
      const { codes, texts } = await read(world, clientOn(world, store));
      expect(codes).toContain(lie.code);
      if (lie.hidden) expect(texts.join("\n")).not.toContain(lie.hidden);

      const page = await visit(profile, world);
      if (world.password !== null || lie.code === "locked") await unlock(page, world.password ?? "no password helps");
      await showAll(page, lie);
      await page.getByText(SEEN[lie.seen]).first().waitFor();
      const text = (await page.locator("body").textContent()) ?? "";
      if (lie.hidden) expect(text).not.toContain(lie.hidden);
      if (!OF_FILES.includes(lie.seen)) return;
      expect(await page.locator("img").count()).toBe(0);
    });
  }

  it("nothing but the truth: there is nothing to notice", async () => {
    const world = await worldOf({ world: { length: 120 } });
    const { codes, texts } = await read(world, clientOn(world, memoryStore()));
    expect(codes).toEqual([]);
    expect(texts).toHaveLength(120);
  });
});

describe("people see", () => {
  it("an altered chat: loudly, wherever they read, with what to do", async () => {
    const world = await worldOf({});
    await world.retell((all) => all.slice(0, 4));
    const profile = await browser.profile({ viewport: { width: 390, height: 700 } });
    endings.push(() => profile.context.close());
    const page = await profile.open(appUrl(world));
    const alert = page.getByRole("alert");
    await alert.getByText(SEEN.altered).waitFor();
    await alert.getByText("Tell the person who sent you the link").waitFor();
    expect(await new Axe(page).serious()).toEqual([]);
    const strip = page.getByText("Not what was shared", { exact: true });
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await expect.poll(() => strip.boundingBox().then((box) => box?.y ?? -1)).toBeGreaterThanOrEqual(0);
    await page.getByRole("button", { name: "See why" }).press("Enter");
    await expect.poll(() => alert.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it("the whole truth: quietly, with what was checked and the owner's key on demand, by keyboard", async () => {
    const world = await worldOf({});
    const profile = await browser.profile();
    endings.push(() => profile.context.close());
    const page = await profile.open(appUrl(world));
    const mark = page.locator("details.integrity");
    await mark.getByText("Complete and unaltered, sealed by the owner on").waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
    await mark.locator("summary").press("Enter");
    await mark.getByText("all 6 messages").waitFor();
    await mark.getByText(/^([0-9a-f]{4} ){7}[0-9a-f]{4}$/).waitFor();
    expect(await new Axe(page).serious()).toEqual([]);
  });
});

const OF_FILES: readonly Lie["seen"][] = ["file", "cut", "undescribed", "fileOfAnother", "fileOfNobody"];

function appUrl(world: LieWorld): string {
  const { pathname, hash } = new URL(world.url);
  return `${world.liar.url}/#chat-id=${pathname.split("/").at(-1)}&${hash.slice(1)}`;
}

/** Each world is an origin of its own, with nothing of the others in it. */
async function visit(profile: Profile, world: LieWorld): Promise<Page> {
  const page = await profile.open(appUrl(world));
  endings.push(() => page.close());
  return page;
}

/** The tab stays open, so that what it remembers is not cut off. */
async function visitHonestly(profile: Profile, world: LieWorld): Promise<void> {
  const page = await visit(profile, world);
  await page.getByText("Complete and unaltered").waitFor();
}

async function unlock(page: Page, password: string): Promise<void> {
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Open chat" }).click();
}

/** The messages that matter may stand further down. */
async function showAll(page: Page, { seen, what }: Lie): Promise<void> {
  if (!OF_FILES.includes(seen) && !what.startsWith("another key") && !what.startsWith("a page")) return;
  await page.locator("[data-row]").first().waitFor();
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
}
