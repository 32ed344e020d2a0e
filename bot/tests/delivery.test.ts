import { createHmac, randomBytes } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { signatureHeaders } from "../demo/slack-signature.ts";
import { SlackStub } from "../demo/slack-stub.ts";
import { BotKey } from "../src/stores/bot-key.ts";
import { prismaStores } from "../src/stores/prisma-stores.ts";
import type { Stores } from "../src/stores/stores.ts";
import { type PreviewServer, startPreviewServer } from "./preview-server.ts";
import { PEOPLE, type RunningBot, startWithSlack } from "./running-bot.ts";

/** What Slack delivers, to two nodes on one database: signed or not, late, often, from wherever. */

const CHAT = "AAAAAAAAAAAAAAAAAAAAAA";
const ORGANISATION = "E0ORG";
const key = new BotKey(randomBytes(32));
let database: TestDatabase;
let server: PreviewServer;
let slack: SlackStub;
let stores: Stores;
let nodes: RunningBot[];
/** Until when the database does not say who is installed. */
let held: Promise<void> | null = null;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startPreviewServer({ [CHAT]: "Tea" });
  slack = await SlackStub.start({ people: PEOPLE, channels: [{ name: "general" }], unfurlDomains: [server.host] });
  stores = prismaStores({ databaseUrl: database.databaseUrl, key });
  await install(slack.workspace.teamId);
  nodes = [await startNode(), await startNode()];
});
afterAll(async () => {
  for (const { bot } of nodes ?? []) await bot.stop();
  await stores?.close();
  await slack?.stop();
  await server?.stop();
  await database?.stop();
});
beforeEach(() => {
  held = null;
  slack.calls.length = 0;
  slack.whispers.length = 0;
  slack.mend();
  connect(0);
});

function install(id: string): Promise<void> {
  const { botUser } = slack.workspace;
  const tokens = { botToken: slack.botToken, refreshToken: null, expiresAt: null, scopes: [] };
  return stores.installations.save({ id, botId: "B0OPENMATES", botUser, ...tokens });
}

function startNode(): Promise<RunningBot> {
  const kept = prismaStores({ databaseUrl: database.databaseUrl, key });
  const find: Stores["installations"]["find"] = async (id) => {
    await held;
    return kept.installations.find(id);
  };
  return startWithSlack({
    serverUrl: server.url,
    slackStub: slack,
    stores: { ...kept, installations: { ...kept.installations, find } },
    tenancy: { type: "many", clientId: "demo", clientSecret: "demo", publicUrl: null },
  });
}

const node = (index: number): RunningBot => nodes[index] ?? expect.fail("There are two.");
const connect = (index: number) => slack.connect(node(index).bot.url ?? "");
const idle = () => Promise.all(nodes.map(({ bot }) => bot.idle()));
const callsOf = (name: string) => slack.calls.filter(({ method }) => method === name);

/** Somebody pastes a link: an event whose work is one request. */
function pasted(over: object = {}) {
  const url = `${server.url}/share/chat/${CHAT}#key=${"k".repeat(43)}`;
  const event = { type: "link_shared", channel: "C1", user: "U1", links: [{ url, domain: server.host }] };
  const { teamId } = slack.workspace;
  const ids = { message_ts: randomBytes(4).toString("hex"), unfurl_id: randomBytes(4).toString("hex") };
  return JSON.stringify({
    type: "event_callback",
    team_id: teamId,
    event_id: `Ev${randomBytes(5).toString("hex")}`,
    event_time: 1,
    authorizations: [{ enterprise_id: null, team_id: teamId, user_id: "U0", is_bot: true }],
    event: { ...event, ...ids, source: "composer" },
    ...over,
  });
}

const json = (body: string) => slack.deliver({ body, type: "application/json" });
const form = (payload: object) =>
  slack.deliver({
    body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString(),
    type: "application/x-www-form-urlencoded",
  });

test("an event that is delivered again and again, to two nodes, is acknowledged each time and handled once", async () => {
  // Work that is done as often as it is asked for.
  const event = { type: "app_home_opened", user: slack.person("ada"), tab: "home", channel: "D1", event_ts: "1" };
  const body = pasted({ event });
  const statuses: number[] = [];
  for (let times = 0; times < 3; times += 1) {
    for (const index of [0, 1]) {
      connect(index);
      statuses.push((await json(body)).status);
    }
  }
  await idle();
  expect(statuses).toEqual([200, 200, 200, 200, 200, 200]);
  expect(callsOf("views.publish")).toHaveLength(1);
});

const now = () => Math.floor(Date.now() / 1000);

test.each([
  ["of now", 0, 200],
  ["four minutes old", -240, 200],
  ["four minutes ahead", 240, 200],
  ["six minutes old", -360, 401],
  ["six minutes ahead", 360, 401],
])("a request that is %s", async (_, skew, status) => {
  const sign = (body: string) => signatureHeaders({ secret: slack.signingSecret, timestamp: now() + skew, body });
  expect((await slack.deliver({ body: pasted(), type: "application/json", sign })).status).toBe(status);
  await idle();
  expect(callsOf("chat.unfurl")).toHaveLength(status === 200 ? 1 : 0);
});

const mac = (text: string) => createHmac("sha256", slack.signingSecret).update(text).digest("hex");

test.each([
  ["nothing", () => ({})],
  ["another secret", (body: string) => signatureHeaders({ secret: "another", timestamp: now(), body })],
  ["another body", () => signatureHeaders({ secret: slack.signingSecret, timestamp: now(), body: "{}" })],
  [
    "another time",
    (body: string) => ({
      "x-slack-request-timestamp": String(now()),
      "x-slack-signature": `v0=${mac(`v0:${now() - 1}:${body}`)}`,
    }),
  ],
  [
    "another version",
    (body: string) => ({
      "x-slack-request-timestamp": String(now()),
      "x-slack-signature": `v1=${mac(`v1:${now()}:${body}`)}`,
    }),
  ],
  [
    "no time",
    (body: string) => ({ "x-slack-request-timestamp": "soon", "x-slack-signature": `v0=${mac(`v0:soon:${body}`)}` }),
  ],
])("a request that is signed with %s is refused, and nothing comes of it", async (_, sign) => {
  expect((await slack.deliver({ body: pasted(), type: "application/json", sign })).status).toBe(401);
  await idle();
  expect(slack.calls).toEqual([]);
});

test("obeys Retry-After: not before the time, and no other call of that method meanwhile", async () => {
  slack.fail({ method: "chat.unfurl", status: 429, retryAfter: 1, times: 1 });
  await json(pasted());
  await slack.until("the refusal", () => callsOf("chat.unfurl")[0]);
  await json(pasted());
  await idle();
  const [refused, ...later] = callsOf("chat.unfurl");
  expect(later).toHaveLength(2);
  for (const call of later) expect(call.at - (refused?.at ?? 0)).toBeGreaterThanOrEqual(1000);
});

test("a command is acknowledged however long it takes to know who is asking", async () => {
  let release = () => {};
  held = new Promise((resolve) => {
    release = resolve;
  });
  const { status, milliseconds } = await slack.command({ person: "ada", channel: "general", text: "help" });
  expect(status).toBe(200);
  expect(milliseconds).toBeLessThan(3_000);
  release();
  await idle();
  expect(slack.whispers.map(({ text }) => text)).toEqual([
    expect.stringContaining("turns messages into an encrypted chat"),
  ]);
});

test("an event of a channel shared with another organisation is the installation's that it was sent for", async () => {
  const { teamId } = slack.workspace;
  const shared = { team_id: "T0STRANGER", context_team_id: teamId, is_ext_shared_channel: true };
  expect((await json(pasted(shared))).status).toBe(200);
  await idle();
  expect(callsOf("chat.unfurl")).toHaveLength(1);
});

test("an event for an installation that is not there is acknowledged, and refused in the log", async () => {
  const authorizations = [{ enterprise_id: null, team_id: "T0NOBODY", user_id: "U0", is_bot: true }];
  expect((await json(pasted({ team_id: "T0NOBODY", authorizations }))).status).toBe(200);
  await idle();
  expect(slack.calls).toEqual([]);
  expect(node(0).log.join("\n")).toContain("not installed");
});

/** Commands, clicks, shortcuts and forms as Slack sends them where an organisation has installed the app. */
const ADA = { id: "W0ADA", username: "ada", name: "ada", team_id: "T0INNER" };
const org = { enterprise: { id: ORGANISATION, name: "Org" }, is_enterprise_install: true, team: null, user: ADA };
const home = { id: "V1", type: "home", team_id: "T0INNER", app_installed_team_id: ORGANISATION };
const action = { type: "button", block_id: "b", action_id: "stop_sharing", value: CHAT, action_ts: "1" };

test.each([
  [
    "a click on the Home tab",
    { type: "block_actions", container: { type: "view" }, view: home, actions: [action] },
    "views.publish",
  ],
  [
    "a shortcut",
    {
      type: "message_action",
      callback_id: "share_thread",
      channel: { id: "C1", name: "general" },
      trigger_id: "1.1",
      response_url: "http://127.0.0.1:1/",
      message: { ts: "1.1", text: "" },
    },
    "views.open",
  ],
])("%s of an organisation's installation is let in", async (_, payload, method) => {
  await install(ORGANISATION);
  expect((await form({ ...org, trigger_id: "1.1", ...payload })).status).toBe(200);
  await idle();
  expect(callsOf(method).length).toBeGreaterThan(0);
  await stores.installations.erase(ORGANISATION);
});

test("what the bot does by itself in a workspace of an organisation is done with the organisation's installation", async () => {
  await install(ORGANISATION);
  const authorizations = [
    { enterprise_id: ORGANISATION, team_id: "T0INNER", user_id: "U0", is_bot: true, is_enterprise_install: true },
  ];
  await json(pasted({ team_id: "T0INNER", enterprise_id: ORGANISATION, authorizations }));
  await idle();
  expect(callsOf("chat.unfurl")).toHaveLength(1);
  const job = {
    kind: "answer",
    team: "T0INNER",
    user: "W0ADA",
    channel: slack.channel("general"),
    thread: "1.1",
  } as const;
  const id = await stores.jobs.begin({ ...job, ts: null, button: null, spot: null }, 0);
  const third = await startNode();
  await slack.until("the word of an interrupted answer", () => callsOf("chat.postMessage")[0]);
  await third.bot.stop();
  await stores.jobs.end(id);
  await stores.installations.erase(ORGANISATION);
});

test.each([
  ["erased when its token is dead", true, 0],
  ["kept while its token is good: the workspace was meant", false, 1],
])("an organisation's installation is %s, should a removal name a workspace of it", async (_, dead, left) => {
  await install(ORGANISATION);
  if (dead) slack.fail({ method: "auth.test", status: 200, error: "token_revoked" });
  const event = { type: "app_uninstalled" };
  const removed = { team_id: "T0INNER", enterprise_id: ORGANISATION, authorizations: undefined, event };
  expect((await json(pasted(removed))).status).toBe(200);
  await idle();
  expect(await database.database.botInstallation.count({ where: { id: ORGANISATION } })).toBe(left);
  await stores.installations.erase(ORGANISATION);
});
