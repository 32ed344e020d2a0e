import { encode } from "@msgpack/msgpack";
import { KIND, LIMITS, type LinkId, newId, PacketEncoder, type SenderId } from "@openmates-share/protocol/wire";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { CLOSE_CODES } from "../src/socket/end-connection.ts";
import type { ClientEvent } from "../src/socket/line.ts";
import { SOCKET_LIMITS } from "../src/socket/socket-limits.ts";
import {
  createChat,
  createLink,
  createPerson,
  read,
  type TestChat,
  type TestLink,
  type TestPerson,
  write,
} from "./chat-world.ts";
import { message } from "./owned-chat.ts";
import { CLIENT_EVENTS, WELL_FORMED } from "./socket-events.ts";
import { type SocketNode, startSocketNode } from "./socket-node.ts";
import { TestClient } from "./test-client.ts";
import { until } from "./until.ts";

/** The room that everything is aimed at, and in which two people must notice nothing of it. */
let world: TestDatabase;
let node: SocketNode;
let chat: TestChat;
let writers: TestLink;
let readers: TestLink;
let witness: TestClient;
let lost = 0;
const clients: TestClient[] = [];

beforeAll(async () => {
  world = await createTestDatabase();
  node = await startSocketNode({ databaseUrl: world.databaseUrl });
  chat = await createChat(world.database);
  writers = await createLink(world.database, { chat: chat.chat, mode: "collaborative" });
  readers = await createLink(world.database, { chat: chat.chat, mode: "read-only" });
  witness = await TestClient.connect({ url: node.url, session: chat.owner.session });
  await witness.request("join", { chat: chat.chat, link: null, sender: chat.owner.identity.sender, after: 0 });
  witness.socket.on("disconnect", () => lost++);
});
afterAll(async () => {
  witness.close();
  await node.stop();
  await world.stop();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  // What was said by what is tested may still be on its way.
  await witness.settled();
  const before = witness.heard("messages").flatMap(({ messages }) => messages).length;
  const message = await write(chat, { by: chat.owner, text: "still here" });
  await witness.request("send", { chat: chat.chat, message });
  const heard = witness.heard("messages").flatMap(({ messages }) => messages);
  expect(await Promise.all(heard.slice(before).map((each) => read(chat, each)))).toEqual(["still here"]);
  expect(lost).toBe(0);
  expect(node.log.lines.filter((line) => line.includes("failed"))).toEqual([]);
});

async function connect(session: string | null): Promise<TestClient> {
  const client = await TestClient.connect({ url: node.url, session });
  clients.push(client);
  return client;
}

/** A person with a connection; its account's limits are untouched. */
async function stranger(): Promise<{ client: TestClient; sender: SenderId; person: TestPerson }> {
  const person = await createPerson(world.database);
  return { client: await connect(person.session), sender: person.identity.sender, person };
}

async function joined(link: TestLink): ReturnType<typeof stranger> {
  const whoever = await stranger();
  const { client, sender } = whoever;
  await client.request("join", { chat: chat.chat, link: link.bearer, sender, after: 0 });
  return whoever;
}

/** What answers an event: the code of its refusal, or "ok". */
async function answerTo(client: TestClient, event: string, request: unknown): Promise<string> {
  const result = (await client.raw(event, request)) as { ok: boolean; error?: { code: string; message: string } };
  if (result.ok) return "ok";
  expect(result.error?.message).toMatch(/^[A-Z].*\.$/);
  return result.error?.code ?? "none";
}

type Situation = "not joined" | "another room" | "a reader" | "removed";

/** Who is asked what: the same for all events but those that come in, go, and read. */
const REFUSED: Record<Situation, string> = {
  "not joined": "forbidden",
  "another room": "forbidden",
  "a reader": "forbidden",
  removed: "forbidden",
};
const ANSWERS: Partial<Record<ClientEvent, Record<Situation, string>>> = {
  join: { "not joined": "not_found", "another room": "not_found", "a reader": "not_found", removed: "not_found" },
  // Going is always allowed, and tells nobody whether there was anything to leave.
  leave: { "not joined": "ok", "another room": "ok", "a reader": "ok", removed: "ok" },
  history: { ...REFUSED, "a reader": "ok" },
};

async function inSituation(situation: Situation): Promise<{ client: TestClient; sender: SenderId }> {
  switch (situation) {
    case "not joined":
      return stranger();
    case "another room": {
      const other = await createChat(world.database);
      const link = await createLink(world.database, { chat: other.chat, mode: "collaborative" });
      const { client, sender } = await stranger();
      await client.request("join", { chat: other.chat, link: link.bearer, sender, after: 0 });
      return { client, sender };
    }
    case "a reader":
      return joined(readers);
    case "removed": {
      const link = await createLink(world.database, { chat: chat.chat, mode: "collaborative" });
      const { client, sender } = await joined(link);
      await world.database.link.updateMany({
        where: { id: new Uint8Array(Buffer.from(link.link, "base64url")) },
        data: { revokedAt: new Date() },
      });
      node.revocations.publish({ type: "link-revoked", chat: chat.chat, link: link.link as LinkId });
      await client.hears("removed");
      return { client, sender };
    }
  }
}

describe.each(CLIENT_EVENTS)("the event %s", (event) => {
  const situations: readonly Situation[] = ["not joined", "another room", "a reader", "removed"];
  test.each(situations)("from somebody who is: %s", async (situation) => {
    const { client, sender } = await inSituation(situation);
    const request = WELL_FORMED[event]({ chat: chat.chat, sender });
    const expected = (ANSWERS[event] ?? REFUSED)[situation];
    expect(await answerTo(client, event, request)).toBe(expected);
    expect(client.heard("messages")).toEqual([]);
  });

  test("with anything but its request is a bad request, from whomever", async () => {
    const { client, sender } = await joined(writers);
    for (const nonsense of [undefined, null, 7, "chat", [], {}, [{}], new Uint8Array(9)]) {
      expect(await answerTo(client, event, nonsense)).toBe("bad_request");
    }
    const request = WELL_FORMED[event]({ chat: chat.chat, sender });
    expect(await answerTo(client, event, { ...request, extra: 1 })).toBe("bad_request");
  });

  test("with a field that is missing, of another sort or too long is a bad request that quotes nothing", async () => {
    const { sender } = await stranger();
    const request = WELL_FORMED[event]({ chat: chat.chat, sender });
    for (const field of Object.keys(request)) {
      // One account each: what is refused counts towards its limits.
      const { client } = await stranger();
      const { [field]: _, ...without } = request;
      expect(await answerTo(client, event, without), `without ${field}`).toBe("bad_request");
      for (const value of [{ zzMARKzz: 1 }, [null], 1.5, -7, "zzMARKzz".repeat(1000), new Uint8Array(3), Number.NaN]) {
        const result = JSON.stringify(await client.raw(event, { ...request, [field]: value }));
        expect(result, `${field}: ${JSON.stringify(value).slice(0, 40)}`).toContain('"bad_request"');
        expect(result).not.toContain("MARK");
      }
    }
  });

  test("in a flood is refused with the time to wait", async () => {
    const { client, sender } = await joined(writers);
    const { capacity, perSecond } = SOCKET_LIMITS[event];
    const request = WELL_FORMED[event]({ chat: chat.chat, sender });
    // Without a valid field: what is no request counts, too. Until it is refused: where all is slow, more is let through.
    let passed = 0;
    const refused = await until(async () => {
      const flood = Array.from({ length: capacity + 40 + perSecond }, (_, i) =>
        client.raw(event, i % 2 ? {} : { ...request }),
      );
      const results = (await Promise.all(flood)) as { ok: boolean; error?: { code: string; retryAfter?: number } }[];
      const tooMany = results.filter(({ error }) => error?.code === "rate_limited");
      passed += results.length - tooMany.length;
      return tooMany.length > 0 && tooMany;
    });
    for (const { error } of refused) expect(error?.retryAfter).toBeGreaterThanOrEqual(1);
    expect(passed).toBeGreaterThan(capacity / 2);
    expect(client.socket.connected).toBe(true);
  });
});

describe("what is too large", () => {
  test("in a message is refused", async () => {
    const { client, sender } = await joined(writers);
    const request = WELL_FORMED.send({ chat: chat.chat, sender });
    const envelope = new Uint8Array(LIMITS.envelope + 1).fill(1);
    const message = { ...(request.message as object), envelope };
    expect(await answerTo(client, "send", { ...request, message })).toBe("bad_request");
  });

  test("in a context is refused", async () => {
    const { client, sender, person } = await joined(writers);
    const message = await write(chat, { by: person, text: "@OpenMates hello" });
    await client.request("send", { chat: chat.chat, message });
    const entry = { role: "user", name: "", text: "x".repeat(LIMITS.contextBytes + 1) };
    const request = { ...WELL_FORMED.ask({ chat: chat.chat, sender }), message: message.id, context: [entry] };
    expect(await answerTo(client, "ask", request)).toBe("too_large");
    const many = Array.from({ length: LIMITS.contextMessages + 1 }, () => ({ ...entry, text: "" }));
    expect(await answerTo(client, "ask", { ...request, context: many })).toBe("bad_request");
  });

  test("in one frame ends the connection with a code", async () => {
    const { client } = await joined(writers);
    const ended = endOf(client);
    client.socket.io.engine.write(Buffer.from(frameOf("send", { text: "x".repeat(2 << 20) })));
    expect(await ended).toBe(1009);
  });

  test("in many messages is refused before it fills the disk", async () => {
    const { client, sender } = await joined(writers);
    const envelope = new Uint8Array(LIMITS.envelope).fill(1);
    const sendMany = (count: number) =>
      Promise.all(
        Array.from({ length: count }, () =>
          answerTo(client, "send", { chat: chat.chat, message: { id: newId(), sender, envelope } }),
        ),
      );
    // They are of an epoch that the chat has not, so none is stored; the last ones are not even looked at.
    expect(await sendMany(60)).toEqual(Array(60).fill("stale_epoch"));
    await until(async () => (await sendMany(10)).includes("rate_limited"));
  });
});

test("a chat takes so much from its members together, by however many accounts, and then from its owner alone", async () => {
  const flooded = await createChat(world.database);
  const link = await createLink(world.database, { chat: flooded.chat, mode: "collaborative" });
  const member = async () => {
    const { client, sender } = await stranger();
    await client.request("join", { chat: flooded.chat, link: link.bearer, sender, after: 0 });
    return { client, sender };
  };
  const amendment = (sender: SenderId) => {
    const envelope = new Uint8Array(LIMITS.envelope);
    envelope.set([1, KIND.amendment, 0, 0, 0, 1]);
    return { chat: flooded.chat, message: { id: newId(), sender, envelope } };
  };
  const first = await member();
  // Of 2,560 units each. What is sent twice is stored, and counted, once.
  const once = amendment(first.sender);
  for (let count = 0; count < 3; count++) await first.client.request("send", once);
  for (let count = 1; count < 19; count++) await first.client.request("send", amendment(first.sender));
  expect(await first.client.refusal("send", amendment(first.sender))).toBe("rate_limited");
  const second = await member();
  expect(await second.client.refusal("send", amendment(second.sender))).toBe("rate_limited");
  // Who says a few words still can.
  await second.client.request("send", { chat: flooded.chat, message: message(second.sender) });
  const owner = await connect(flooded.owner.session);
  const { sender } = flooded.owner.identity;
  await owner.request("join", { chat: flooded.chat, link: null, sender, after: 20 });
  await owner.request("send", amendment(sender));
});

describe("what is no packet ends the connection", () => {
  const frames: readonly [string, string | Uint8Array][] = [
    ["text", "rubbish"],
    ["no MessagePack", Uint8Array.of(0xc1, 0xff)],
    ["half a packet", frameOf("typing", { chat: "x" }).subarray(0, 20)],
    ["a packet and a half", Buffer.concat([frameOf("typing", {}), Uint8Array.of(0x81)])],
    ["a list of four thousand million", Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff)],
    ["a map of four thousand million", Uint8Array.of(0xdf, 0xff, 0xff, 0xff, 0xff)],
    ["a text of four thousand million", Uint8Array.of(0xdb, 0xff, 0xff, 0xff, 0xff)],
    ["a thousand lists in lists", new Uint8Array(1000).fill(0x91)],
    ["a million lists in lists", new Uint8Array(1_000_000).fill(0x91)],
    ["ten thousand long lists side by side", bombs(10_000)],
    ["a value that is no packet", encode(5)],
    ["a packet of no known type", encode({ type: 9, nsp: "/" })],
    ["a packet without an event", encode({ type: 2, nsp: "/", data: [] })],
    ["an event of no name", encode({ type: 2, nsp: "/", data: [{}] })],
    ["an event of Socket.IO's own", encode({ type: 2, nsp: "/", data: ["disconnecting", {}] })],
    ["an acknowledgement number that is none", encode({ type: 2, nsp: "/", data: ["typing", {}], id: 1.5 })],
    ["a second handshake", encode({ type: 0, nsp: "/", data: { session: null } })],
    ["an event for another namespace", encode({ type: 2, nsp: "/admin", data: ["typing", {}] })],
  ];
  test.each(frames)("%s", async (_, frame) => {
    const { client } = await joined(writers);
    const ended = endOf(client);
    client.socket.io.engine.write(typeof frame === "string" ? frame : Buffer.from(frame));
    await ended;
  });
});

describe("a flood ends the connection with a code", () => {
  const floods: readonly [string, (client: TestClient) => void][] = [
    ["of events that are none", (client) => client.socket.emit("nothing")],
    ["of requests that are none, unanswered", (client) => client.socket.emit("typing", 1)],
    [
      "of acknowledgements",
      (client) => client.socket.io.engine.write(Buffer.from(encode({ type: 3, nsp: "/", data: [], id: 1 }))),
    ],
    ["of pings", (client) => webSocketOf(client).ping()],
  ];
  test.each(floods)("%s", async (_, send) => {
    const { client } = await joined(writers);
    let code: number | null = null;
    void endOf(client).then((ending) => {
      code = ending;
    });
    // Until it ends: where all is slow, less comes in a second, and more of it is let through.
    await until(() => {
      for (let i = 0; i < 2_500 && code === null; i++) send(client);
      return code !== null;
    });
    expect(code).toBe(CLOSE_CODES.policy);
  });

  test("of handshakes on one connection, of which the first is taken", async () => {
    const client = new TestClient({ url: node.url, session: null });
    clients.push(client);
    const opened = new Promise<void>((resolve) => client.socket.io.once("open", () => resolve()));
    await opened;
    const connect = Buffer.from(encode({ type: 0, nsp: "/", data: { session: chat.owner.session } }));
    const ended = endOf(client);
    for (let i = 0; i < 50; i++) client.socket.io.engine.write(connect);
    await ended;
  });
});

function bombs(count: number): Uint8Array {
  const header = Uint8Array.of(0xdd, 0x00, 0x00, 0xff, 0xff);
  const frame = new Uint8Array(3 + count * header.length);
  frame.set([0xdc, count >> 8, count & 0xff]);
  for (let i = 0; i < count; i++) frame.set(header, 3 + i * header.length);
  return frame;
}

function frameOf(event: string, request: unknown): Uint8Array {
  return new PacketEncoder().encode({ type: 2, nsp: "/", data: [event, request], id: 1 })[0];
}

/** Resolves with the code that the connection was closed with. */
async function endOf(client: TestClient): Promise<number> {
  return new Promise((resolve) => webSocketOf(client).on("close", resolve));
}

/** The transport's own socket, below everything that Socket.IO does. */
function webSocketOf(client: TestClient): { ping(): void; on(event: "close", listener: (code: number) => void): void } {
  return (client.socket.io.engine.transport as unknown as { ws: ReturnType<typeof webSocketOf> }).ws;
}

test("presence of all who came and were thrown out is settled in the end", async () => {
  await until(async () => {
    const again = await witness.request("join", {
      chat: chat.chat,
      link: null,
      sender: chat.owner.identity.sender,
      after: LIMITS.seq,
    });
    return again.present.length === 1;
  });
});
