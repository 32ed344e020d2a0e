import { createHash } from "node:crypto";
import { decode, encode } from "@msgpack/msgpack";
import { type MessageId, memoryStore, type Room, ShareClient } from "@openmates-share/client";
import { idBytes, newId, TOMBSTONE_LENGTH, tombstoneOf } from "@openmates-share/protocol/wire";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Meddler, startMeddler } from "./meddler.ts";
import { live, messagesOf, ShareWorld, says, shareChat, textsOf } from "./share-world.ts";
import { until } from "./until.ts";

let world: ShareWorld;
let meddler: Meddler | null = null;
beforeAll(async () => {
  world = await ShareWorld.start();
});
afterEach(async () => {
  await world.closeClients();
  await meddler?.stop();
  meddler = null;
});
afterAll(() => world.stop());

function idAt(room: Room, seq: number): MessageId {
  const message = messagesOf(room)[seq - 1];
  if (!message) throw new Error(`number ${seq} is there`);
  return message.id;
}

function bodyAt(room: Room, seq: number) {
  return messagesOf(room)[seq - 1]?.body;
}

async function storedLength(room: Room, seq: number): Promise<number | undefined> {
  const where = { chatId_seq: { chatId: idBytes(room.chat), seq } };
  return (await world.database.database.message.findUnique({ where }))?.envelope.length;
}

async function isErased(room: Room, seq: number): Promise<boolean> {
  return (await storedLength(room, seq)) === TOMBSTONE_LENGTH;
}

/** A server's page with a tombstone in the place of its second message. */
function withTombstone(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const answer = decode(body) as { messages?: Stored[]; page?: { messages: Stored[] } };
  const [, second] = answer.page?.messages ?? answer.messages ?? [];
  if (second) {
    const digest = new Uint8Array(createHash("sha256").update(second.envelope).digest());
    second.envelope = tombstoneOf({ kind: second.envelope[1] ?? 0, digest });
  }
  return new Uint8Array(encode(answer));
}

interface Stored {
  envelope: Uint8Array;
}

/** A fetch that remembers the session it was used with. */
function remembering(): { fetch: typeof fetch; authorization: string } {
  const remembered = {
    authorization: "",
    fetch: ((input, init) => {
      const sent = new Headers(init?.headers).get("authorization");
      if (sent?.includes("oms_session_")) remembered.authorization = sent;
      return fetch(input, init);
    }) as typeof fetch,
  };
  return remembered;
}

/** The owner at one node, Grace at the other. */
async function two() {
  const owner = world.client();
  const { chat, url, room } = await shareChat(owner);
  const session = remembering();
  const member = world.client({ node: 1, fetch: session.fetch });
  const grace = await live(member.open(url, { name: "Grace" }));
  return { owner, chat, url, room, session, grace };
}

describe("C11 an edit", () => {
  test("is seen at the other node, now and by whoever comes later, with its time and what was attached", async () => {
    const { url, room, grace } = await two();
    const id = await grace.send("Helo");
    await says(room, "Helo");
    const before = Date.now();
    await grace.edit(id, "Hello");
    await grace.edit(id, "Hello!");
    for (const one of [room, grace, await live(world.client().open(url, { name: "Late" }))]) {
      await says(one, "Hello!");
      expect(textsOf(one)).not.toContain("Helo");
      const edited = messagesOf(one).find((message) => message.id === id)?.edited;
      expect(edited?.time).toBeGreaterThanOrEqual(before);
      await until(() => one.state.integrity.state === "sealed");
    }
    expect((await room.asking()).defaultContext(id).at(-1)?.text).toBe("Hello!");
  });

  test("of somebody else's message, or of an answer, is refused by the client and ignored by readers", async () => {
    const { room, grace } = await two();
    await expect(grace.edit(idAt(room, 1), "Mine now")).rejects.toMatchObject({ code: "not_allowed" });
    await expect(grace.redact(idAt(room, 1))).rejects.toMatchObject({ code: "not_allowed" });
    const id = await grace.send("Grace’s");
    await says(room, "Grace’s");
    await expect(room.edit(id, "The owner’s")).rejects.toMatchObject({ code: "not_allowed" });
    await expect(grace.edit(newId<MessageId>(), "Nobody’s")).rejects.toMatchObject({ code: "not_allowed" });
    const ask = await room.ask(await room.send("@OpenMates hello"));
    const reply = await until(() => messagesOf(room).find(({ body }) => body.type === "reply" && body.ask === ask));
    await expect(room.edit(reply.id, "I said otherwise")).rejects.toMatchObject({ code: "not_allowed" });
  });

  test("made while the line is down goes out in order, once", async () => {
    const owner = world.client();
    const { url, room } = await shareChat(owner);
    meddler = await startMeddler(world.urlOf(1));
    const client = new ShareClient({ server: meddler.url, store: memoryStore() });
    const grace = await live(client.open(url, { name: "Grace" }));
    const id = await grace.send("First");
    await says(room, "First");
    meddler.refuse = { code: "unavailable", message: "Away." };
    meddler.cut();
    await until(() => grace.state.connection === "offline");
    const work = [grace.edit(id, "Second"), grace.send("Between"), grace.edit(id, "Third")];
    await until(() => grace.state.amending.length === 2);
    expect(grace.state.amending).toMatchObject([
      { target: id, text: "Second", state: "waiting" },
      { target: id, text: "Third", state: "waiting" },
    ]);
    meddler.refuse = null;
    await Promise.all(work);
    await says(room, "Third");
    await until(() => grace.state.amending.length === 0);
    const kinds = messagesOf(room)
      .slice(3)
      .map(({ body }) => (body.type === "content" ? body.content.type : body.type));
    expect(kinds).toEqual(["message", "edit", "message", "edit"]);
    expect(textsOf(room).slice(3)).toEqual(["Third", "Between"]);
    await client.close();
  });
});

describe("C12 a redaction", () => {
  test("takes a message away for everybody, whatever it is edited to later, and the bytes go", async () => {
    const { owner, url, room, grace } = await two();
    const id = await grace.send("secret");
    await says(room, "secret");
    const { seq } = messagesOf(room).find((message) => message.id === id) ?? { seq: 0 };
    await Promise.all([grace.redact(id), grace.edit(id, "still secret")]);
    await until(() => isErased(room, seq));
    await owner.updateShared(room.chat);
    for (const one of [room, grace, await live(world.client().open(url, { name: "Late" }))]) {
      await until(() => bodyAt(one, seq)?.type === "redacted");
      expect(bodyAt(one, seq)).toMatchObject({ by: "sender" });
      expect(textsOf(one).join()).not.toContain("secret");
      await until(() => one.state.integrity.state === "sealed");
    }
    const context = (await room.asking()).defaultContext(idAt(room, room.state.messages.through));
    expect(context.map(({ text }) => text)).not.toContain("secret");
  });

  test("by the owner removes anybody's message and says whose doing it is", async () => {
    const { room, grace } = await two();
    const id = await grace.send("rude");
    await says(room, "rude");
    await room.redact(id);
    await until(() => messagesOf(grace).some(({ body }) => body.type === "redacted" && body.by === "owner"));
    expect(textsOf(grace)).not.toContain("rude");
  });
});

describe("C13 the cut-off holds for edits and redactions", () => {
  test("a read-only reader gets them with the next update, and what is shared is erased only then", async () => {
    const owner = world.client();
    const { chat, url, room } = await shareChat(owner, { mode: "read-only" });
    const reader = await live(world.client({ node: 1 }).open(url));
    await room.edit(idAt(room, 1), "One, edited");
    await room.redact(idAt(room, 3));
    await says(room, "One, edited");
    const late = await live(world.client({ node: 1 }).open(url));
    for (const one of [reader, late]) expect(textsOf(one)).toEqual(["One", "Two", "Three"]);
    expect(await isErased(room, 3)).toBe(false);
    expect((await owner.previewOfUpdate(chat)).messages.map(({ body }) => body)).toMatchObject([
      { content: { type: "edit" } },
      { content: { type: "redaction" } },
    ]);
    await owner.updateShared(chat);
    await until(() => isErased(room, 3));
    for (const one of [reader, late, await live(world.client().open(url))]) {
      await says(one, "One, edited");
      expect(textsOf(one)).toEqual(["One, edited", "Two"]);
      await until(() => one.state.integrity.state === "sealed");
      const read: string[] = [];
      for await (const page of one.read()) read.push(...page.map(({ body }) => body.type));
      expect(read).toEqual(["content", "content", "redacted", "content", "content"]);
    }
  });
});

describe("T9 the server erases", () => {
  test("only for whoever took the message back, and only what may be erased", async () => {
    const { room, session, grace } = await two();
    await grace.join("Gracie");
    await grace.redact(await grace.send("taken back"));
    expect(session.authorization).not.toBe("");
    const mine = await grace.send("mine");
    await says(room, "mine");
    const seq = room.state.messages.through;
    const erase = async (message: MessageId, amendment: MessageId, authorization = session.authorization) => {
      const path = `/api/chats/${room.chat}/messages/${message}?amendment=${amendment}`;
      const headers = authorization ? { authorization } : {};
      return (await fetch(world.urlOf(0) + path, { method: "DELETE", headers })).status;
    };
    const join = messagesOf(room).find(({ body }) => body.type === "content" && body.content.type === "join");
    if (!join) throw new Error("Grace has joined");
    // Behind no amendment, an amendment in front, another's message, an amendment itself, nobody's.
    expect(await erase(mine, mine)).toBe(403);
    expect(await erase(mine, join.id)).toBe(403);
    expect(await erase(idAt(room, 1), join.id)).toBe(403);
    expect(await erase(join.id, join.id)).toBe(403);
    expect(await erase(newId<MessageId>(), join.id)).toBe(403);
    expect(await erase(mine, join.id, "")).toBe(404);
    expect(await isErased(room, seq)).toBe(false);
  });
});

describe("T10 a server that keeps a message back", () => {
  test("without a word of its writer is shown as a liar", async () => {
    const owner = world.client();
    const { url } = await shareChat(owner);
    meddler = await startMeddler(world.urlOf(0));
    meddler.alter = (path, body) => (/\/api\/chats\/[^/]+(\/messages.*)?$/.test(path) ? withTombstone(body) : body);
    const client = new ShareClient({ server: meddler.url, store: memoryStore() });
    const room = await client.open(url);
    await until(() => room.state.integrity.state === "violated");
    expect(room.state.integrity).toMatchObject({ code: "head_mismatch" });
    expect(textsOf(room)).toEqual(["One", "(head_mismatch)", "Three"]);
    await client.close();
  });
});
