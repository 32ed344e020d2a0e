import { randomBytes } from "node:crypto";
import { encode } from "@msgpack/msgpack";
import {
  LIMITS,
  MSGPACK,
  newId,
  SENDER_CLAIM_LENGTH,
  type SenderId,
  toBase64url,
} from "@openmates-share/protocol/wire";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { envelope, message, newLink, OwnedChat } from "./owned-chat.ts";
import { type Call, startTestServer, type TestServer } from "./test-server.ts";
import { until } from "./until.ts";

/** Stands in everything that is refused: it must not come back. */
const MARK = "zzMARKzz";

let server: TestServer;
let chat: OwnedChat;
let link: string;
beforeAll(async () => {
  server = await startTestServer();
  chat = await OwnedChat.shared(server, 2);
  link = (await chat.link()).bearer;
});
afterAll(() => server.stop());

type Bad = readonly [string, string, Call | (() => Call), status: number, code: string, says?: RegExp];

const seal = () => toBase64url(envelope({ kind: 3 }));
const preview = { title: "t", summary: "s", category: "science" };
const created = () => ({
  chat: newId(),
  owner: newId<SenderId>(),
  claim: toBase64url(randomBytes(SENDER_CLAIM_LENGTH)),
});

const bad: readonly Bad[] = [
  ["no session", "POST /api/chats", () => ({ session: "", json: created() }), 401, "unauthorized"],
  ["an unknown session", "POST /api/chats", { session: `oms_session_${"A".repeat(43)}` }, 401, "unauthorized"],
  ["a malformed session", "POST /api/chats", { session: `oms_session_${MARK}` }, 401, "unauthorized"],
  ["a bearer of no known sort", "GET ", { session: MARK }, 401, "unauthorized"],
  ["another scheme", "GET ", { headers: { authorization: `Basic ${MARK}` } }, 401, "unauthorized"],
  ["a malformed link beside the session", "GET ", { headers: { "x-share-link": MARK } }, 401, "unauthorized"],
  [
    "a link where a session is needed",
    "POST /api/chats",
    () => ({ session: link, json: created() }),
    401,
    "unauthorized",
  ],

  ["no body", "POST /api/chats", {}, 400, "bad_request"],
  ["an empty body", "POST /api/chats", { raw: "", type: "application/json" }, 400, "bad_request", /not JSON/],
  ["broken JSON", "POST /api/chats", { raw: `{"${MARK}`, type: "application/json" }, 400, "bad_request", /not JSON/],
  ["JSON that is no object", "POST /api/chats", { json: [MARK] }, 400, "bad_request"],
  ["null", "POST /api/chats", { json: null }, 400, "bad_request"],
  ["a missing field", "POST /api/chats", () => ({ json: { chat: newId() } }), 400, "bad_request", /field owner/],
  [
    "a sender that nobody claims",
    "POST /api/chats",
    () => ({ json: { ...created(), claim: undefined } }),
    400,
    "bad_request",
    /field claim/,
  ],
  [
    "a claim cut short",
    "POST /api/chats",
    () => ({ json: { ...created(), claim: MARK } }),
    400,
    "bad_request",
    /field claim/,
  ],
  ["a claim of nothing", "POST /api/chats", () => ({ json: created() }), 403, "forbidden", /holds the key/],
  [
    "a chat id that is none",
    "POST /api/chats",
    () => ({ json: { ...created(), chat: MARK } }),
    400,
    "bad_request",
    /field chat/,
  ],
  [
    "an id spelt otherwise",
    "POST /api/chats",
    () => ({ json: { ...created(), chat: `${"A".repeat(21)}B` } }),
    400,
    "bad_request",
  ],
  [
    "a field too many",
    "POST /api/chats",
    () => ({ json: { ...created(), [MARK]: 1 } }),
    400,
    "bad_request",
    /not known/,
  ],
  ["a prototype", "POST /api/chats", { raw: '{"__proto__":{"a":1}}', type: "application/json" }, 400, "bad_request"],
  ["plain text", "POST /api/chats", { raw: MARK, type: "text/plain" }, 400, "bad_request", /Content-Type/],
  ["a form", "POST /api/chats", { raw: `a=${MARK}`, type: "application/x-www-form-urlencoded" }, 400, "bad_request"],
  ["more than fits", "POST /api/chats", () => ({ json: { chat: MARK.repeat(3000) } }), 413, "too_large"],

  ["a chat id in the path that is none", `GET /api/chats/${MARK}`, {}, 400, "bad_request", /field chat/],
  ["a very long id in the path", `GET /api/chats/${"A".repeat(500)}`, {}, 404, "not_found"],
  ["a broken escape in the path", "GET /api/chats/%E0%A4%A", {}, 400, "bad_request"],
  ["a negative number", "GET ?after=-1", {}, 400, "bad_request", /field after/],
  ["a number that is none", `GET ?after=${MARK}`, {}, 400, "bad_request", /field after/],
  ["two numbers", "GET /messages?after=1&after=2", {}, 400, "bad_request", /field after/],
  ["a number beyond all", "GET /messages?after=99999999999999999999", {}, 400, "bad_request", /field after/],
  ["a number beyond the database's", "GET /messages?after=99999999999", {}, 400, "bad_request", /field after/],

  ["JSON for an upload", "POST /messages", { json: { messages: [] } }, 400, "bad_request"],
  [
    "bytes that are no MessagePack",
    "POST /messages",
    { raw: Uint8Array.of(0xc1), type: MSGPACK },
    400,
    "bad_request",
    /MessagePack/,
  ],
  ["MessagePack with a tail", "POST /messages", { raw: Uint8Array.of(0x80, 0x80), type: MSGPACK }, 400, "bad_request"],
  ["an empty page", "POST /messages", { msgpack: { messages: [] } }, 400, "bad_request", /field messages/],
  [
    "a page of too many",
    "POST /messages",
    () => ({ msgpack: { messages: many(LIMITS.pageMessages + 1) } }),
    400,
    "bad_request",
  ],
  ["a page of too many bytes", "POST /messages", () => ({ msgpack: { messages: many(5, 900_000) } }), 413, "too_large"],
  ["a body of too many bytes", "POST /messages", () => ({ msgpack: { messages: many(9, 900_000) } }), 413, "too_large"],
  [
    "an envelope of too many bytes",
    "POST /messages",
    () => ({ msgpack: one({ size: LIMITS.envelope + 1 }) }),
    400,
    "bad_request",
    /envelope/,
  ],
  [
    "an envelope as text",
    "POST /messages",
    () => ({ msgpack: { messages: [{ ...message(chat.owner), envelope: MARK }] } }),
    400,
    "bad_request",
    /messages\.0\.envelope/,
  ],
  ["an envelope too short", "POST /messages", () => ({ msgpack: one({ size: 33 }) }), 400, "bad_request"],
  ["an envelope of another version", "POST /messages", () => ({ msgpack: changed(0, 9) }), 400, "bad_request"],
  ["an envelope of no known kind", "POST /messages", () => ({ msgpack: changed(1, 9) }), 400, "bad_request"],
  ["a reply from a person", "POST /messages", () => ({ msgpack: one({ kind: 2 }) }), 400, "bad_request"],
  ["a seal as a message", "POST /messages", () => ({ msgpack: one({ kind: 3 }) }), 400, "bad_request"],

  [
    "a cut-off of no number",
    "PUT /shared",
    () => ({ json: { through: MARK, seal: seal() } }),
    400,
    "bad_request",
    /field through/,
  ],
  ["a cut-off of half a message", "PUT /shared", () => ({ json: { through: 1.5, seal: seal() } }), 400, "bad_request"],
  ["a negative cut-off", "PUT /shared", () => ({ json: { through: -1, seal: seal() } }), 400, "bad_request"],
  [
    "a cut-off beyond all",
    "PUT /shared",
    () => ({ json: { through: Number.MAX_SAFE_INTEGER, seal: seal() } }),
    400,
    "bad_request",
    /field through/,
  ],
  [
    "a seal that is no base64url",
    "PUT /shared",
    { json: { through: 2, seal: `${MARK}==` } },
    400,
    "bad_request",
    /field seal/,
  ],
  ["a seal that is no envelope", "PUT /shared", { json: { through: 2, seal: MARK } }, 400, "bad_request", /field seal/],
  [
    "a seal too large",
    "PUT /shared",
    () => ({ json: { through: 2, seal: toBase64url(envelope({ kind: 3, size: LIMITS.seal + 1 })) } }),
    400,
    "bad_request",
  ],

  [
    "a mode of no known sort",
    "POST /links",
    () => ({ json: { ...newLink().body, mode: MARK } }),
    400,
    "bad_request",
    /field mode/,
  ],
  [
    "a short token hash",
    "POST /links",
    () => ({ json: { ...newLink().body, tokenHash: "AAAA" } }),
    400,
    "bad_request",
    /field tokenHash/,
  ],
  ["no wrapped key", "POST /links", () => ({ json: { ...newLink().body, wrappedKeys: [] } }), 400, "bad_request"],
  [
    "a wrapped key of the wrong length",
    "POST /links",
    () => ({ json: { ...newLink().body, wrappedKeys: [{ epoch: 1, key: MARK }] } }),
    400,
    "bad_request",
    /wrappedKeys\.0\.key/,
  ],
  ["two keys for one epoch", "POST /links", () => ({ json: twoKeys() }), 400, "bad_request", /field wrappedKeys/],
  [
    "an epoch beyond the database's",
    "POST /links",
    () => ({
      json: { ...newLink().body, wrappedKeys: newLink().body.wrappedKeys.map((key) => ({ ...key, epoch: 2 ** 40 })) },
    }),
    400,
    "bad_request",
  ],
  [
    "an expiry in the past",
    "POST /links",
    () => ({ json: newLink({ expiresAt: 1 }).body }),
    400,
    "bad_request",
    /expiresAt/,
  ],
  [
    "an expiry after all times",
    "POST /links",
    () => ({ json: newLink({ expiresAt: Number.MAX_SAFE_INTEGER }).body }),
    400,
    "bad_request",
    /expiresAt/,
  ],
  ["a link id that is none", `DELETE /links/${MARK}`, {}, 400, "bad_request", /field link/],

  [
    "a category of no known sort",
    "PUT /preview",
    { json: { ...preview, category: MARK } },
    400,
    "bad_request",
    /category/,
  ],
  ["a title of spaces", "PUT /preview", { json: { ...preview, title: "   " } }, 400, "bad_request", /title/],
  ["a title too long", "PUT /preview", { json: { ...preview, title: "x".repeat(121) } }, 400, "bad_request", /title/],
  [
    "a summary too long",
    "PUT /preview",
    { json: { ...preview, summary: "x".repeat(301) } },
    400,
    "bad_request",
    /summary/,
  ],
  ["a preview of no chat", `GET /api/previews/${MARK}`, {}, 400, "bad_request", /field chat/],

  ["a request of no known sort", "GET /api/nothing", {}, 404, "not_found"],
  ["a method of no known sort", "PATCH /api/chats", { json: {} }, 404, "not_found"],
];

describe("bad input gets a coded answer that names the field and repeats nothing", () => {
  for (const [what, route, call, status, code, says] of bad) {
    test(what, async () => {
      const answer = await chat.call(route, typeof call === "function" ? call() : call);
      expect(answer.status).toBe(status);
      expect(answer.bytes.toString()).not.toContain(MARK);
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(answer.body).toMatchObject({ code, message: expect.stringMatching(/^[A-Z].*\.$/) });
      if (says) expect((answer.body as { message: string }).message).toMatch(says);
    });
  }

  test("nothing of all that was stored", async () => {
    expect(await server.database.message.count()).toBe(2);
    expect(await server.database.chat.count()).toBe(1);
    expect(await server.database.link.count()).toBe(1);
  });

  test("too many requests from one source are refused, with the time to wait", async () => {
    const small = await startTestServer();
    try {
      // Until it is: where all is slow, more of it is let through meanwhile.
      const refused = await until(async () => {
        const calls = Array.from({ length: 320 }, () => small.call(`GET /api/chats/${chat.chat}`));
        return (await Promise.all(calls)).find(({ status }) => status === 429);
      });
      expect(refused.body).toMatchObject({ code: "rate_limited", retryAfter: expect.any(Number) });
      expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    } finally {
      await small.stop();
    }
  });
});

function many(count: number, size = 64) {
  return Array.from({ length: count }, () => message(chat.owner, { size }));
}

function one(options: Parameters<typeof message>[1]) {
  return { messages: [message(chat.owner, options)] };
}

function changed(at: number, value: number) {
  const sent = message(chat.owner);
  sent.envelope[at] = value;
  return { messages: [sent] };
}

function twoKeys() {
  const { body } = newLink();
  return { ...body, wrappedKeys: [...body.wrappedKeys, ...body.wrappedKeys] };
}

test("MessagePack that is valid but deep or odd is refused and not followed", async () => {
  const deep = encode(Array.from({ length: 90 }).reduce<unknown>((inner) => [inner], 1));
  const raw = new Uint8Array(deep);
  expect((await chat.call("POST /messages", { raw, type: MSGPACK })).status).toBe(400);
});
