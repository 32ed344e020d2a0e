import {
  appendToTranscript,
  type ChatId,
  emptyTranscript,
  type LinkSummary,
  type MessagePage,
  newId,
  type OpenedChat,
  type SenderId,
  type ServiceInfo,
  toBase64url,
  type UploadReceipts,
} from "@openmates-share/protocol/wire";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claimOf, newWriter } from "./claims.ts";
import { envelope, message, newLink, OwnedChat } from "./owned-chat.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe("creating and uploading", () => {
  test("a guest gets a session that is kept as its hash alone", async () => {
    const session = await server.guest();
    expect(session).toMatch(/^oms_session_[\w-]{43}$/);
    const rows = await server.database.session.findMany();
    expect(JSON.stringify(rows.map(({ tokenHash }) => toBase64url(tokenHash)))).not.toContain(session.slice(12));
  });

  test("creating a chat twice is one chat, and somebody else's id is refused", async () => {
    const chat = await OwnedChat.create(server);
    const make = async (json: object, session = chat.session) =>
      (await server.call("POST /api/chats", { session, json })).status;
    expect(await make(chat.making())).toBe(201);
    const another = (await newWriter()).sender;
    const claim = claimOf({ chat: chat.chat, sender: another, session: chat.session });
    expect(await make({ chat: chat.chat, owner: another, claim: toBase64url(claim ?? new Uint8Array(0)) })).toBe(409);
    const session = await server.guest();
    expect(await make(chat.making(session), session)).toBe(409);
  });

  test("messages are numbered without gaps, and their heads are the protocol's", async () => {
    const chat = await OwnedChat.create(server);
    const messages = Array.from({ length: 60 }, (_, i) => message(chat.owner, { size: 40 + 97 * i }));
    const first = (await chat.upload(messages.slice(0, 25))).body as UploadReceipts;
    const second = (await chat.upload(messages.slice(25))).body as UploadReceipts;
    const receipts = [...first.receipts, ...second.receipts];
    let position = await emptyTranscript(chat.chat);
    for (const [index, sent] of messages.entries()) {
      position = await appendToTranscript(position, sent);
      expect(receipts[index]).toEqual({ seq: index + 1, head: position.head });
    }
    const page = (await chat.expect(200, "GET /messages")).body as MessagePage;
    expect(page.messages.map(({ id, sender, envelope: bytes }) => ({ id, sender, envelope: bytes }))).toEqual(messages);
    expect(page.messages.map(({ head }) => head)).toEqual(receipts.map(({ head }) => head));
    expect(page.before).toEqual(await emptyTranscript(chat.chat));
  });

  test("a page sent again gives the same receipts and stores nothing twice", async () => {
    const chat = await OwnedChat.create(server);
    const messages = Array.from({ length: 5 }, () => message(chat.owner));
    const first = await chat.upload(messages);
    expect((await chat.upload(messages)).bytes).toEqual(first.bytes);
    expect(await server.database.message.count({ where: { chatId: chat.id } })).toBe(5);
  });

  test("an id that is taken by other bytes is a conflict", async () => {
    const chat = await OwnedChat.create(server);
    const sent = message(chat.owner);
    await chat.upload([sent]);
    const messages = [{ ...sent, envelope: envelope() }];
    expect((await chat.call("POST /messages", { msgpack: { messages } })).body).toMatchObject({ code: "conflict" });
  });

  test("the owner writes as the chat's owner and nobody else", async () => {
    const chat = await OwnedChat.create(server);
    const messages = [message(newId<SenderId>())];
    expect((await chat.call("POST /messages", { msgpack: { messages } })).body).toMatchObject({ code: "forbidden" });
  });

  test("pages go on where the last one ended", async () => {
    const chat = await OwnedChat.create(server);
    for (let page = 0; page < 2; page++) {
      await chat.upload(Array.from({ length: 150 }, () => message(chat.owner, { size: 64 })));
    }
    const first = (await chat.expect(200, "GET /messages")).body as MessagePage;
    expect(first.messages).toHaveLength(200);
    expect(first.through).toBe(300);
    const last = first.messages[199];
    const second = (await chat.expect(200, "GET /messages?after=200")).body as MessagePage;
    expect(second.before).toEqual({ seq: 200, head: last?.head });
    expect(second.messages.map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, i) => 201 + i));
    const beyond = (await chat.expect(200, "GET /messages?after=500")).body as MessagePage;
    expect(beyond).toEqual({ messages: [], before: { seq: 300, head: second.messages[99]?.head }, through: 300 });
  });

  test("a page is bounded in bytes, and one message of the largest size always fits", async () => {
    const chat = await OwnedChat.create(server);
    for (let i = 0; i < 5; i++) await chat.upload([message(chat.owner, { size: 1 << 20 })]);
    const page = (await chat.expect(200, "GET /messages")).body as MessagePage;
    expect(page.messages.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    const rest = (await chat.expect(200, "GET /messages?after=4")).body as MessagePage;
    expect(rest.messages.map(({ seq }) => seq)).toEqual([5]);
  });
});

describe("sharing", () => {
  test("a read-only reader gets the shared part and the link's keys, and nothing of what follows", async () => {
    const chat = await OwnedChat.shared(server, 3);
    const link = await chat.link();
    await chat.upload([message(chat.owner), message(chat.owner)]);
    const opened = (await server.call(`GET /api/chats/${chat.chat}`, { link: link.bearer })).body as OpenedChat;
    expect(opened).toMatchObject({
      chat: chat.chat,
      role: "reader",
      shareMode: "public",
      linkMode: "read-only",
      sharedThrough: 3,
      owner: chat.owner,
    });
    expect(opened.page.messages.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(opened.page.through).toBe(3);
    expect(opened.seal).toBeInstanceOf(Uint8Array);
    const [key] = link.body.wrappedKeys;
    expect(opened.wrappedKeys.map(({ epoch, key }) => ({ epoch, key: toBase64url(key) }))).toEqual([key]);
    const beyond = await server.call(`GET /api/chats/${chat.chat}/messages?after=3`, { link: link.bearer });
    expect((beyond.body as MessagePage).messages).toEqual([]);
  });

  test("a collaborative link reads everything, also beside a session", async () => {
    const chat = await OwnedChat.shared(server, 3);
    const link = await chat.link({ mode: "collaborative" });
    await chat.upload([message(chat.owner)]);
    const call = { session: await server.guest(), link: link.bearer };
    const opened = (await server.call(`GET /api/chats/${chat.chat}`, call)).body as OpenedChat;
    expect(opened).toMatchObject({ role: "reader", linkMode: "collaborative" });
    expect(opened.page.messages).toHaveLength(4);
  });

  test("the owner sees everything and needs no keys", async () => {
    const chat = await OwnedChat.shared(server, 3);
    await chat.upload([message(chat.owner)]);
    const opened = (await chat.expect(200, "GET ")).body as OpenedChat;
    expect(opened).toMatchObject({ role: "owner", shareMode: "private", linkMode: null, wrappedKeys: [] });
    expect(opened.page.messages).toHaveLength(4);
  });

  test("the cut-off moves forward only, and not beyond the last message", async () => {
    const chat = await OwnedChat.shared(server, 3);
    const seal = toBase64url(envelope({ kind: 3 }));
    expect((await chat.call("PUT /shared", { json: { through: 4, seal } })).status).toBe(400);
    expect((await chat.call("PUT /shared", { json: { through: 2, seal } })).status).toBe(400);
    expect((await chat.call("PUT /shared", { json: { through: 3, seal } })).status).toBe(204);
    expect((await chat.call("PUT /shared", { json: { through: 3, seal: toBase64url(envelope()) } })).status).toBe(400);
  });

  test("a link needs a sealed chat", async () => {
    const chat = await OwnedChat.create(server);
    const answer = await chat.call("POST /links", { json: newLink().body });
    expect(answer).toMatchObject({ status: 400, body: { code: "bad_request" } });
  });

  test("a link made again is the same link; with other content it is a conflict", async () => {
    const chat = await OwnedChat.shared(server);
    const { body } = await chat.link();
    expect((await chat.call("POST /links", { json: body })).status).toBe(201);
    for (const change of [
      { tokenHash: newLink().body.tokenHash },
      { mode: "collaborative" },
      { label: null },
      { expiresAt: Date.now() + 60_000 },
      { wrappedKeys: newLink().body.wrappedKeys },
    ]) {
      expect((await chat.call("POST /links", { json: { ...body, ...change } })).status).toBe(409);
    }
  });

  test("links are listed with what the owner needs, views counted by those who show the link", async () => {
    const chat = await OwnedChat.shared(server);
    const expiresAt = Date.now() + 3_600_000;
    const link = await chat.link({ expiresAt });
    await server.call(`GET /api/chats/${chat.chat}`, { link: link.bearer });
    const list = async () => ((await chat.expect(200, "GET /links")).body as { links: LinkSummary[] }).links;
    const { createdAt, ...rest } = (await list())[0] as LinkSummary;
    expect(rest).toEqual({
      link: link.id,
      mode: "read-only",
      audience: { type: "public" },
      label: link.body.label,
      expiresAt,
      viewLimit: null,
      views: 0,
      lastOpenedOn: null,
    });
    expect(Math.abs(createdAt - Date.now())).toBeLessThan(60_000);
    const today = () => new Date().toISOString().slice(0, 10);
    const before = today();
    expect((await server.call(`POST /api/chats/${chat.chat}/views`, { link: link.bearer })).status).toBe(204);
    const [opened] = await list();
    expect(opened).toMatchObject({ views: 1 });
    expect([before, today()]).toContain(opened?.lastOpenedOn);
    expect((await chat.call("POST /views")).status).toBe(404);
  });
});

describe("ending", () => {
  test("a revoked link opens nothing any more, and its keys are erased", async () => {
    const chat = await OwnedChat.shared(server);
    const [link, other] = [await chat.link(), await chat.link()];
    expect((await chat.call(`DELETE /links/${link.id}`)).status).toBe(204);
    expect((await chat.call(`DELETE /links/${link.id}`)).status).toBe(204);
    expect((await server.call(`GET /api/chats/${chat.chat}`, { link: link.bearer })).status).toBe(404);
    expect((await server.call(`GET /api/chats/${chat.chat}`, { link: other.bearer })).status).toBe(200);
    expect(await server.database.linkKey.count({ where: { chatId: chat.id } })).toBe(1);
    expect((await chat.call("POST /links", { json: link.body })).status).toBe(409);
  });

  test("readers may not do what the owner may", async () => {
    const chat = await OwnedChat.shared(server);
    const { bearer } = await chat.link({ mode: "collaborative" });
    const call = { session: await server.guest(), link: bearer };
    const at = `/api/chats/${chat.chat}`;
    const json = { through: 3, seal: toBase64url(envelope({ kind: 3 })) };
    const preview = { title: "t", summary: "", category: "science" };
    const answers = await Promise.all([
      server.call(`PUT ${at}/shared`, { ...call, json }),
      server.call(`POST ${at}/links`, { ...call, json: newLink().body }),
      server.call(`GET ${at}/links`, call),
      server.call(`DELETE ${at}/links/${newLink().id}`, call),
      server.call(`PUT ${at}/preview`, { ...call, json: preview }),
      server.call(`DELETE ${at}/preview`, call),
      server.call(`POST ${at}/messages`, { ...call, msgpack: { messages: [message(chat.owner)] } }),
      server.call(`DELETE ${at}`, call),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 403));
  });

  test("a deleted chat leaves nothing behind", async () => {
    const chat = await OwnedChat.shared(server);
    await chat.link();
    await chat.expect(204, "DELETE ");
    const where = { where: { chatId: chat.id } };
    const { database } = server;
    const counts = [database.message.count(where), database.link.count(where), database.linkKey.count(where)];
    expect(await Promise.all(counts)).toEqual([0, 0, 0]);
    expect((await chat.call("GET ")).status).toBe(404);
    expect((await chat.call("DELETE ")).status).toBe(404);
  });
});

describe("R6 one answer for everything that is not for you", () => {
  test("missing, private, revoked, expired, wrong token, foreign session and none are equal byte for byte", async () => {
    const chat = await OwnedChat.shared(server);
    const [good, revoked, expiring] = [await chat.link(), await chat.link(), await chat.link()];
    await chat.expect(204, `DELETE /links/${revoked.id}`);
    await server.database.link.updateMany({
      where: { chatId: chat.id, tokenHash: Buffer.from(expiring.body.tokenHash, "base64url") },
      data: { expiresAt: new Date(Date.now() - 1) },
    });
    const unshared = await OwnedChat.create(server);
    const session = await server.guest();
    const wrongToken = newLink();
    const forged = `${good.bearer.slice(0, -4)}AAAA`;
    const cases = [
      server.call(`GET /api/chats/${newId<ChatId>()}`, { link: good.bearer }),
      server.call(`GET /api/chats/${newId<ChatId>()}`, { session }),
      server.call(`GET /api/chats/${unshared.chat}`, { session }),
      server.call(`GET /api/chats/${unshared.chat}`, { link: good.bearer }),
      server.call(`GET /api/chats/${chat.chat}`),
      server.call(`GET /api/chats/${chat.chat}`, { session }),
      server.call(`GET /api/chats/${chat.chat}`, { link: wrongToken.bearer }),
      server.call(`GET /api/chats/${chat.chat}`, { link: forged }),
      server.call(`GET /api/chats/${chat.chat}`, { session, link: revoked.bearer }),
      server.call(`GET /api/chats/${chat.chat}`, { link: revoked.bearer }),
      server.call(`GET /api/chats/${chat.chat}`, { link: expiring.bearer }),
    ];
    const seen = (await Promise.all(cases)).map(({ status, headers, bytes }) => {
      const { date: _, ...rest } = Object.fromEntries(headers);
      return JSON.stringify({ status, rest, body: bytes.toString() });
    });
    expect(new Set(seen).size).toBe(1);
    expect(seen[0]).toContain("Either it doesn't exist or you don't have access to it.");
  });
});

test("the service says what it is", async () => {
  const { body } = await server.call("GET /api/service");
  const { publicUrl, mate } = body as ServiceInfo;
  expect(publicUrl).toBe(server.url);
  expect(mate.demo).toBe(true);
  expect(mate.publicKey).toMatch(/^[\w-]{43}$/);
});
