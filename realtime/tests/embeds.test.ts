import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { memoryStore, type OpenedEmbed, ShareClient, textParts } from "@openmates-share/client";
import {
  bearerOfLink,
  type ChatId,
  EMBED_PART,
  EMBED_TYPES,
  type EmbedId,
  idBytes,
  type LinkId,
  newId,
  partCount,
  partLength,
  toBase64url,
  WRAPPED_KEY_LENGTH,
} from "@openmates-share/protocol/wire";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Gate } from "../src/access/gate.ts";
import { Revocations } from "../src/access/revocations.ts";
import { accountBytes } from "../src/accounts/account-id.ts";
import { Sessions } from "../src/accounts/sessions.ts";
import { AbandonedEmbeds } from "../src/embeds/abandoned-embeds.ts";
import { EmbedGate } from "../src/embeds/embed-gate.ts";
import { EmbedParts } from "../src/embeds/embed-parts.ts";
import { Embeds } from "../src/embeds/embeds.ts";
import { createChat, createLink, createPerson } from "./chat-world.ts";
import { KeptLog } from "./kept-log.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const newClient = (fetch?: typeof globalThis.fetch) =>
  new ShareClient({ server: server.url, store: memoryStore(), ...(fetch ? { fetch } : {}) });

const fileOf = (size: number, name = "notes.bin") => {
  const bytes = new Uint8Array(randomBytes(size));
  return { bytes, draft: { blob: new Blob([bytes]), name, mediaType: "application/octet-stream", chat: null } };
};

/** Compared as buffers: matchers look at every byte as a value of its own. */
async function same(opened: OpenedEmbed, bytes: Uint8Array): Promise<boolean> {
  return Buffer.from(await (await opened.blob()).arrayBuffer()).equals(bytes);
}

async function sharedChat(client: ShareClient) {
  const message = { role: "user", name: "Ada", parts: textParts("Hello"), time: null, model: null } as const;
  return client.share({ title: "A chat", messages: [message] }, { mode: "read-only" });
}

describe("an embed on its own", () => {
  test.each([0, 1, 1024, 262_144, 262_145, 1_048_576, 2_500_000])("comes back as it was: %i bytes", async (size) => {
    const owner = newClient();
    const { bytes, draft } = fileOf(size);
    const progress: number[] = [];
    const { ref } = await owner.uploadEmbed(draft, { onProgress: (done) => progress.push(done) });
    expect(progress.at(-1)).toBe(size);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    const { url } = await (await owner.embeds()).createLink(ref.id);
    const opened = await newClient().openEmbed(url);
    expect(opened).toMatchObject({ name: "notes.bin", type: "file", size, owner: false });
    expect(await same(opened, bytes)).toBe(true);
  });
});

describe("an embed of a chat", () => {
  test("is read by whoever has the chat's link, until it is revoked", async () => {
    const owner = newClient();
    const { chat, link, url } = await sharedChat(owner);
    const { bytes, draft } = fileOf(5000);
    const { ref } = await owner.uploadEmbed({ ...draft, chat });
    const reader = newClient();
    const room = await reader.open(url, { live: false });
    await room.whenComplete();
    const sender = room.state.messages.at(1)?.sender;
    if (!sender) throw new Error("The chat has a message.");
    const opened = await reader.openEmbed({ ref, chat, sender });
    expect(await same(opened, bytes)).toBe(true);
    await owner.revokeLink(chat, link);
    await expect(opened.blob()).rejects.toMatchObject({
      code: "not_found",
      message: "Embed can't be found. Either it doesn't exist or you don't have access to it.",
    });
    await owner.deleteChat(chat);
    const id = idBytes(ref.id);
    expect(await server.database.embed.count({ where: { id } })).toBe(0);
    expect(await server.database.embedPart.count({ where: { embedId: id } })).toBe(0);
  });
});

/** An embed as the server sees it, put there by the front door. */
async function rawEmbed(session: string, options: { size?: number; complete?: boolean } = {}) {
  const { size = 1040, complete = true } = options;
  const embed = newId<EmbedId>();
  const created = await server.call("POST /api/embeds", { session, json: { embed, chat: null, size } });
  expect(created.status).toBe(201);
  const put = (index: number, bytes: Uint8Array<ArrayBuffer>) =>
    server.call(`PUT /api/embeds/${embed}/parts/${index}`, { session, raw: bytes, type: "application/octet-stream" });
  const header = toBase64url(new Uint8Array(300));
  const finish = () => server.call(`POST /api/embeds/${embed}/complete`, { session, json: { header } });
  if (complete) {
    for (let index = 0; index < partCount(size); index++) {
      expect((await put(index, new Uint8Array(partLength(size, index)))).status).toBe(204);
    }
    expect((await finish()).status).toBe(204);
  }
  return { embed, put, finish };
}

describe("uploading", () => {
  test("goes on where it broke off, and sends nothing twice", async () => {
    const { bytes, draft } = fileOf(4_000_000);
    const store = memoryStore();
    const put: string[] = [];
    let failing = true;
    const flaky: typeof fetch = async (input, init) => {
      const part = /parts\/(\d+)$/.exec(String(input))?.[1];
      if (init?.method !== "PUT" || part === undefined) return fetch(input, init);
      if (failing && Number(part) >= 2) throw new TypeError("the line broke");
      put.push(part);
      return fetch(input, init);
    };
    const owner = new ShareClient({ server: server.url, store, fetch: flaky });
    const ref = { id: newId<EmbedId>(), key: new Uint8Array(randomBytes(32)) };
    const stop = new AbortController();
    const broken = owner.uploadEmbed(draft, {
      ref,
      signal: stop.signal,
      onProgress: (done) => done > 2_000_000 && stop.abort(),
    });
    await expect(broken).rejects.toMatchObject({ code: "aborted" });
    failing = false;
    // As after closing the tab: another client, with what the device kept.
    const again = new ShareClient({ server: server.url, store, fetch: flaky });
    await again.uploadEmbed(draft, { ref });
    expect([...put].sort()).toEqual(["0", "1", "2", "3"]);
    const { url } = await (await again.embeds()).createLink(ref.id);
    expect(await same(await newClient().openEmbed(url), bytes)).toBe(true);
  });

  test("takes each part once, of the announced length, and nothing after the end", async () => {
    const session = await server.guest();
    const { put, finish, embed } = await rawEmbed(session, { size: EMBED_PART + 40, complete: false });
    expect((await finish()).body).toMatchObject({ code: "bad_request" });
    const whole = new Uint8Array(EMBED_PART);
    const cases: [number, Uint8Array<ArrayBuffer>, number][] = [
      [0, whole.slice(1), 400],
      [0, new Uint8Array(EMBED_PART + 1), 413],
      [2, whole, 400],
      [0, whole, 204],
      [0, whole, 204],
      [0, whole.slice().fill(1), 409],
      [1, new Uint8Array(41), 400],
      [1, new Uint8Array(40), 204],
    ];
    for (const [index, bytes, status] of cases) expect((await put(index, bytes)).status).toBe(status);
    expect((await finish()).status).toBe(204);
    expect((await finish()).status).toBe(204);
    const other = { header: toBase64url(new Uint8Array(301)) };
    const changed = await server.call(`POST /api/embeds/${embed}/complete`, { session, json: other });
    expect(changed.status).toBe(409);
    expect((await put(0, whole.slice().fill(1))).status).toBe(409);
  });

  describe("is refused beyond the quotas, before anything is sent,", () => {
    const withQuotas = () => {
      const { database } = server;
      const gate = new Gate({ database });
      const quotas = { accountBytes: 5000, chatBytes: 3000, chatFiles: 2 };
      const parts = { database, chats: gate, gate: new EmbedGate({ database, chats: gate }), quotas };
      return new Embeds({ ...parts, revocations: new Revocations() });
    };
    const announcing =
      (embeds: Embeds, chat: ChatId | null) => (account: Parameters<Embeds["create"]>[0]["account"], size: number) =>
        embeds.create({ account, link: null, embed: newId<EmbedId>(), chat, size });

    test("of a person and of a chat", async () => {
      const embeds = withQuotas();
      const { chat, owner } = await createChat(server.database);
      const [inChat, alone] = [announcing(embeds, chat), announcing(embeds, null)];
      await inChat(owner.account, 3000);
      await expect(inChat(owner.account, 1)).rejects.toMatchObject({ code: "too_large" });
      await alone(owner.account, 2000);
      await expect(alone(owner.account, 1)).rejects.toMatchObject({ code: "too_large" });
    });

    test("and a member who takes all the room of a chat takes none of its owner's, nor any once they are removed", async () => {
      const { database } = server;
      const { chat, owner } = await createChat(database);
      const announce = announcing(withQuotas(), chat);
      const { link } = await createLink(database, { chat, mode: "collaborative" });
      const join = async () => {
        const { account, identity } = await createPerson(database);
        const ids = { accountId: accountBytes(account), sender: idBytes(identity.sender), linkId: idBytes(link) };
        await database.member.create({ data: { chatId: idBytes(chat), ...ids } });
        return { account, ids };
      };
      const [greedy, other] = [await join(), await join()];
      await announce(greedy.account, 3000);
      await expect(announce(other.account, 1)).rejects.toMatchObject({ code: "too_large" });
      await announce(owner.account, 3000);
      const where = { chatId: idBytes(chat), accountId: greedy.ids.accountId };
      await database.member.updateMany({ where, data: { removedAt: new Date() } });
      await announce(other.account, 3000);
    });
  });

  test("that broke off is erased after a day, and what is complete stays", async () => {
    const session = await server.guest();
    const whole = await rawEmbed(session);
    const broken = await rawEmbed(session, { complete: false });
    await broken.put(0, new Uint8Array(1040));
    let now = Date.now();
    const abandoned = new AbandonedEmbeds({ database: server.database, log: new KeptLog(), now: () => now });
    const left = (embed: EmbedId) => server.database.embed.count({ where: { id: idBytes(embed) } });
    await abandoned.sweep();
    expect(await left(broken.embed)).toBe(1);
    now += 25 * 60 * 60 * 1000;
    await abandoned.sweep();
    expect([await left(broken.embed), await left(whole.embed)]).toEqual([0, 1]);
    expect(await server.database.embedPart.count({ where: { embedId: idBytes(broken.embed) } })).toBe(0);
    await abandoned.stop();
  });
});

describe("R6", () => {
  test("missing, unfinished, somebody else's, revoked, expired and asked for with a wrong token: one answer in bytes", async () => {
    const session = await server.guest();
    const { embed } = await rawEmbed(session);
    const unfinished = await rawEmbed(session, { complete: false });
    const revoked = await link(embed, session);
    await server.call(`DELETE /api/embeds/${embed}/links/${revoked.id}`, { session });
    const expired = await link(embed, session);
    await server.database.embedLink.updateMany({
      where: { id: idBytes(expired.id) },
      data: { expiresAt: new Date(Date.now() - 1) },
    });
    const good = await link(embed, session);
    const wrong = bearerOfLink({ link: good.id, token: new Uint8Array(32) });
    const stranger = await server.guest();
    const answers = await Promise.all(
      ["", "/parts/0"].flatMap((path) => [
        server.call(`GET /api/embeds/${newId()}${path}`, { link: good.bearer }),
        server.call(`GET /api/embeds/${unfinished.embed}${path}`, { session: stranger }),
        server.call(`GET /api/embeds/${embed}${path}`),
        server.call(`GET /api/embeds/${embed}${path}`, { session: stranger }),
        server.call(`GET /api/embeds/${embed}${path}`, { link: revoked.bearer }),
        server.call(`GET /api/embeds/${embed}${path}`, { link: expired.bearer }),
        server.call(`GET /api/embeds/${embed}${path}`, { link: wrong }),
      ]),
    );
    const sentence = "Embed can't be found. Either it doesn't exist or you don't have access to it.";
    const only = JSON.stringify({ code: "not_found", message: sentence });
    expect(new Set(answers.map(({ status, bytes }) => `${status} ${bytes}`))).toEqual(new Set([`404 ${only}`]));
    const { status, headers, bytes } = await server.call(`GET /api/embeds/${embed}/parts/0`, { link: good.bearer });
    expect([status, headers.get("content-type"), bytes.length]).toEqual([200, "application/octet-stream", 1040]);
  });

  test("R7: reading and looking change nothing; a view is counted by its own request", async () => {
    const session = await server.guest();
    const { embed } = await rawEmbed(session);
    const { id, bearer } = await link(embed, session);
    const row = () => server.database.embedLink.findFirstOrThrow({ where: { id: idBytes(id) } });
    const before = await row();
    for (const path of ["", "/parts/0"]) await server.call(`GET /api/embeds/${embed}${path}`, { link: bearer });
    await server.call(`GET /share/embed/${embed}`);
    expect(await row()).toEqual(before);
    expect((await server.call(`POST /api/embeds/${embed}/views`, { link: bearer })).status).toBe(204);
    expect((await row()).views).toBe(1);
  });
});

describe("the page of an embed", () => {
  test("has the card that its owner chose, with the picture of its type, while there is a link", async () => {
    const session = await server.guest();
    const { embed } = await rawEmbed(session);
    const { id } = await link(embed, session);
    const page = async (of: string = embed) => String((await server.call(`GET /share/embed/${of}`)).bytes);
    const generic = (await page()).replaceAll(embed, "ID");
    const none = newId();
    expect((await page(none)).replaceAll(none, "ID")).toBe(generic);
    // The same for programs.
    const door = (of: string = embed) => server.call(`GET /api/embeds/${of}/preview`);
    const nothing = await door(none);
    expect(nothing.body).toMatchObject({ title: "Shared on OpenMates", type: null, generic: true });
    expect((await door()).bytes.equals(nothing.bytes)).toBe(true);
    const json = { title: "Map <of> the coast", summary: "Picture, 305 kB", type: "image" };
    expect((await server.call(`PUT /api/embeds/${embed}/preview`, { session, json })).status).toBe(204);
    const card = await page();
    expect(card).toContain('<meta property="og:title" content="Map &lt;of&gt; the coast">');
    const image = /og:image" content="[^"]*?(\/og\/[^"]+)"/.exec(card)?.[1];
    expect(image).toBe("/og/embed_image.png");
    expect((await door()).body).toMatchObject({ ...json, image: expect.stringMatching(/\/og\/embed_image\.png$/u) });
    const stored = await server.database.embed.findUniqueOrThrow({ where: { id: idBytes(embed) } });
    expect(Buffer.from(stored.preview ?? []).includes("coast")).toBe(false);
    await server.call(`DELETE /api/embeds/${embed}/links/${id}`, { session });
    expect((await page()).replaceAll(embed, "ID")).toBe(generic);
    expect((await door()).bytes.equals(nothing.bytes)).toBe(true);
    const stranger = await server.guest();
    const refused = await server.call(`PUT /api/embeds/${embed}/preview`, { session: stranger, json });
    expect(refused.status).toBe(404);
  });

  test.each(EMBED_TYPES)("has a picture for %s", async (type) => {
    const { status, headers } = await server.call(`GET /og/embed_${type}.png`);
    expect([status, headers.get("content-type")]).toEqual([200, "image/png"]);
  });
});

test("a slow reader holds a slice in memory, not the file", async () => {
  const session = await server.guest();
  const { embed } = await rawEmbed(session, { size: EMBED_PART });
  const embedGate = new EmbedGate({ database: server.database, chats: new Gate({ database: server.database }) });
  const parts = new EmbedParts({ database: server.database, gate: embedGate });
  const account = await new Sessions({ database: server.database }).find(session);
  const { length, bytes } = await parts.read({ embed, account, link: null, index: 0 });
  expect(length).toBe(EMBED_PART);
  const [first] = await once(bytes, "readable").then(() => [bytes.read() as Buffer]);
  expect(first?.length).toBeLessThanOrEqual(256 << 10);
  await new Promise((resolve) => setImmediate(resolve));
  expect(bytes.readableLength).toBeLessThanOrEqual(256 << 10);
  bytes.destroy();
});

async function link(embed: EmbedId, session: string) {
  const id = newId<LinkId>();
  const token = new Uint8Array(randomBytes(32));
  const json = {
    link: id,
    tokenHash: createHash("sha256").update(token).digest("base64url"),
    wrappedKey: randomBytes(WRAPPED_KEY_LENGTH).toString("base64url"),
    label: null,
    expiresAt: null,
  };
  expect((await server.call(`POST /api/embeds/${embed}/links`, { session, json })).status).toBe(201);
  return { id, bearer: bearerOfLink({ link: id, token }) };
}
