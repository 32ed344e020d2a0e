import { readFile, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { CATEGORIES, type ChatId, type EmbedId, newId, type PreviewCard } from "@openmates-share/protocol/wire";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OwnedChat } from "./owned-chat.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

const PUBLIC_URL = "https://share.example.org";
const PREVIEW = { title: "Bread without a machine", summary: "How long to let it rise", category: "cooking_food" };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ publicUrl: PUBLIC_URL });
});
afterAll(() => server.stop());

async function card(chat: string): Promise<PreviewCard> {
  return (await server.call(`GET /api/previews/${chat}`)).body as PreviewCard;
}

async function page(path: string): Promise<string> {
  const { status, headers, bytes } = await server.call(`GET ${path}`);
  expect(status).toBe(200);
  expect(headers.get("x-robots-tag")).toContain("noindex");
  expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
  return bytes.toString();
}

/** What the owner of a chat has chosen to show. */
async function shown(preview: object = PREVIEW): Promise<OwnedChat> {
  const chat = await OwnedChat.shared(server);
  await chat.expect(204, "PUT /preview", { json: preview });
  return chat;
}

describe("preview cards", () => {
  test("show title and summary while the chat is shared, and only then", async () => {
    const chat = await shown();
    expect((await card(chat.chat)).generic).toBe(true);
    const [one, two] = [await chat.link(), await chat.link()];
    const image = `${PUBLIC_URL}/og/cooking_food.png`;
    expect(await card(chat.chat)).toEqual({ ...PREVIEW, image, generic: false });
    await chat.expect(204, `DELETE /links/${one.id}`);
    expect((await card(chat.chat)).generic).toBe(false);
    await chat.expect(204, `DELETE /links/${two.id}`);
    expect((await card(chat.chat)).generic).toBe(true);
  });

  test("are erased with the last link, and do not come back with the next one", async () => {
    const chat = await shown();
    const link = await chat.link();
    await chat.expect(204, `DELETE /links/${link.id}`);
    expect((await server.database.chat.findUniqueOrThrow({ where: { id: chat.id } })).preview).toBeNull();
    await chat.link();
    expect((await card(chat.chat)).generic).toBe(true);
  });

  test("stand on the same page, byte for byte, whether it is known already or not", async () => {
    const chat = await shown();
    await chat.link();
    for (const id of [chat.chat, newId<ChatId>()]) {
      const [first, second] = [await server.call(`GET /share/chat/${id}`), await server.call(`GET /share/chat/${id}`)];
      const told = ({ headers }: typeof first) => [...headers].filter(([name]) => name !== "date").sort();
      expect(told(second)).toEqual(told(first));
      expect(second.bytes.equals(first.bytes)).toBe(true);
      expect(second.bytes.toString()).toContain(`${PUBLIC_URL}/share/chat/${id}`);
      expect((await server.call(`HEAD /share/chat/${id}`)).status).toBe(200);
    }
  });

  test("follow the owner at once, through the cache", async () => {
    const chat = await shown();
    await chat.link();
    expect((await card(chat.chat)).title).toBe(PREVIEW.title);
    await chat.expect(204, "PUT /preview", { json: { ...PREVIEW, title: "Another" } });
    expect((await card(chat.chat)).title).toBe("Another");
    await chat.expect(204, "DELETE /preview");
    expect((await card(chat.chat)).generic).toBe(true);
  });

  test("go with the chat", async () => {
    const chat = await shown();
    await chat.link();
    expect((await card(chat.chat)).generic).toBe(false);
    await chat.expect(204, "DELETE ");
    expect((await card(chat.chat)).generic).toBe(true);
  });

  test("are generic when the vault cannot open them any more", async () => {
    const chat = await shown();
    await server.database.chat.update({ where: { id: chat.id }, data: { preview: new Uint8Array(64) } });
    await chat.link();
    expect((await card(chat.chat)).generic).toBe(true);
  });

  test("stand in the database only as ciphertext", async () => {
    const chat = await shown();
    const { preview } = await server.database.chat.findUniqueOrThrow({ where: { id: chat.id } });
    const stored = Buffer.from(preview ?? []).toString("latin1");
    for (const text of Object.values(PREVIEW)) expect(stored).not.toContain(text);
  });

  test("R6 no chat, a private chat, one without a card and a dead link are one answer, byte for byte", async () => {
    const [unshared, without, revoked] = [await shown(), await OwnedChat.shared(server), await shown()];
    await without.link();
    await revoked.expect(204, `DELETE /links/${(await revoked.link()).id}`);
    const chats = [newId<ChatId>(), unshared.chat, without.chat, revoked.chat];
    const cards = await Promise.all(chats.map((chat) => server.call(`GET /api/previews/${chat}`)));
    expect(new Set(cards.map(({ status, bytes }) => status + bytes.toString())).size).toBe(1);
    const pages = await Promise.all(
      chats.map(async (chat) => (await page(`/share/chat/${chat}`)).replaceAll(chat, "ID")),
    );
    expect(new Set(pages).size).toBe(1);
  });
});

describe("share pages", () => {
  test("begin with Open Graph tags, with absolute addresses", async () => {
    const chat = await shown();
    await chat.link();
    const html = await page(`/share/chat/${chat.chat}`);
    const head = html.slice(0, 1000);
    expect(head).toContain(`<meta property="og:title" content="${PREVIEW.title}">`);
    expect(head).toContain(`<meta property="og:description" content="${PREVIEW.summary}">`);
    expect(head).toContain(`<meta property="og:image" content="${PUBLIC_URL}/og/cooking_food.png">`);
    expect(html).toContain(`<meta property="og:url" content="${PUBLIC_URL}/share/chat/${chat.chat}">`);
    expect(html).toContain('<meta name="robots" content="noindex, nofollow, noarchive">');
    expect(html).toContain("<noscript>");
  });

  test("show hostile titles as text, on one line and in one direction", async () => {
    const chat = await shown({
      title: `"><script>alert(1)</script>\u202etxet\u2066 \u200b\ufeffx\n\r\ty\u0000`,
      summary: `' onload='x' &amp; <img src=x> \u{e0041}\u2028z`,
      category: "science",
    });
    await chat.link();
    const html = await page(`/share/chat/${chat.chat}`);
    expect(html).toContain('content="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;txet x y"');
    expect(html).toContain('content="&#39; onload=&#39;x&#39; &amp;amp; &lt;img src=x&gt; z"');
    expect(html.match(/<script/g)).toEqual(["<script"]);
    expect(html.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect((await card(chat.chat)).title).toBe('"><script>alert(1)</script>txet x y');
  });

  test("are there for embeds and for ids that are none, always generic", async () => {
    const embed = await page(`/share/embed/${newId<EmbedId>()}`);
    expect(embed).toContain(`${PUBLIC_URL}/og/default.png`);
    const odd = await page("/share/chat/%22%3E%3Cscript%3E");
    expect(odd).not.toContain("%22");
    expect(odd).toContain("Shared chat on OpenMates");
  });

  test("count nothing and change nothing (R7)", async () => {
    const chat = await shown();
    await chat.link();
    await page(`/share/chat/${chat.chat}`);
    expect((await server.database.link.findFirstOrThrow({ where: { chatId: chat.id } })).views).toBe(0);
  });

  test("are under the same policy as everything, with their script and style from here", async () => {
    const { headers } = await server.call(`GET /share/chat/${newId<ChatId>()}`);
    expect(headers.get("content-security-policy")).toContain("script-src 'self'");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect((await server.call("GET /share-redirect.js")).headers.get("content-type")).toContain("javascript");
    expect((await server.call("GET /share-page.css")).headers.get("content-type")).toContain("text/css");
  });
});

describe("images", () => {
  test.each(["default", ...CATEGORIES])("%s: a PNG of 1200 by 630, below 60 KB", async (name) => {
    const path = fileURLToPath(new URL(`../public/og/${name}.png`, import.meta.url));
    const bytes = await readFile(path);
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1200, 630]);
    expect((await stat(path)).size).toBeLessThan(60_000);
    const answer = await server.call(`GET /og/${name}.png`);
    expect(answer.headers.get("content-type")).toBe("image/png");
    expect(answer.bytes.equals(bytes)).toBe(true);
  });
});
