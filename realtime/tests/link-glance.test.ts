import { KIND, newId } from "@openmates-share/protocol/wire";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { message, type NewLink, newLink, OwnedChat } from "./owned-chat.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

const HOUR = 60 * 60 * 1000;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const glance = (chat: string, bearer: string, call: { session?: string } = {}) =>
  server.call(`GET /api/chats/${chat}/link`, { link: bearer, ...call });

async function limited(chat: OwnedChat, viewLimit: number): Promise<NewLink> {
  const link = newLink();
  await chat.expect(201, "POST /links", { json: { ...link.body, viewLimit } });
  return link;
}

/** The same answer but for the moment it was given. */
async function seen(answering: ReturnType<typeof glance>): Promise<string> {
  const { status, headers, bytes } = await answering;
  const { date: _, ...rest } = Object.fromEntries(headers);
  return JSON.stringify({ status, rest, body: bytes.toString() });
}

describe("what a link tells before it is opened", () => {
  test("is how much it shows, what it lets do and until when: to the cut-off, or to the end", async () => {
    const chat = await OwnedChat.shared(server, 3);
    const expiresAt = Date.now() + HOUR;
    const [reading, writing] = [await chat.link({ expiresAt }), await chat.link({ mode: "collaborative" })];
    await chat.upload([message(chat.owner), message(chat.owner, { kind: KIND.amendment }), message(chat.owner)]);
    expect((await glance(chat.chat, reading.bearer)).body).toEqual({ mode: "read-only", expiresAt, messages: 3 });
    const all = { mode: "collaborative", expiresAt: null, messages: 5 };
    expect((await glance(chat.chat, writing.bearer)).body).toEqual(all);
    // Of the link, whoever shows it.
    expect((await glance(chat.chat, writing.bearer, { session: chat.session })).body).toEqual(all);
  });

  test("counts what people wrote: no amendments, and nothing that was erased, as soon as readers know of that", async () => {
    const chat = await OwnedChat.create(server);
    const written = [message(chat.owner), message(chat.owner)];
    const taken = message(chat.owner, { kind: KIND.amendment });
    await chat.upload(written);
    await chat.share(2);
    const [reading, writing] = [await chat.link(), await chat.link({ mode: "collaborative" })];
    await chat.upload([taken]);
    await chat.expect(204, `DELETE /messages/${written[0]?.id}?amendment=${taken.id}`);
    expect((await glance(chat.chat, reading.bearer)).body).toMatchObject({ messages: 2 });
    expect((await glance(chat.chat, writing.bearer)).body).toMatchObject({ messages: 1 });
    await chat.share(3);
    expect((await glance(chat.chat, reading.bearer)).body).toMatchObject({ messages: 1 });
  });

  test("R7 is told before anybody is counted, and counts nobody", async () => {
    const chat = await OwnedChat.shared(server, 2);
    const link = await limited(chat, 1);
    for (const _ of [1, 2]) expect((await glance(chat.chat, link.bearer)).body).toMatchObject({ messages: 2 });
    expect(((await chat.call("GET /links")).body as { links: object[] }).links).toMatchObject([{ views: 0 }]);
    expect((await server.call(`GET /api/chats/${chat.chat}`, { link: link.bearer })).body).toMatchObject({
      code: "view_required",
    });
  });

  test("R6 is nothing without the link's token, and the same nothing for a link that ended and for no chat", async () => {
    const chat = await OwnedChat.shared(server);
    const [live, revoked, expired, unmade] = [
      await chat.link(),
      await chat.link(),
      await chat.link({ expiresAt: Date.now() + HOUR }),
      newLink(),
    ];
    await chat.expect(204, `DELETE /links/${revoked.id}`);
    await server.database.link.updateMany({
      where: { chatId: chat.id, expiresAt: { not: null } },
      data: { expiresAt: new Date(Date.now() - 1) },
    });
    const answers = await Promise.all([
      seen(glance(chat.chat, revoked.bearer)),
      seen(glance(chat.chat, expired.bearer)),
      seen(glance(chat.chat, unmade.bearer)),
      seen(glance(newId(), live.bearer)),
      seen(server.call(`GET /api/chats/${chat.chat}/link`)),
    ]);
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('"status":404');
    // Not even the owner is told of a link without showing it.
    expect((await chat.call("GET /link")).status).toBe(404);
    expect((await glance(chat.chat, live.bearer)).status).toBe(200);
  });
});
