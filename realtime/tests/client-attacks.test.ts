import { decode, encode } from "@msgpack/msgpack";
import {
  ClientError,
  memoryStore,
  messageText,
  type Room,
  type RoomState,
  ShareClient,
  textParts,
} from "@openmates-share/client";
import { identifyLink, parseShareUrl } from "@openmates-share/protocol/link";
import { bearerOfLink, MSGPACK, newId } from "@openmates-share/protocol/wire";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Meddler, startMeddler } from "./meddler.ts";
import { TestClient } from "./test-client.ts";
import { startTestServer, type TestServer } from "./test-server.ts";
import { until } from "./until.ts";

/** A reader, and a member, whose server is a stranger in the middle; the owner talks to the real one. */
let server: TestServer;
let meddler: Meddler;
let owner: ShareClient;
let member: ShareClient;
let owners: Room;
let link: string;
let linkId: Awaited<ReturnType<ShareClient["share"]>>["link"];
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server.stop();
});
beforeEach(async () => {
  meddler = await startMeddler(server.url);
  owner = new ShareClient({ server: server.url, store: memoryStore() });
  member = new ShareClient({ server: meddler.url, store: memoryStore() });
  const shared = await owner.share(conversation("It begins."), { mode: "collaborative", name: "Ada" });
  link = shared.url;
  linkId = shared.link;
  owners = await owner.reopen(shared.chat);
  await live(owners);
});
afterEach(async () => {
  await Promise.all([owner.close(), member.close()]);
  await meddler.stop();
});

function conversation(...texts: string[]) {
  const messages = texts.map((text) => ({
    role: "user" as const,
    name: "",
    parts: textParts(text),
    time: null,
    model: null,
  }));
  return { title: "T", messages };
}

function texts({ messages }: RoomState): string[] {
  return messages.loaded.flatMap(({ body }) =>
    body.type === "content" && body.content.type === "message" ? [messageText(body.content)] : [],
  );
}

async function live(room: Room): Promise<Room> {
  await until(() => room.state.connection === "live" && room.state.complete);
  return room;
}

describe("somebody who writes while the line", () => {
  test("stands but the chat is not joined yet has it sent after joining", async () => {
    const first = await live(await member.open(link, { name: "Grace" }));
    const second = await owner.share(conversation("Second."), { mode: "collaborative" });
    const room = await member.open(second.url, { name: "Grace" });
    await room.send("at once");
    await until(() => texts(room.state).includes("at once"));
    expect(room.state.pending).toEqual([]);
    first.close();
  });

  test("has come back but the chat is not joined again yet has it sent after joining", async () => {
    const room = await live(await member.open(link, { name: "Grace" }));
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    meddler.hold = (event) => (event === "join" ? held : Promise.resolve());
    const before = meddler.handshakes;
    meddler.cut();
    await until(() => meddler.handshakes > before);
    const sent = room.send("in between");
    await until(() => room.state.pending.length === 1);
    release();
    await sent;
    // It waits until it is seen among the others.
    await until(() => texts(room.state).includes("in between"));
    expect(room.state.pending).toEqual([]);
  });

  test("is refused by a server without its database is let in when that is back", async () => {
    const room = await live(await member.open(link, { name: "Grace" }));
    meddler.refuse = { code: "unavailable", message: "No database." };
    meddler.cut();
    await until(() => meddler.handshakes > 1);
    const sent = room.send("patiently");
    meddler.refuse = null;
    await sent;
    await live(room);
  });
});

describe("what waits", () => {
  test("is told when the room is closed", async () => {
    meddler.hold = () => new Promise(() => {});
    const room = await member.open(link, { name: "Grace" });
    const waiting = room.whenLive();
    room.close();
    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
    await expect(room.whenLive()).rejects.toMatchObject({ code: "aborted" });
    await expect(room.send("late")).rejects.toBeInstanceOf(ClientError);
  });

  test("is told when the chat has ended", async () => {
    const room = await live(await member.open(link, { name: "Grace" }));
    meddler.hold = (event) => (event === "send" ? new Promise(() => {}) : Promise.resolve());
    const sending = expect(room.send("never arrives")).rejects.toMatchObject({ code: "not_found" });
    await owner.revokeLink(room.chat, linkId);
    await until(() => room.state.connection === "ended");
    await sending;
    expect(room.state.pending).toMatchObject([{ text: "never arrives", state: { refused: expect.any(String) } }]);
    await expect(room.whenLive()).rejects.toMatchObject({ code: "not_found" });
  });

  test("is told when the client is closed while it opens", async () => {
    const opening = member.open(link, { name: "Grace" });
    await member.close();
    await expect(opening).rejects.toMatchObject({ code: "aborted" });
    expect(meddler.handshakes).toBe(0);
  });
});

test("a chat of one and a chat to read opened at once stand on one line that may write", async () => {
  const other = await owner.share(conversation("Read."), { mode: "read-only" });
  const [, room] = await Promise.all([member.open(other.url), member.open(link, { name: "Grace" })]);
  await room.send("written");
  await until(() => texts(owners.state).includes("written"));
});

test("a room whose history does not come at first comes in when it does", async () => {
  const long = conversation(...Array.from({ length: 650 }, (_, i) => `message ${i}`));
  const { url } = await owner.share(long, { mode: "collaborative" });
  let refused = 0;
  meddler.forge = (path) => {
    if (!path.includes("/spine")) return null;
    refused++;
    return { status: 503, type: "text/plain", body: "down" };
  };
  const room = await member.open(url, { name: "Grace" });
  await until(() => refused >= 2);
  meddler.forge = null;
  await room.send("hello");
  await until(() => room.state.messages.through > 650);
  await until(() => room.state.integrity.state === "sealed");
});

test("a proxy that refuses for a while does not end a chat", async () => {
  const long = conversation(...Array.from({ length: 450 }, (_, i) => `message ${i}`));
  const { url } = await owner.share(long, { mode: "read-only" });
  let refused = 0;
  meddler.forge = (path) => {
    if (!path.includes("/spine")) return null;
    refused++;
    return { status: 403, type: "text/html", body: "<html>Please sign in to this network" };
  };
  const room = await member.open(url);
  await until(() => refused > 0);
  meddler.forge = null;
  expect((await room.whenComplete()).messages.through).toBe(450);
  await live(room);
});

test("an answer of which a piece got lost goes on once the rest is known", async () => {
  const room = await live(await member.open(link, { name: "Grace" }));
  let lost = false;
  meddler.lose = (event) => {
    if (event !== "delta" || lost) return false;
    lost = true;
    return true;
  };
  await owners.ask(await owners.send("@OpenMates hello"));
  await until(() => room.state.answers.some(({ text }) => text.length > 20));
  expect(lost).toBe(true);
});

test("the same link opened twice at once is two rooms of one person", async () => {
  const rooms = await Promise.all([member.open(link, { name: "Grace" }), member.open(link, { name: "Grace" })]);
  await Promise.all(rooms.map(live));
  expect(rooms[0].state.me).toBe(rooms[1].state.me);
  await rooms[0].send("one");
  await until(() => texts(rooms[1].state).includes("one"));
  rooms[0].close();
  await owners.send("two");
  await until(() => texts(rooms[1].state).includes("two"));
});

describe("an honest server is not taken for a liar when the owner shares more", () => {
  let chat: Room["chat"];
  let readOnly: string;
  beforeEach(async () => {
    ({ chat } = owners);
    readOnly = (await owner.createLink(chat, { mode: "read-only" })).url;
  });

  async function shareMore(text: string): Promise<void> {
    await owners.send(text);
    await owner.updateShared(chat);
  }

  async function readsSealed(room: Room, ...expected: string[]): Promise<void> {
    await until(() => room.state.messages.through === expected.length && room.state.integrity.state !== "checking");
    await room.load(1, expected.length);
    expect(texts(room.state)).toEqual(expected);
    expect(room.state.integrity).toMatchObject({ state: "sealed" });
  }

  test("while a reader was away", async () => {
    const room = await live(await member.open(readOnly));
    const before = meddler.handshakes;
    meddler.refuse = { code: "unavailable", message: "Away." };
    meddler.cut();
    await until(() => meddler.handshakes > before);
    await shareMore("more");
    meddler.refuse = null;
    await readsSealed(room, "It begins.", "more");
  });

  test("between what a reader gets in two answers", async () => {
    let first: unknown = null;
    meddler.alter = (path, body) => {
      if (!path.includes("after=0")) return body;
      const opened = decode(body) as { page: unknown };
      first ??= opened.page;
      return encode({ ...opened, page: first });
    };
    (await member.open(readOnly)).close();
    await shareMore("more");
    await readsSealed(await member.open(readOnly, { live: false }), "It begins.", "more");
  });

  test("while a reader still loads", async () => {
    const long = Array.from({ length: 250 }, (_, i) => `message ${i}`);
    const shared = await owner.share(conversation(...long), { mode: "read-only" });
    owners = await live(await owner.reopen(shared.chat));
    ({ chat } = owners);
    let more: Promise<void> | null = null;
    meddler.before = async (path) => {
      if (!path.includes("/spine")) return;
      more ??= shareMore("more");
      await more;
    };
    await readsSealed(await member.open(shared.url, { live: false }), ...long);
    await readsSealed(await member.open(shared.url), ...long, "more");
  });

  test("and a member hears of that before what was shared", async () => {
    const room = await live(await member.open(link, { name: "Grace" }));
    meddler.lose = (event) => event === "messages";
    await shareMore("more");
    await readsSealed(room, "It begins.", "more");
  });

  test("twice, and a reader hears of the second first", async () => {
    const room = await live(await member.open(readOnly));
    const heard: unknown[] = [];
    const watching = new TestClient({ url: server.url, session: null });
    watching.socket.on("changed", (change: unknown) => heard.push(change));
    const bearer = await bearerOf(readOnly, chat);
    await watching.request("join", { chat, link: bearer, sender: null, after: 0 });
    await shareMore("more");
    await shareMore("and more");
    await until(() => heard.length === 2);
    meddler.say("changed", heard[0]);
    await room.whenLive();
    await owner.updateShared(chat);
    await readsSealed(room, "It begins.", "more", "and more");
    watching.close();
  });
});

async function bearerOf(url: string, chat: Room["chat"]): Promise<string> {
  return bearerOfLink(await identifyLink({ linkKey: parseShareUrl(url).key, subject: chat }));
}

describe("a server that answers", () => {
  const garbage: Record<string, { type: string; body: string | Uint8Array }> = {
    "a web page": { type: "text/html", body: "<html>Sign in to this network" },
    "nothing at all": { type: "application/json", body: "" },
    null: { type: MSGPACK, body: encode(null) },
    "JSON of another sort": { type: "application/json", body: '{"mate":null}' },
    "a list": { type: MSGPACK, body: encode([1, 2, 3]) },
    bytes: { type: MSGPACK, body: new Uint8Array([0xc1, 0xff]) },
  };
  for (const [what, forged] of Object.entries(garbage)) {
    test(`${what} is an error with a sentence, whatever was asked`, async () => {
      meddler.forge = () => ({ status: 200, ...forged });
      const asked = [
        () => member.open(link),
        () => member.service(),
        () => member.share(conversation("x"), { mode: "read-only" }),
        () => member.preview(owners.chat),
      ];
      for (const ask of asked) await expect(ask()).rejects.toBeInstanceOf(ClientError);
    });
  }

  test("pages that never get anywhere is found out and not asked for ever", async () => {
    const room = await live(await member.open(link, { name: "Grace" }));
    let pages = 0;
    meddler.forge = (path) => {
      if (!path.includes("/spine")) return null;
      pages++;
      const body = encode({ after: 1, entries: new Uint8Array(0), through: 1_000_000 });
      return { status: 200, type: MSGPACK, body };
    };
    meddler.say("messages", { chat: room.chat, messages: [forgedMessage(900)] });
    await until(() => room.state.integrity.state === "violated");
    expect(pages).toBeLessThan(3);
  });
});

function forgedMessage(seq: number) {
  return { seq, id: newId(), sender: newId(), envelope: new Uint8Array(100), head: new Uint8Array(32), storedAt: 0 };
}

describe("a server that lies on the socket", () => {
  test("with things that are no events of ours changes nothing and breaks nothing", async () => {
    const room = await live(await member.open(link, { name: "Grace" }));
    const { chat } = room;
    const nonsense = [null, undefined, 7, "x", [], {}, { chat }, { chat, messages: null }, { chat, messages: [null] }];
    const more = [
      { chat, messages: [{ seq: 2 }] },
      { chat, messages: [{ ...forgedMessage(2), envelope: "text" }] },
      { chat, deltas: [null] },
      { deltas: [{ chat }] },
      { deltas: [{ chat, ask: "x", stream: "y", index: -1, sealed: null }] },
      { chat, ask: null, status: null },
      {
        chat,
        ask: newId(),
        message: newId(),
        status: { state: "running", stream: newId(), wrappedReplyKey: 1, epoch: 1 },
      },
      { chat, ask: newId(), message: newId(), status: { state: "failed", message: { toString: 1 } } },
      { chat, ask: newId(), message: newId(), status: { state: "constructor" } },
      { chat, sender: {}, present: true },
      { chat, sender: "<b>", present: "yes" },
      { chat, sharedThrough: "9", seal: "x" },
      { chat, sharedThrough: 2 ** 60, seal: null },
    ];
    const before = JSON.stringify({ ...room.state, connection: 0 });
    for (const payload of [...nonsense, ...more]) {
      for (const event of ["messages", "delta", "ask", "presence", "typing", "changed"] as const) {
        meddler.say(event, payload);
      }
    }
    await owners.send("still here");
    await until(() => texts(room.state).includes("still here"));
    expect(room.state.integrity.state).not.toBe("violated");
    const { answers, people, sharedThrough } = room.state;
    expect({ answers, sharedThrough }).toEqual({ answers: [], sharedThrough: JSON.parse(before).sharedThrough });
    expect(people.length).toBe(JSON.parse(before).people.length);
  });

  test("about another chat changes nothing in this one", async () => {
    const room = await live(await member.open(link, { name: "Grace" }));
    const chat = newId();
    meddler.say("removed", { chat });
    meddler.say("messages", { chat, messages: [forgedMessage(2)] });
    meddler.say("changed", { chat, sharedThrough: 5, seal: null });
    await owners.send("after");
    await until(() => texts(room.state).includes("after"));
    expect(room.state.connection).toBe("live");
    expect(room.state.integrity.state).not.toBe("violated");
  });

  test("with a message of its own shows it as broken or forged, never as somebody's words", async () => {
    const room = await live(await member.open(link, { name: "Grace" }));
    meddler.say("messages", { chat: room.chat, messages: [forgedMessage(2)] });
    await until(() => room.state.integrity.state === "violated");
    expect(texts(room.state)).toEqual(["It begins."]);
  });

  test("by running an answered ask again shows no second answer", async () => {
    const room = await live(await member.open(link, { name: "Grace" }));
    const message = await owners.send("@OpenMates hello");
    const ask = await owners.ask(message);
    await until(() => room.state.messages.loaded.some(({ body }) => body.type === "reply"));
    await until(() => room.state.answers.length === 0);
    const status = { state: "running", stream: newId(), wrappedReplyKey: new Uint8Array(60), epoch: 1 };
    meddler.say("ask", { chat: room.chat, ask, message, status });
    await owners.send("after");
    await until(() => texts(room.state).includes("after"));
    expect(room.state.answers).toEqual([]);
  });

  test("by running an ask under a key that is none leaves the chat as it is", async () => {
    const room = await live(await member.open(link, { name: "Grace" }));
    const status = { state: "running", stream: newId(), wrappedReplyKey: new Uint8Array(60), epoch: 77 };
    meddler.say("ask", { chat: room.chat, ask: newId(), message: newId(), status });
    await owners.send("after");
    await until(() => texts(room.state).includes("after"));
  });
});
