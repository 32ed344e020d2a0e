import { randomBytes } from "node:crypto";
import { type ClientError, memoryStore } from "@openmates-share/client";
import { type ChatId, idBytes, LIMITS, type LinkSummary, newId, parseLinkBearer } from "@openmates-share/protocol/wire";
import { startMail } from "@openmates-share/testing/mail";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { accountBytes } from "../src/accounts/account-id.ts";
import { Sessions } from "../src/accounts/sessions.ts";
import { type NewLink, newLink, OwnedChat } from "./owned-chat.ts";
import { copyOf, live, ShareWorld, says, shareChat, textsOf } from "./share-world.ts";
import { startTestServer, type TestServer } from "./test-server.ts";
import { until } from "./until.ts";

const HOUR = 60 * 60 * 1000;

let server: TestServer;
let world: ShareWorld;
beforeAll(async () => {
  [server, world] = await Promise.all([startTestServer(), ShareWorld.start()]);
});
afterEach(async () => {
  vi.useRealTimers();
  await world.closeClients();
});
afterAll(() => Promise.all([server.stop(), world.stop()]));

describe("a link for one person", () => {
  const ADDRESS = "grace@example.org";

  async function namedLink(): Promise<{ chat: OwnedChat; link: NewLink }> {
    const chat = await OwnedChat.shared(server);
    const link = newLink();
    await chat.expect(201, "POST /links", { json: { ...link.body, address: ` ${ADDRESS.toUpperCase()} ` } });
    return { chat, link };
  }

  /** As if the session's account had typed off the code that was mailed to that address. */
  async function prove(session: string, { link }: { link: NewLink }): Promise<void> {
    const access = parseLinkBearer(link.bearer);
    const row = await server.database.link.findFirstOrThrow({ where: { id: idBytes(access?.link ?? link.id) } });
    const account = await new Sessions(server).find(session);
    if (!account || !row.addressLookup) throw new Error("there is such a person");
    await server.database.identity.deleteMany({ where: { lookup: row.addressLookup } });
    const sealed = new Uint8Array(1);
    const data = { id: idBytes(newId()), accountId: accountBytes(account), kind: "email", lookup: row.addressLookup };
    await server.database.identity.create({ data: { ...data, sealed } });
  }

  const open = ({ chat, link }: { chat: OwnedChat; link: NewLink }, session?: string) =>
    server.call(`GET /api/chats/${chat.chat}`, { link: link.bearer, ...(session ? { session } : {}) });
  const count = ({ chat, link }: { chat: OwnedChat; link: NewLink }, session: string) =>
    server.call(`POST /api/chats/${chat.chat}/views`, { link: link.bearer, session });

  test("R6 in other hands is not there, byte for byte", async () => {
    const named = await namedLink();
    const stranger = await server.guest();
    const answers = [
      await open(named),
      await open(named, stranger),
      await count(named, stranger),
      await server.call(`GET /api/chats/${newId<ChatId>()}`, { link: named.link.bearer }),
    ];
    const seen = answers.map(({ status, headers, bytes }) => {
      const { date: _, ...rest } = Object.fromEntries(headers);
      return JSON.stringify({ status, rest, body: bytes.toString() });
    });
    expect(new Set(seen).size).toBe(1);
    expect(answers[0]?.status).toBe(404);
  });

  test("opens for who proved the address, is theirs from the first view, and stays so when the address goes", async () => {
    const named = await namedLink();
    const [grace, later] = [await server.guest(), await server.guest()];
    await prove(grace, named);
    expect((await open(named, grace)).status).toBe(200);
    expect(await links(named.chat)).toMatchObject([{ audience: { address: ADDRESS, accepted: false } }]);
    expect((await count(named, grace)).status).toBe(204);
    expect(await links(named.chat)).toMatchObject([{ audience: { type: "named", address: ADDRESS, accepted: true } }]);
    await prove(later, named);
    expect((await open(named, later)).status).toBe(404);
    expect((await open(named, grace)).status).toBe(200);
    const { shareMode } = (await named.chat.expect(200, "GET ")).body as { shareMode: string };
    expect(shareMode).toBe("shared_with_user");
  });

  test("keeps the address sealed, and erases it with the link", async () => {
    const { chat, link } = await namedLink();
    expect((await server.dump()).includes(ADDRESS)).toBe(false);
    await chat.expect(204, `DELETE /links/${link.id}`);
    const row = await server.database.link.findFirstOrThrow({ where: { chatId: chat.id } });
    expect(row).toMatchObject({ addressSealed: null, addressLookup: null, accountId: null });
  });

  test("is refused for what is no address", async () => {
    const chat = await OwnedChat.shared(server);
    const json = { ...newLink().body, address: "nobody" };
    expect((await chat.call("POST /links", { json })).body).toMatchObject({ code: "bad_request" });
  });

  test("is not mailed where no mail can be sent, nor with an address that leads elsewhere", async () => {
    const { chat, link } = await namedLink();
    const key = "A".repeat(43);
    const own = `${server.url}/share/chat/${chat.chat}#key=${key}`;
    const invite = (url: string) => chat.call(`POST /links/${link.id}/invitations`, { json: { url } });
    expect((await invite(own)).body).toMatchObject({ code: "not_offered" });
    for (const url of [`https://evil.example/share/chat/${chat.chat}#key=${key}`, `${own}&next=x`, own.slice(0, -1)]) {
      const answer = await invite(url);
      expect(answer).toMatchObject({ status: 400 });
      expect(answer.bytes.toString()).not.toContain(key.slice(0, 20));
    }
    const open = await chat.link();
    const json = { url: own };
    expect((await chat.call(`POST /links/${open.id}/invitations`, { json })).status).toBe(400);
  });
});

describe("R1 a link that is mailed", () => {
  test("goes out with its key at once or not at all, and leaves the key nowhere", async () => {
    const mail = await startMail();
    const config = { type: "smtp" as const, url: mail.env.SMTP_URL, from: mail.env.MAIL_FROM };
    const mailing = await startTestServer({ mail: config });
    try {
      const chat = await OwnedChat.shared(mailing);
      const link = newLink();
      const address = "grace@example.org";
      await chat.expect(201, "POST /links", { json: { ...link.body, address } });
      const key = randomBytes(32).toString("base64url");
      const json = { url: `${mailing.url}/share/chat/${chat.chat}#key=${key}` };
      mail.refuseNext(1, 451);
      const refused = await chat.call(`POST /links/${link.id}/invitations`, { json });
      expect(refused.body).toMatchObject({ code: "unavailable" });
      await chat.expect(204, `POST /links/${link.id}/invitations`, { json });
      const { text } = await mail.to(address);
      expect(text).toContain(json.url);
      const dump = await mailing.dump();
      for (const secret of [key, Buffer.from(key, "base64url"), address]) expect(dump.includes(secret)).toBe(false);
    } finally {
      await mailing.stop();
      await mail.stop();
    }
  });
});

async function links(chat: OwnedChat): Promise<readonly LinkSummary[]> {
  return ((await chat.expect(200, "GET /links")).body as { links: LinkSummary[] }).links;
}

describe("a view limit", () => {
  test("lets so many devices in, each as often as it likes, and nobody else on any server", async () => {
    const owner = world.client();
    const preview = { title: "A card", summary: "", category: "science" } as const;
    const { chat, url } = await shareChat(owner, { mode: "read-only", viewLimit: 2, preview });
    const store = memoryStore();
    await live(world.client({ store }).open(url));
    await live(world.client({ store: await copyOf(store), node: 1 }).reopen(chat));
    expect(await owner.preview(chat)).toMatchObject({ title: "A card" });
    await live(world.client({ node: 1 }).open(url));
    for (const node of [0, 1] as const) {
      await expect(world.client({ node }).open(url)).rejects.toMatchObject({ code: "not_found" });
    }
    expect(textsOf(await live(world.client({ store, node: 1 }).open(url)))).toEqual(["One", "Two", "Three"]);
    expect(await owner.links(chat)).toMatchObject([{ views: 2, viewLimit: 2 }]);
    expect(await owner.sharedByMe()).toMatchObject([{ links: 1, fullLinks: 1, expiredLinks: 0, collaborative: false }]);
    expect(await owner.preview(chat)).toMatchObject({ generic: true });
    await owner.editLink(chat, (await owner.links(chat))[0]?.link ?? newId(), { viewLimit: 3 });
    await live(world.client().open(url));
  });

  test("beyond the devices that a link remembers without one lets in whom it counts", async () => {
    const owner = world.client();
    const { chat, url } = await shareChat(owner, { mode: "read-only", viewLimit: 2 * LIMITS.tickets });
    const where = { chatId: idBytes(chat) };
    await world.database.database.link.updateMany({ where, data: { views: LIMITS.tickets } });
    const store = memoryStore();
    await live(world.client({ store }).open(url));
    await live(world.client({ store: await copyOf(store), node: 1 }).reopen(chat));
  });

  test("of many at once lets in exactly as many", async () => {
    const owner = world.client();
    const { url } = await shareChat(owner, { mode: "read-only", viewLimit: 3 });
    const openings = Array.from({ length: 8 }, (_, i) =>
      world.client({ node: i % 2 ? 1 : 0 }).open(url, { live: false }),
    );
    const results = await Promise.allSettled(openings);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    const codes = results.flatMap((one) => (one.status === "rejected" ? [(one.reason as ClientError).code] : []));
    expect(new Set(codes)).toEqual(new Set(["not_found"]));
  });

  test("set later, counts those who were there before and leaves them in", async () => {
    const owner = world.client();
    const { chat, url } = await shareChat(owner, { mode: "read-only" });
    const reader = world.client();
    await live(reader.open(url));
    const [link] = await until(async () => {
      const found = await owner.links(chat);
      return found[0]?.views === 1 && found;
    });
    await owner.editLink(chat, link?.link ?? newId(), { viewLimit: 1 });
    await live(reader.reopen(chat));
    await expect(world.client().open(url)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("editing a link", () => {
  test("changes label, expiry and mode, and says first what a wider mode shows", async () => {
    const owner = world.client();
    const { chat, url, room } = await shareChat(owner, { mode: "read-only", label: "for Grace" });
    await room.send("private so far");
    await says(room, "private so far");
    const [made] = await owner.links(chat);
    if (!made) throw new Error("there is a link");
    expect(await owner.previewOfEdit(chat, made.link, { mode: "collaborative" })).toEqual({ reveals: 1 });
    expect(await owner.previewOfEdit(chat, made.link, { label: "x" })).toEqual({ reveals: 0 });
    const expiresAt = Date.now() + 2 * HOUR;
    await owner.editLink(chat, made.link, { mode: "collaborative", label: "for the team", expiresAt });
    expect(await owner.links(chat)).toMatchObject([{ mode: "collaborative", label: "for the team", expiresAt, url }]);
    expect(textsOf(await live(world.client().open(url, { name: "Grace" })))).toContain("private so far");
    for (const impossible of [Date.now() + 1000, Date.now() + 400 * 24 * HOUR]) {
      await expect(owner.editLink(chat, made.link, { expiresAt: impossible })).rejects.toMatchObject({
        code: "bad_request",
      });
    }
  });
});

describe("an update of the shared part", () => {
  test("says what it will add, waits ten seconds, survives a restart, and can be undone", async () => {
    const store = memoryStore();
    const owner = world.client({ store });
    const { chat, url, room } = await shareChat(owner, { mode: "read-only" });
    const reader = await live(world.client({ node: 1 }).open(url));
    await room.send("Four");
    await says(room, "Four");
    expect(await owner.previewOfUpdate(chat)).toMatchObject({ from: 4, through: 4, count: 1, messages: [{ seq: 4 }] });

    expect(await owner.planUpdate(chat)).toMatchObject({ through: 4 });
    expect(await owner.undoUpdate(chat)).toBe(true);
    expect(await owner.undoUpdate(chat)).toBe(false);
    expect(await owner.plannedUpdate(chat)).toBeNull();

    await owner.planUpdate(chat);
    await room.send("Five");
    await says(room, "Five");
    await owner.close();
    expect(textsOf(reader)).toEqual(["One", "Two", "Three"]);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 10_001 });
    const restarted = world.client({ store });
    const sent = new Promise((resolve) => restarted.onUpdateSent(resolve));
    await restarted.resumeUpdates();
    expect(await sent).toBe(chat);
    await says(reader, "Four");
    expect(textsOf(reader)).toEqual(["One", "Two", "Three", "Four"]);
    await until(() => reader.state.integrity.state === "sealed");
    expect(await restarted.undoUpdate(chat)).toBe(false);
  });
});
