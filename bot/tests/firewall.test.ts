import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { PASSWORD_ACTION } from "../src/screens/field-names.ts";
import { memoryStores } from "../src/stores/memory-stores.ts";
import type { Stores } from "../src/stores/stores.ts";
import { type PreviewServer, startPreviewServer } from "./preview-server.ts";
import { type RunningBot, startWithSlack } from "./running-bot.ts";

/** R10: whatever Slack sends, keys and passwords stay out of logs, stores and requests, at debug level and in failures. */

const CHAT = "AAAAAAAAAAAAAAAAAAAAAA";
const KEY = "q7Zk_P2-xWv9".repeat(4).slice(0, 43);
/** Long enough to be recognised when it is cut or encoded in part. */
const TRACE = KEY.slice(0, 11);
const PASSWORD = "correct horse battery";
const HUSH = "words of a private message";

let server: PreviewServer;
let running: RunningBot;
let stored: string[];
let printed: string[];

beforeAll(async () => {
  printed = [];
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    vi.spyOn(stream, "write").mockImplementation((...args: unknown[]) => {
      printed.push(String(args[0]));
      return (write as (...args: unknown[]) => boolean)(...args);
    });
  }
  stored = [];
  server = await startPreviewServer();
  running = await startWithSlack({ serverUrl: server.url, logLevel: "debug", stores: recorded(memoryStores()) });
});
afterEach(() => {
  running.slack.calls.length = 0;
});
afterAll(async () => {
  await running?.stop();
  await server?.stop();
  vi.restoreAllMocks();
});

/** The stores, with everything that is put into them written down. */
function recorded(stores: Stores): Stores {
  const note = <T extends object>(part: T): T =>
    new Proxy(part, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== "function") return method;
        return (...args: unknown[]) => {
          stored.push(JSON.stringify(args));
          return method.apply(target, args);
        };
      },
    });
  const { shares, unfurls, cards, mirrors, jobs, events: taken, installations } = stores;
  return {
    ...stores,
    ...{ shares: note(shares), unfurls: note(unfurls), cards: note(cards), mirrors: note(mirrors) },
    ...{ jobs: note(jobs), events: note(taken), installations: note(installations) },
  };
}

const link = () => `${server.url}/share/chat/${CHAT}#key=${KEY}`;

/** Requests of the app to Slack, without those two that have to repeat a link as it was given. */
function otherRequests(): string {
  const repeats = new Set(["chat.unfurl", "chat.postMessage"]);
  return JSON.stringify(running.slack.calls.filter(({ method }) => !repeats.has(method)));
}

function expectNoTrace(): void {
  const places = {
    log: running.log.join("\n"),
    printed: printed.join("\n"),
    stored: stored.join("\n"),
    server: server.requests.join("\n"),
    slack: otherRequests(),
  };
  for (const [place, text] of Object.entries(places)) {
    for (const secret of [TRACE, PASSWORD, HUSH]) expect(text.includes(secret), `${place} has ${secret}`).toBe(false);
  }
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
  `${HUSH} <${link()}|${link()}> ${encodeURIComponent(link())} ${link().replace("#", "%23").replace("=", "%3D")}`;
const richText = () => [
  {
    type: "rich_text",
    elements: [{ type: "rich_text_section", elements: [{ type: "link", url: link(), text: link() }] }],
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
        links: [{ url: link(), domain: "127.0.0.1" }],
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
        links: [{ url: link() }],
      }),
  ],
  [
    "link_shared that is damaged",
    () => event({ type: "link_shared", channel: "C1", user: "U1", message_ts: "1.1", links: link() }),
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
  ["app_mention", () => event({ type: "app_mention", channel: "C1", user: "U1", ts: "1.1", text: text() })],
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
    () => event({ type: "reaction_added", user: "U1", reaction: link(), item: { channel: "C1", ts: "1.1" } }),
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
              title: { title: { value: link() } },
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
          private_metadata: link(),
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
        actions: [{ action_id: "open_link", url: link() }],
      }),
  ],
  [
    "a click of ours that is damaged",
    () =>
      interaction({
        type: "block_actions",
        response_url: "http://127.0.0.1:1/",
        actions: [{ action_id: "stop_sharing", value: link() }],
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

test.concurrent.each(SAMPLES)("%s leaves no trace", async (_, sample) => {
  await running.slack.deliver(sample());
  await running.bot.idle();
  expectNoTrace();
});

test.concurrent.each(SAMPLES)("%s with a wrong signature leaves no trace and is refused", async (_, sample) => {
  const sign = () => ({
    "x-slack-request-timestamp": String(Math.floor(Date.now() / 1000)),
    "x-slack-signature": `v0=${"0".repeat(64)}`,
  });
  expect((await running.slack.deliver({ ...sample(), sign })).status).toBe(401);
  expectNoTrace();
});

test("the log says that things went wrong, so the silence above is not that of a dead log", () => {
  expect(running.log.some((line) => line.startsWith("bot error A request failed"))).toBe(true);
  expect(running.log.some((line) => line.startsWith("bot debug http request"))).toBe(true);
});

test("the key does get to where it is needed: under the message, and into a card", async () => {
  await running.slack.say({ person: "ada", channel: "random", text: `<${link()}>` });
  await running.slack.until("the unfurl", () => running.slack.calls.find(({ method }) => method === "chat.unfurl"));
  expect(JSON.stringify(running.slack.calls)).toContain(KEY);
  await running.slack.command({ person: "ada", channel: "random", text: link() });
  const post = await running.slack.until("the card", () =>
    running.slack.calls.find(({ method }) => method === "chat.postMessage"),
  );
  expect(JSON.stringify(post.parameters)).toContain(KEY);
  expectNoTrace();
});

test("a server that is gone leaves no trace either", async () => {
  await server.stop();
  await running.slack.say({ person: "ada", channel: "general", text: `<${link()}>` });
  await running.slack.command({ person: "ada", channel: "general", text: link() });
  await running.slack.until("the answer", () =>
    running.slack.whispers.find(({ text }) => !text.includes("You have not")),
  );
  await running.bot.idle();
  expectNoTrace();
});
