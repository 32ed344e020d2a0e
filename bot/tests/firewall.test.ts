import { randomBytes } from "node:crypto";
import { memoryStore, ShareClient, textParts } from "@openmates-share/client";
import { PACKET_PARSER, SOCKET_PATH } from "@openmates-share/protocol/wire";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { findLeaks, type Secret, type Trace } from "@openmates-share/testing/leak-search";
import { type Meddler, startMeddler } from "@openmates-share/testing/meddler";
import { startRedis, type TestRedis } from "@openmates-share/testing/redis";
import { monitorRedis, type RedisMonitor } from "@openmates-share/testing/redis-monitor";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { signatureHeaders } from "../demo/slack-signature.ts";
import { PASSWORD_ACTION } from "../src/screens/field-names.ts";
import { BotKey } from "../src/stores/bot-key.ts";
import { prismaStores } from "../src/stores/prisma-stores.ts";
import type { Stores } from "../src/stores/stores.ts";
import { type RunningBot, startWithSlack } from "./running-bot.ts";

/**
 * R10: whatever Slack sends, keys and passwords stay out of logs, database, Redis and requests, at debug level, in retries
 * and in failures. On real parts: what is grepped is what an operator would find.
 */

const PASSWORD = "correct horse battery";
const HUSH = "words of a private message";

let database: TestDatabase;
let redis: TestRedis;
let monitor: RedisMonitor;
let server: ServerProcess;
/** Between the bot and the server: hears all that the bot says to it. */
let line: Meddler;
let running: RunningBot;
/** A chat of somebody else's, with a card: its link is what people paste. */
let link: string;
let key: string;
/** Makes the next claim of an unfurl crash, with the link in its words. */
let crash = false;
const said: Buffer[] = [];
const printed: string[] = [];

beforeAll(async () => {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    vi.spyOn(stream, "write").mockImplementation((...args: unknown[]) => {
      printed.push(String(args[0]));
      return (write as (...args: unknown[]) => boolean)(...args);
    });
  }
  [database, redis] = await Promise.all([createTestDatabase(), startRedis()]);
  monitor = await monitorRedis(redis.url);
  const { databaseUrl } = database;
  server = await startServer({ databaseUrl, redisUrl: redis.url, env: { LOG_LEVEL: "debug" } });
  line = await startMeddler(server.url, { path: SOCKET_PATH, parser: PACKET_PARSER });
  line.hears = (words) => said.push(Buffer.from(words));
  link = await shareAChat();
  key = new URL(link).hash.replace("#key=", "");
  const stores = crashing(prismaStores({ databaseUrl, key: new BotKey(randomBytes(32)) }));
  running = await startWithSlack({ serverUrl: line.url, logLevel: "debug", stores });
});
afterEach(() => {
  running.slack.calls.length = 0;
});
afterAll(async () => {
  await running?.stop();
  monitor?.stop();
  await line?.stop();
  await Promise.all([server?.stop(), redis?.stop()]);
  await database?.stop();
  vi.restoreAllMocks();
});

async function shareAChat(): Promise<string> {
  const client = new ShareClient({ server: server.url, store: memoryStore() });
  const message = { role: "user", name: "Ada", parts: textParts("Hello"), time: null, model: null } as const;
  const preview = { title: "A chat", summary: "For everybody", category: "science" } as const;
  const { url } = await client.share({ title: "A chat", messages: [message] }, { mode: "collaborative", preview });
  await client.close();
  return url;
}

function crashing(stores: Stores): Stores {
  const claim: Stores["unfurls"]["claim"] = async (spot) => {
    if (crash) throw new Error(`no room for ${link} of ${JSON.stringify(spot)}`, { cause: link });
    return stores.unfurls.claim(spot);
  };
  return { ...stores, unfurls: { release: (spot) => stores.unfurls.release(spot), claim } };
}

/** The key in full and in part, for it may be cut or encoded somewhere; and what else only people may read. */
function secrets(): Secret[] {
  return [
    { name: "key", value: key },
    { name: "key, as bytes", value: Buffer.from(key, "base64url") },
    { name: "the beginning of the key", value: key.slice(0, 11) },
    { name: "password", value: PASSWORD },
  ];
}

const hush: Secret = { name: "somebody's words", value: HUSH };

/** Requests of the app to Slack, without those two that have to repeat a link as it was given. */
function otherRequests(): string {
  const repeats = new Set(["chat.unfurl", "chat.postMessage"]);
  const calls = running.slack.calls.filter(({ method }) => !repeats.has(method));
  // Not what Slack answered: it holds the messages, links and all.
  return JSON.stringify(calls.map(({ method, parameters }) => [method, parameters]));
}

/** What can be looked at after each request. */
function expectNoTrace(): void {
  const logs = [trace("the log", running.log.join("\n")), trace("the output", printed.join("\n"))];
  const requests = [
    { name: "requests to the server", bytes: Buffer.concat(said) },
    trace("requests to Slack", otherRequests()),
  ];
  expect(findLeaks([...logs, ...requests], secrets())).toEqual([]);
  expect(findLeaks(logs, [hush])).toEqual([]);
}

/** What is left behind by all of them. */
async function expectNothingKept(): Promise<void> {
  const kept: Trace[] = [
    { name: "the database", bytes: await database.dump() },
    { name: "the Redis traffic", bytes: await monitor.read() },
    trace("the server's log", server.output()),
  ];
  for (const { name, bytes } of kept) expect([name, bytes.length > 1000]).toEqual([name, true]);
  expect(findLeaks(kept, [...secrets(), hush])).toEqual([]);
}

function trace(name: string, text: string): Trace {
  return { name, bytes: Buffer.from(text) };
}

let events = 0;
const event = (inner: object) => ({
  body: JSON.stringify({
    type: "event_callback",
    team_id: "T1",
    api_app_id: "A1",
    event_id: `Ev${++events}`,
    event_time: 1,
    event: inner,
  }),
  type: "application/json",
});
const interaction = (payload: object) => ({
  body: new URLSearchParams({
    payload: JSON.stringify({ team: { id: "T1" }, user: { id: "U1", team_id: "T1" }, ...payload }),
  }).toString(),
  type: "application/x-www-form-urlencoded",
});
const text = () =>
  `${HUSH} <${link}|${link}> ${encodeURIComponent(link)} ${link.replace("#", "%23").replace("=", "%3D")}`;
const richText = () => [
  {
    type: "rich_text",
    elements: [{ type: "rich_text_section", elements: [{ type: "link", url: link, text: link }] }],
  },
];

/** One of every sort of request that Slack sends, with keys wherever a person's text may be. */
const SAMPLES: [string, () => { body: string; type: string }][] = [
  [
    "link_shared",
    () =>
      event({
        type: "link_shared",
        channel: "C1",
        user: "U1",
        message_ts: "1.1",
        links: [{ url: link, domain: "127.0.0.1" }],
      }),
  ],
  [
    "link_shared in a draft",
    () =>
      event({
        type: "link_shared",
        channel: "COMPOSER",
        user: "U1",
        message_ts: "d",
        unfurl_id: "d",
        source: "composer",
        links: [{ url: link }],
      }),
  ],
  [
    "link_shared that is damaged",
    () => event({ type: "link_shared", channel: "C1", user: "U1", message_ts: "1.1", links: link }),
  ],
  ["message", () => event({ type: "message", channel: "C1", user: "U1", ts: "1.1", text: text(), blocks: richText() })],
  [
    "message_changed",
    () =>
      event({
        type: "message",
        subtype: "message_changed",
        channel: "C1",
        message: { text: text() },
        previous_message: { text: text() },
      }),
  ],
  [
    "app_mention",
    () => event({ type: "app_mention", channel: "C1", user: "U1", ts: "1.1", text: `<@U0OPENMATES> ${text()}` }),
  ],
  [
    "a reply in a thread",
    () =>
      event({
        type: "message",
        channel: "C1",
        user: "U1",
        ts: "1.2",
        thread_ts: "1.1",
        text: text(),
        blocks: richText(),
      }),
  ],
  [
    "message_deleted",
    () =>
      event({
        type: "message",
        subtype: "message_deleted",
        channel: "C1",
        deleted_ts: "1.2",
        previous_message: { ts: "1.2", thread_ts: "1.1", text: text() },
      }),
  ],
  [
    "a direct message",
    () => event({ type: "message", channel_type: "im", channel: "D1", user: "U1", ts: "1.1", text: text() }),
  ],
  [
    "a reaction",
    () => event({ type: "reaction_added", user: "U1", reaction: link, item: { channel: "C1", ts: "1.1" } }),
  ],
  ["the Home tab", () => event({ type: "app_home_opened", user: "U1", tab: "home", view: { blocks: richText() } })],
  [
    "an event of an organisation, shared with others",
    () =>
      event({
        type: "message",
        channel: "C1",
        user: "W1",
        user_team: "T2",
        source_team: "T2",
        ts: "1.1",
        text: text(),
      }),
  ],
  [
    "the shortcut that shares a thread",
    () =>
      interaction({
        type: "message_action",
        callback_id: "share_thread",
        channel: { id: "C1", name: "general" },
        trigger_id: "t",
        response_url: "http://127.0.0.1:1/",
        message: { ts: "1.1", text: text(), blocks: richText() },
      }),
  ],
  [
    "the shortcut that mirrors one",
    () =>
      interaction({
        type: "message_action",
        callback_id: "mirror_thread",
        channel: { id: "C1", name: "general" },
        trigger_id: "t",
        response_url: "http://127.0.0.1:1/",
        message: { ts: "1.1", text: text(), blocks: richText() },
      }),
  ],
  [
    "a change of a form of ours, with a password in it",
    () =>
      interaction({
        type: "block_actions",
        actions: [{ action_id: "audience" }],
        view: {
          id: "V1",
          hash: "1",
          callback_id: "share_form",
          private_metadata: JSON.stringify({ channel: "C1", responseUrl: null, thread: null }),
          state: {
            values: {
              title: { title: { value: link } },
              mode: { mode: { selected_option: { value: "read-only" } } },
              audience: { audience: { selected_option: { value: "me" } } },
              [PASSWORD_ACTION]: { [PASSWORD_ACTION]: { type: "plain_text_input", value: PASSWORD } },
            },
          },
        },
      }),
  ],
  [
    "a password for a link",
    () =>
      interaction({
        type: "view_submission",
        view: {
          id: "V1",
          callback_id: "lock_form",
          private_metadata: link,
          state: { values: { [PASSWORD_ACTION]: { [PASSWORD_ACTION]: { value: PASSWORD } } } },
        },
      }),
  ],
  ["app_uninstalled", () => event({ type: "app_uninstalled" })],
  ["tokens_revoked", () => event({ type: "tokens_revoked", tokens: { bot: ["U1"], oauth: [] } })],
  [
    "a message shortcut",
    () =>
      interaction({
        type: "message_action",
        callback_id: "x",
        channel: { id: "C1" },
        message: { text: text(), blocks: richText() },
      }),
  ],
  [
    "a click",
    () =>
      interaction({
        type: "block_actions",
        channel: { id: "C1" },
        response_url: "http://127.0.0.1:1/",
        actions: [{ action_id: "open_link", url: link }],
      }),
  ],
  [
    "a click of ours that is damaged",
    () =>
      interaction({
        type: "block_actions",
        response_url: "http://127.0.0.1:1/",
        actions: [{ action_id: "stop_sharing", value: link }],
      }),
  ],
  [
    "a form of ours that is damaged",
    () =>
      interaction({
        type: "view_submission",
        view: {
          id: "V1",
          callback_id: "share_form",
          private_metadata: text(),
          state: {
            values: { [PASSWORD_ACTION]: { [PASSWORD_ACTION]: { type: "plain_text_input", value: PASSWORD } } },
          },
        },
      }),
  ],
  [
    "a form of somebody else",
    () =>
      interaction({
        type: "view_submission",
        view: { id: "V1", callback_id: "x", state: { values: { a: { b: { value: text() } } } } },
      }),
  ],
  [
    "a command of ours",
    () => ({
      body: new URLSearchParams({
        command: "/share",
        text: `stop ${text()}`,
        user_id: "U1",
        channel_id: "C1",
        team_id: "T1",
        response_url: "http://127.0.0.1:1/",
        trigger_id: "t",
      }).toString(),
      type: "application/x-www-form-urlencoded",
    }),
  ],
  [
    "a command of somebody else",
    () => ({
      body: new URLSearchParams({
        command: "/other",
        text: text(),
        user_id: "U1",
        channel_id: "C1",
        team_id: "T1",
      }).toString(),
      type: "application/x-www-form-urlencoded",
    }),
  ],
  ["something that is no JSON", () => ({ body: `{"text": "${text()}`, type: "application/json" })],
  ["something without a type", () => ({ body: JSON.stringify({ text: text() }), type: "application/json" })],
];

test.concurrent.each(SAMPLES)("%s leaves no trace, sent once and sent again", async (_, sample) => {
  const request = sample();
  await running.slack.deliver(request);
  const sign = () => ({
    ...signatureHeaders({ secret: running.slack.signingSecret, timestamp: seconds(), body: request.body }),
    "x-slack-retry-num": "1",
    "x-slack-retry-reason": "http_timeout",
  });
  await running.slack.deliver({ ...request, sign });
  await running.bot.idle();
  expectNoTrace();
});

test.concurrent.each(SAMPLES)("%s with a wrong signature leaves no trace and is refused", async (_, sample) => {
  const sign = () => ({
    "x-slack-request-timestamp": String(seconds()),
    "x-slack-signature": `v0=${"0".repeat(64)}`,
  });
  expect((await running.slack.deliver({ ...sample(), sign })).status).toBe(401);
  expectNoTrace();
});

const seconds = () => Math.floor(Date.now() / 1000);

test("the log says that things went wrong, so the silence above is not that of a dead log", () => {
  expect(running.log.some((line) => line.startsWith("bot error A request failed"))).toBe(true);
  expect(running.log.some((line) => line.startsWith("bot debug http request"))).toBe(true);
});

test("a handler that crashes with a link in its words leaves no trace", async () => {
  crash = true;
  const before = running.log.length;
  await running.slack.say({ person: "ada", channel: "general", text: `<${link}>` });
  await running.bot.idle();
  crash = false;
  expect(running.log.slice(before).join()).toContain("A request failed: Error: no room for");
  expectNoTrace();
});

test("the key does get to where it is needed: under the message, and into a card", async () => {
  await running.slack.say({ person: "ada", channel: "random", text: `<${link}>` });
  await running.slack.until("the unfurl", () => running.slack.calls.find(({ method }) => method === "chat.unfurl"));
  expect(JSON.stringify(running.slack.calls)).toContain(key);
  await running.slack.command({ person: "ada", channel: "random", text: link });
  const post = await running.slack.until("the card", () =>
    running.slack.calls.find(({ method }) => method === "chat.postMessage"),
  );
  expect(JSON.stringify(post.parameters)).toContain(key);
  await running.bot.idle();
  expectNoTrace();
});

test("sharing messages that quote a link, with a password, keeps neither", async () => {
  const { slack } = running;
  await slack.workspace.as("ada", "conversations.join", { channel: slack.channel("general") });
  await slack.say({ person: "ada", channel: "general", text: `${HUSH} <${link}>` });
  await slack.command({ person: "ada", channel: "general", text: "" });
  const view = await slack.until("the form", () => [...slack.views.values()][0]);
  slack.calls.length = 0;
  const values = { [PASSWORD_ACTION]: { value: PASSWORD }, audience: { selected_option: { value: "me" } } };
  await slack.submit({ view, values });
  await slack.until("the link", () => slack.whispers.find(({ text }) => text.includes("shared")));
  await running.bot.idle();
  expectNoTrace();
});

test("nothing of all this stands in the database, went through Redis or is in the server's log", expectNothingKept);

test("a server that is gone leaves no trace either", async () => {
  await server.stop();
  await running.slack.say({ person: "ada", channel: "general", text: `<${link}>` });
  await running.slack.command({ person: "ada", channel: "general", text: link });
  await running.slack.until("the answer", () =>
    running.slack.whispers.find(({ text }) => text.includes("can't be reached")),
  );
  await running.bot.idle();
  expectNoTrace();
  expect(findLeaks([{ name: "the database", bytes: await database.dump() }], [...secrets(), hush])).toEqual([]);
});
