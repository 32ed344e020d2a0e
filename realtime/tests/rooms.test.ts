import {
  bearerOfLink,
  CHAT_NOT_FOUND,
  type ChatId,
  type LinkId,
  type MessageId,
  newId,
  PacketEncoder,
  type SenderId,
} from "@openmates-share/protocol/wire";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createChat, createLink, createPerson, read, type TestChat, type TestPerson, write } from "./chat-world.ts";
import { endingSoon } from "./ending-soon.ts";
import { type SocketNode, startSocketNode } from "./socket-node.ts";
import { TestClient } from "./test-client.ts";
import { until } from "./until.ts";

let world: TestDatabase;
let node: SocketNode;
beforeAll(async () => {
  world = await createTestDatabase();
  node = await startSocketNode({ databaseUrl: world.databaseUrl });
});
afterAll(async () => {
  await node.stop();
  await world.stop();
});

let clients: TestClient[];
let chat: TestChat;
beforeEach(async () => {
  clients = [];
  chat = await createChat(world.database);
});
afterEach(() => {
  for (const client of clients) client.close();
});

async function connect(person: TestPerson | null, transports?: ("websocket" | "polling")[]): Promise<TestClient> {
  const session = person?.session ?? null;
  const client = await TestClient.connect({ url: node.url, session, ...(transports ? { transports } : {}) });
  clients.push(client);
  return client;
}

async function ownerIn(): Promise<TestClient> {
  const client = await connect(chat.owner);
  await client.request("join", { chat: chat.chat, link: null, sender: chat.owner.identity.sender, after: 0 });
  return client;
}

async function memberIn(bearer: string): Promise<{ client: TestClient; person: TestPerson }> {
  const person = await createPerson(world.database);
  const client = await connect(person);
  await client.request("join", { chat: chat.chat, link: bearer, sender: person.identity.sender, after: 0 });
  return { client, person };
}

async function say(client: TestClient, by: TestPerson, text: string) {
  const message = await write(chat, { by, text });
  return { message, receipt: await client.request("send", { chat: chat.chat, message }) };
}

describe("writing together", () => {
  test("a message reaches everybody, its writer too, in the order of the numbers", async () => {
    const { bearer } = await createLink(world.database, { chat: chat.chat, mode: "collaborative" });
    const owner = await ownerIn();
    const { client: member, person } = await memberIn(bearer);
    await say(owner, chat.owner, "one");
    await say(member, person, "two");
    for (const client of [owner, member]) {
      const heard = await until(() => {
        const messages = client.heard("messages").flatMap((batch) => batch.messages);
        return messages.length === 2 && messages;
      });
      expect(heard.map(({ seq }) => seq)).toEqual([1, 2]);
      expect(await Promise.all(heard.map((message) => read(chat, message)))).toEqual(["one", "two"]);
    }
  });

  test("the writer hears the message before its acknowledgement", async () => {
    const owner = await ownerIn();
    const { receipt } = await say(owner, chat.owner, "first");
    expect(owner.heard("messages")[0]?.messages[0]?.head).toEqual(receipt.head);
    expect(receipt.seq).toBe(1);
  });

  test("sending the same again gives the same place", async () => {
    const owner = await ownerIn();
    const message = await write(chat, { by: chat.owner, text: "once" });
    const first = await owner.request("send", { chat: chat.chat, message });
    await say(owner, chat.owner, "in between");
    expect(await owner.request("send", { chat: chat.chat, message })).toEqual(first);
  });

  test("what is sent at once comes in few packets and without gaps", async () => {
    const owner = await ownerIn();
    const messages = await Promise.all(
      Array.from({ length: 50 }, (_, i) => write(chat, { by: chat.owner, text: String(i) })),
    );
    await Promise.all(messages.map((message) => owner.request("send", { chat: chat.chat, message })));
    const batches = owner.heard("messages");
    expect(batches.flatMap((batch) => batch.messages.map(({ seq }) => seq))).toEqual(
      Array.from({ length: 50 }, (_, i) => i + 1),
    );
    expect(batches.length).toBeLessThan(25);
  });

  test("somebody who was away gets what came after the number asked for", async () => {
    const owner = await ownerIn();
    for (const text of ["a", "b", "c"]) await say(owner, chat.owner, text);
    const again = await connect(chat.owner);
    const joined = await again.request("join", { chat: chat.chat, link: null, sender: null, after: 1 });
    expect(joined.role).toBe("owner");
    expect(joined.page.before.seq).toBe(1);
    expect(joined.page.through).toBe(3);
    expect(await Promise.all(joined.page.messages.map((message) => read(chat, message)))).toEqual(["b", "c"]);
    const { page } = await again.request("history", { chat: chat.chat, after: 2 });
    expect(page.messages.map(({ seq }) => seq)).toEqual([3]);
  });

  test("it works over polling too", async () => {
    const client = await connect(chat.owner, ["polling"]);
    await client.request("join", { chat: chat.chat, link: null, sender: chat.owner.identity.sender, after: 0 });
    const { message } = await say(client, chat.owner, "slowly");
    const [heard] = (await client.hears("messages")).messages;
    expect(new Uint8Array(heard?.envelope ?? [])).toEqual(message.envelope);
  });
});

describe("presence and typing", () => {
  test("coming and going are told once, however many tabs", async () => {
    const { bearer } = await createLink(world.database, { chat: chat.chat, mode: "collaborative" });
    const owner = await ownerIn();
    const { client: first, person } = await memberIn(bearer);
    const { sender } = person.identity;
    const second = await connect(person);
    const joined = await second.request("join", { chat: chat.chat, link: null, sender, after: 0 });
    expect(new Set(joined.present)).toEqual(new Set([sender, chat.owner.identity.sender]));
    await second.request("join", { chat: chat.chat, link: null, sender, after: 0 });
    first.close();
    await second.request("leave", { chat: chat.chat });
    await owner.hears("presence", (change) => change.sender === sender && !change.present);
    expect(owner.heard("presence").filter((change) => change.sender === sender)).toEqual([
      { chat: chat.chat, sender, present: true },
      { chat: chat.chat, sender, present: false },
    ]);
  });

  test("typing reaches the others", async () => {
    const { bearer } = await createLink(world.database, { chat: chat.chat, mode: "collaborative" });
    const owner = await ownerIn();
    const { client: member, person } = await memberIn(bearer);
    await member.request("typing", { chat: chat.chat, typing: true });
    const change = { chat: chat.chat, sender: person.identity.sender, typing: true };
    expect(await owner.hears("typing")).toEqual(change);
    expect(member.heard("typing")).toEqual([]);
  });
});

describe("coming and going without waiting for the answers", () => {
  test("who leaves while still coming in is out, and who comes again after that is in", async () => {
    const { bearer } = await createLink(world.database, { chat: chat.chat, mode: "collaborative" });
    const owner = await ownerIn();
    const { client, person } = await memberIn(bearer);
    const { sender } = person.identity;
    const join = () => client.request("join", { chat: chat.chat, link: bearer, sender, after: 0 });
    const leave = () => client.request("leave", { chat: chat.chat });
    await Promise.all([leave(), join(), leave()]);
    const message = await write(chat, { by: person, text: "out" });
    expect(await client.refusal("send", { chat: chat.chat, message })).toBe("forbidden");
    const last = () => owner.heard("presence").findLast((change) => change.sender === sender);
    await until(() => last()?.present === false);

    await Promise.all([join(), leave(), join()]);
    expect((await say(client, person, "in")).receipt.seq).toBe(1);
    await until(() => last()?.present === true);
  });

  test("who comes in many times at once is in, and writes on, whatever changes in the chat meanwhile", async () => {
    const { bearer } = await createLink(world.database, { chat: chat.chat, mode: "collaborative" });
    const { client, person } = await memberIn(bearer);
    const { sender } = person.identity;
    const change = () => node.revocations.publish({ type: "link-changed", chat: chat.chat, link: newId<LinkId>() });
    const changing = setInterval(change, 1);
    try {
      for (let round = 1; round <= 5; round++) {
        const joins = Array.from({ length: 4 }, () =>
          client.request("join", { chat: chat.chat, link: bearer, sender, after: 0 }),
        );
        const said = say(client, person, `round ${round}`);
        await Promise.all(joins);
        expect((await said).receipt.seq).toBe(round);
      }
    } finally {
      clearInterval(changing);
    }
    expect(client.heard("removed")).toEqual([]);
  });
});

describe("readers of the shared part", () => {
  test("get no more than is shared, and hear nothing but that it grew", async () => {
    const { bearer } = await createLink(world.database, { chat: chat.chat, mode: "read-only" });
    const owner = await ownerIn();
    for (const text of ["shared", "private"]) await say(owner, chat.owner, text);
    await world.database.chat.updateMany({ data: { sharedThrough: 1 } });
    const reader = await connect(null);
    const joined = await reader.request("join", { chat: chat.chat, link: bearer, sender: null, after: 0 });
    expect(joined.role).toBe("reader");
    expect(joined.page.through).toBe(1);
    expect(await Promise.all(joined.page.messages.map((message) => read(chat, message)))).toEqual(["shared"]);
    expect([joined.present, joined.asks]).toEqual([[], []]);

    await say(owner, chat.owner, "later");
    await owner.request("typing", { chat: chat.chat, typing: true });
    const seal = new Uint8Array([1, 2, 3]);
    await world.database.chat.updateMany({ data: { sharedThrough: 3, seal } });
    node.revocations.publish({ type: "chat-changed", chat: chat.chat });
    const changed = await reader.hears("changed");
    expect({ ...changed, seal: [...(changed.seal ?? [])] }).toMatchObject({
      chat: chat.chat,
      sharedThrough: 3,
      seal: [1, 2, 3],
      closed: false,
      successions: new Uint8Array(0),
      offeredTo: null,
    });
    const { page } = await reader.request("history", { chat: chat.chat, after: 1 });
    expect(page.messages.map(({ seq }) => seq)).toEqual([2, 3]);
    for (const event of ["messages", "typing", "presence", "ask", "delta"] as const) {
      expect(reader.heard(event), event).toEqual([]);
    }
  });

  test("stay readers whatever sender they name", async () => {
    const { bearer } = await createLink(world.database, { chat: chat.chat, mode: "read-only" });
    const person = await createPerson(world.database);
    const client = await connect(person);
    const { sender } = person.identity;
    const joined = await client.request("join", { chat: chat.chat, link: bearer, sender, after: 0 });
    expect(joined.role).toBe("reader");
    const message = await write(chat, { by: person, text: "let me" });
    expect(await client.refusal("send", { chat: chat.chat, message })).toBe("forbidden");
    expect(await client.refusal("typing", { chat: chat.chat, typing: true })).toBe("forbidden");
  });
});

describe("R5: revoking", () => {
  test("drops those who came by the link, at once, and nobody else", async () => {
    const revoked = await createLink(world.database, { chat: chat.chat, mode: "collaborative" });
    const other = await createLink(world.database, { chat: chat.chat, mode: "collaborative" });
    const owner = await ownerIn();
    const { client: out, person } = await memberIn(revoked.bearer);
    const { client: stays } = await memberIn(other.bearer);
    const silent = await connect(null);
    await silent.request("join", { chat: chat.chat, link: revoked.bearer, sender: null, after: 0 });

    await world.database.link.updateMany({
      where: { tokenHash: { not: new Uint8Array(0) }, id: { equals: idOf(revoked.link) } },
      data: { revokedAt: new Date() },
    });
    node.revocations.publish({ type: "link-revoked", chat: chat.chat, link: revoked.link });
    await say(owner, chat.owner, "among us");

    await stays.hears("messages");
    for (const client of [out, silent]) {
      expect(await client.hears("removed")).toEqual({ chat: chat.chat });
      expect(await client.refusal("history", { chat: chat.chat, after: 0 })).toBe("forbidden");
      const again = { chat: chat.chat, link: revoked.bearer, sender: null, after: 0 };
      expect(await client.refusal("join", again)).toBe("not_found");
      expect(client.heard("messages")).toEqual([]);
    }
    const message = await write(chat, { by: person, text: "still here?" });
    expect(await out.refusal("send", { chat: chat.chat, message })).toBe("forbidden");
    await stays.settled();
    expect(stays.heard("removed")).toEqual([]);
    const { sender } = person.identity;
    await owner.hears("presence", (change) => change.sender === sender && !change.present);
  });

  test("a deleted chat is gone for everybody in it", async () => {
    const owner = await ownerIn();
    await world.database.chat.deleteMany({ where: { id: idOf(chat.chat) } });
    node.revocations.publish({ type: "chat-deleted", chat: chat.chat });
    expect(await owner.hears("removed")).toEqual({ chat: chat.chat });
  });

  test("a link that has expired ends what came by it", async () => {
    const person = await createPerson(world.database);
    const client = await connect(person);
    const { expiresAt } = await endingSoon(async (end) => {
      const { bearer } = await createLink(world.database, { chat: chat.chat, mode: "collaborative", expiresAt: end });
      await client.request("join", { chat: chat.chat, link: bearer, sender: person.identity.sender, after: 0 });
    });
    expect(await client.hears("removed")).toEqual({ chat: chat.chat });
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt.getTime());
    expect(await client.refusal("typing", { chat: chat.chat, typing: true })).toBe("forbidden");
  });
});

describe("who is not let in", () => {
  test("a session that is not valid is refused at the door", async () => {
    const client = new TestClient({ url: node.url, session: "oms_session_nothing" });
    clients.push(client);
    const error = await new Promise<Error & { data?: unknown }>((resolve) =>
      client.socket.once("connect_error", resolve),
    );
    expect(error.data).toMatchObject({ code: "unauthorized" });
  });

  test.each([
    ["bad_request", 5],
    ["bad_request", {}],
    ["bad_request", ["a"]],
  ])("a handshake without a proper session is a %s (%j)", async (code, session) => {
    const client = new TestClient({ url: node.url, session: session as never });
    clients.push(client);
    const error = await new Promise<Error & { data?: unknown }>((resolve) =>
      client.socket.once("connect_error", resolve),
    );
    expect(error.data).toMatchObject({ code });
  });

  test("missing, private, wrong token and malformed bearer are one answer (R6)", async () => {
    const { link } = await createLink(world.database, { chat: chat.chat, mode: "collaborative" });
    const stranger = await connect(await createPerson(world.database));
    const joins = [
      { chat: newId<ChatId>(), link: null },
      { chat: chat.chat, link: null },
      { chat: chat.chat, link: bearerOfLink({ link, token: new Uint8Array(32) }) },
      { chat: chat.chat, link: bearerOfLink({ link: newId<LinkId>(), token: new Uint8Array(32) }) },
      { chat: chat.chat, link: "oms_link_x" },
    ];
    for (const join of joins) {
      expect(await stranger.raw("join", { ...join, sender: null, after: 0 })).toEqual({
        ok: false,
        error: { code: "not_found", message: CHAT_NOT_FOUND },
      });
    }
  });

  test("nobody acts in a chat without having joined it", async () => {
    const stranger = await connect(await createPerson(world.database));
    const message = await write(chat, { by: chat.owner, text: "hello" });
    const ask = newId();
    const context = [{ role: "user", name: "", text: "x" }];
    const keys = { replyKey: new Uint8Array(32), wrappedReplyKey: new Uint8Array(60), epoch: 1 };
    const events: readonly [string, object][] = [
      ["send", { message }],
      ["history", { after: 0 }],
      ["typing", { typing: true }],
      ["ask", { ask, message: message.id, ...keys, context, model: null }],
      ["stop", { ask }],
    ];
    for (const [event, request] of events) {
      expect(await stranger.refusal(event, { chat: chat.chat, ...request }), event).toBe("forbidden");
    }
  });

  test("nobody writes as somebody else", async () => {
    const { bearer } = await createLink(world.database, { chat: chat.chat, mode: "collaborative" });
    const { client, person } = await memberIn(bearer);
    const message = await write(chat, { by: chat.owner, text: "I am the owner" });
    expect(await client.refusal("send", { chat: chat.chat, message })).toBe("forbidden");
    const own = await write(chat, { by: person, text: "x" });
    const renamed = { ...own, sender: newId<SenderId>() };
    expect(await client.refusal("send", { chat: chat.chat, message: renamed })).toBe("forbidden");
    const { sender } = chat.owner.identity;
    const join = { chat: chat.chat, link: bearer, sender, after: 0 };
    expect(await client.refusal("join", join)).toBe("forbidden");
  });
});

describe("what is not a request", () => {
  const id = newId<MessageId>();
  const cases: readonly [string, unknown][] = [
    ["join", undefined],
    ["join", null],
    ["join", "chat"],
    ["join", []],
    ["join", { chat: "short", link: null, sender: null, after: 0 }],
    ["join", { chat: id, link: null, sender: null }],
    ["join", { chat: id, link: 7, sender: null, after: 0 }],
    ["join", { chat: id, link: "x".repeat(201), sender: null, after: 0 }],
    ["join", { chat: id, link: null, sender: null, after: -1 }],
    ["join", { chat: id, link: null, sender: null, after: 1.5 }],
    ["join", { chat: id, link: null, sender: null, after: Number.NaN }],
    ["join", { chat: id, link: null, sender: null, after: 0, extra: true }],
    ["leave", { chat: 1 }],
    ["send", { chat: id }],
    ["send", { chat: id, message: { id, sender: id, envelope: "text" } }],
    ["send", { chat: id, message: { id, sender: id, envelope: new Uint8Array(0) } }],
    ["history", { chat: id, after: "0" }],
    ["typing", { chat: id, typing: "yes" }],
    ["ask", { chat: id, ask: id }],
    ["stop", { chat: id, ask: null }],
    ["nothing", { chat: id }],
    ["constructor", {}],
    ["__proto__", {}],
  ];
  test.each(cases)("%s with %j is a bad request", async (event, request) => {
    const client = await connect(null);
    expect(await client.refusal(event, request)).toBe("bad_request");
    expect(client.socket.connected).toBe(true);
  });

  test("an envelope that is none is a bad request", async () => {
    const owner = await ownerIn();
    const { sender } = chat.owner.identity;
    const message = { id: newId<MessageId>(), sender, envelope: new Uint8Array([9, 9, 9]) };
    expect(await owner.refusal("send", { chat: chat.chat, message })).toBe("bad_request");
  });

  test("an event without an acknowledgement is done all the same", async () => {
    const owner = await ownerIn();
    owner.socket.emit("send", { chat: chat.chat, message: await write(chat, { by: chat.owner, text: "no answer" }) });
    owner.socket.emit("send", "rubbish");
    owner.socket.emit("nothing");
    await owner.hears("messages");
    await owner.settled();
  });

  test("an event of Socket.IO's own ends the connection and leaves everybody else alone", async () => {
    const owner = await ownerIn();
    const rude = await connect(null);
    const ended = new Promise((resolve) => rude.socket.once("disconnect", resolve));
    // The client's own `emit` refuses the name, so the packet is put together by hand.
    const [frame] = new PacketEncoder().encode({ type: 2, nsp: "/", data: ["disconnect", "mine"] });
    rude.socket.io.engine.write(Buffer.from(frame));
    await ended;
    await say(owner, chat.owner, "still there");
  });

  test.each([
    ["text", "rubbish"],
    ["bytes that are no packet", Buffer.from([0xc1, 0xff])],
    ["an array without end", Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff])],
  ])("a frame of %s ends the connection and leaves everybody else alone", async (_, frame) => {
    const owner = await ownerIn();
    const rude = await connect(null);
    const ended = new Promise((resolve) => rude.socket.once("disconnect", resolve));
    rude.socket.io.engine.write(frame);
    await ended;
    await say(owner, chat.owner, "still there");
  });

  test("too many at once are told to wait", async () => {
    const owner = await ownerIn();
    const results = (await Promise.all(
      Array.from({ length: 60 }, () => owner.raw("typing", { chat: chat.chat, typing: true })),
    )) as { ok: boolean; error?: { code: string; retryAfter: number } }[];
    const refused = results.filter((result) => !result.ok);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.error).toMatchObject({ code: "rate_limited", retryAfter: 1 });
  });
});

test("somebody who does not take what is said is let go, comes back and has missed nothing", async () => {
  const { bearer } = await createLink(world.database, { chat: chat.chat, mode: "collaborative" });
  const { client: slow, person } = await memberIn(bearer);
  const owner = await ownerIn();
  const ended = new Promise((resolve) => slow.socket.once("disconnect", resolve));
  // The transport's own socket, below everything that Socket.IO does: from here on nothing is read.
  const { ws } = slow.socket.io.engine.transport as unknown as { ws: { pause(): void; resume(): void } };
  ws.pause();
  const gone = owner.hears("presence", (change) => change.sender === person.identity.sender && !change.present);
  let count = 0;
  const ownersFlood = async () => {
    for (; owner.heard("presence").every((change) => change.present); count++) {
      if (count === 150) throw new Error("The slow client was never let go.");
      await say(owner, chat.owner, "x".repeat(600_000));
    }
  };
  await Promise.all([ownersFlood(), gone]);
  ws.resume();
  await ended;
  await until(() => slow.socket.connected);
  const { sender } = person.identity;
  const { page } = await slow.request("join", { chat: chat.chat, link: null, sender, after: count - 1 });
  expect(page.messages.map(({ seq }) => seq)).toEqual([count]);
});

test("a stopped node lets go of everything, and may be stopped twice", async () => {
  const other = await startSocketNode({ databaseUrl: world.databaseUrl });
  const client = await TestClient.connect({ url: other.url, session: chat.owner.session });
  clients.push(client);
  const ended = new Promise((resolve) => client.socket.once("disconnect", resolve));
  await other.stop();
  expect(await ended).toBe("io server disconnect");
});

function idOf(id: ChatId | LinkId): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(id, "base64url"));
}
