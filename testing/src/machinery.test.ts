import { Redis } from "ioredis";
import { afterEach, describe, expect, test } from "vitest";
import { launchBrowser } from "./browser.ts";
import { createTestDatabase } from "./database.ts";
import { startModel } from "./model.ts";
import { startRedis } from "./redis.ts";
import { startServer } from "./server-process.ts";

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** Stops it when the test is over. */
function stopping<T extends { stop(): Promise<unknown> }>(part: T): T {
  stops.push(() => part.stop());
  return part;
}

describe("createTestDatabase", () => {
  test("gives each test a migrated database of its own and drops it", async () => {
    const one = stopping(await createTestDatabase());
    const other = stopping(await createTestDatabase());
    expect(one.databaseUrl).not.toBe(other.databaseUrl);
    expect((await one.dump()).toString()).toContain("_init");
    await one.stop();
    await expect(one.database.$queryRaw`select 1`).rejects.toThrow();
  });

  test("dumps text and bytes as they are", async () => {
    const { database, dump } = stopping(await createTestDatabase());
    await database.$executeRaw`create table leak (words text, bytes bytea)`;
    await database.$executeRaw`insert into leak values ('a plain word', ${Buffer.from("hidden in bytes")})`;
    const found = await dump();
    expect(found.includes("a plain word")).toBe(true);
    expect(found.includes("hidden in bytes")).toBe(true);
  });
});

describe("startRedis", () => {
  test("comes back where it was after a crash, empty", async () => {
    const redis = stopping(await startRedis());
    const first = new Redis(redis.url);
    await first.set("word", "lost");
    first.disconnect();
    await redis.crash();
    await redis.start();
    const second = new Redis(redis.url);
    expect(await second.get("word")).toBeNull();
    second.disconnect();
    await redis.stop();
  });
});

describe("startServer", () => {
  test("answers when it is ready, keeps what it prints, and ends in order when asked", async () => {
    const { databaseUrl } = stopping(await createTestDatabase());
    const server = stopping(await startServer({ databaseUrl }));
    expect((await fetch(new URL("/readyz", server.url))).status).toBe(200);
    expect(server.output()).toContain(`ready ${server.url}`);
    expect(await server.stop()).toBe(0);
  });

  test("reports what a server printed that does not start", async () => {
    await expect(startServer({ databaseUrl: "mysql://nowhere" })).rejects.toThrow(/DATABASE_URL/);
  });
});

describe("launchBrowser", () => {
  test("gives each profile storage of its own and collects complaints", async () => {
    const { databaseUrl } = stopping(await createTestDatabase());
    const { url } = stopping(await startServer({ databaseUrl }));
    const browser = stopping(await launchBrowser());
    const one = await browser.profile();
    const other = await browser.profile();
    const page = await one.open(new URL("/healthz", url).href);
    await page.evaluate(() => {
      localStorage.setItem("word", "kept");
      console.error("a complaint");
    });
    const stored = await (await other.open(page.url())).evaluate(() => localStorage.getItem("word"));
    expect(stored).toBeNull();
    expect(one.complaints).toContain("a complaint");
    expect(other.complaints).not.toContain("a complaint");
  });
});

describe("startModel", () => {
  test("streams the reply in pieces to whoever asks as OpenAI's clients do", async () => {
    const model = stopping(await startModel());
    model.answer("What is up?", { text: "The sky is up.", piece: 4 });
    const response = await fetch(`${model.env.OPENAI_BASE_URL}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${model.env.OPENAI_API_KEY}` },
      body: JSON.stringify({
        model: model.env.OPENAI_MODEL,
        stream: true,
        messages: [{ role: "user", content: "Say: What is up?" }],
      }),
    });
    const pieces = [...(await response.text()).matchAll(/"content":"([^"]+)"/g)].map(([, piece]) => piece);
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.join("")).toBe("The sky is up.");
    expect(model.requests()).toEqual([["Say: What is up?"]]);
  });

  test("stops in the middle of a reply for as long as is wanted", async () => {
    const model = stopping(await startModel());
    const release = model.begin("What is up?", { text: "The sky is up.", piece: 4, pieces: 2 });
    const response = await fetch(`${model.env.OPENAI_BASE_URL}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${model.env.OPENAI_API_KEY}` },
      body: JSON.stringify({ model: "m", stream: true, messages: [{ role: "user", content: "What is up?" }] }),
    });
    let said = "";
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      said += chunk;
      if (!said.includes('"sky "')) continue;
      release();
    }
    expect(said).toContain('"is u"');
  });
});
