import { randomBytes } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { SlackStub } from "../demo/slack-stub.ts";
import { BotKey } from "../src/stores/bot-key.ts";
import { prismaStores } from "../src/stores/prisma-stores.ts";
import { type PreviewServer, startPreviewServer } from "./preview-server.ts";
import { PEOPLE, type RunningBot, startWithSlack } from "./running-bot.ts";

/** Installing over HTTP with OAuth, on the emulator's own authorisation, with two nodes on one database. */

const CHAT = "AAAAAAAAAAAAAAAAAAAAAA";
const key = new BotKey(randomBytes(32));
let database: TestDatabase;
let server: PreviewServer;
let slack: SlackStub;
let nodes: RunningBot[];

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startPreviewServer({ [CHAT]: "Tea" });
});
afterAll(async () => {
  await server?.stop();
  await database?.stop();
});
beforeEach(async () => {
  await database.database.botInstallation.deleteMany();
  await database.database.botInstallState.deleteMany();
  slack = await SlackStub.start({ people: PEOPLE, channels: [{ name: "general" }], unfurlDomains: [server.host] });
  nodes = [await startNode(), await startNode()];
  slack.tokens.revokeAll();
  return async () => {
    for (const node of nodes) await node.bot.stop();
    await slack.stop();
  };
});

function startNode(): Promise<RunningBot> {
  return startWithSlack({
    serverUrl: server.url,
    slackStub: slack,
    stores: prismaStores({ databaseUrl: database.databaseUrl, key }),
    tenancy: { type: "many", clientId: "demo", clientSecret: "demo", publicUrl: null },
  });
}

const node = (index: number): RunningBot => nodes[index] as RunningBot;
const at = (index: number, path: string) => new URL(path, node(index).bot.url ?? "");

/** What a browser brings along: Slack's address with the state in it, and the cookie. */
async function begin() {
  const response = await fetch(at(0, "/slack/install"), { redirect: "manual" });
  const location = new URL(response.headers.get("location") ?? "");
  const cookie = (response.headers.get("set-cookie") ?? "").split(";", 1)[0] ?? "";
  return { location, cookie, state: location.searchParams.get("state") ?? "" };
}

/** Somebody allows it on Slack's page, which sends their browser on; where to. */
async function allow({ location }: { location: URL }): Promise<URL> {
  const response = await fetch(`${slack.workspace.url}/oauth/v2/authorize/callback`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({
      user_id: slack.person("ada"),
      redirect_uri: at(1, "/slack/oauth_redirect").href,
      scope: location.searchParams.get("scope") ?? "",
      state: location.searchParams.get("state") ?? "",
      client_id: location.searchParams.get("client_id") ?? "",
    }),
  });
  return new URL(response.headers.get("location") ?? "");
}

const visit = (url: URL, cookie: string) => fetch(url, { headers: { cookie }, redirect: "manual" });

async function install(): Promise<void> {
  const begun = await begin();
  const { status } = await visit(await allow(begun), begun.cookie);
  expect(status).toBe(200);
}

/** A link that somebody pastes; Slack tells this node. */
async function paste(index: number): Promise<void> {
  slack.connect(node(index).bot.url ?? "");
  const urls = [`${server.url}/share/chat/${CHAT}#key=${"k".repeat(43)}`];
  await slack.sendLinks({ person: "ada", channel: null, ts: randomBytes(4).toString("hex"), urls });
  await node(index).bot.idle();
}

const unfurls = () => slack.calls.filter(({ method }) => method === "chat.unfurl").map(({ answer }) => answer);
const installation = () => database.database.botInstallation.findMany();

test("installs by a state that began on one node and ends on another, and works on both", async () => {
  await install();
  expect(await installation()).toMatchObject([{ id: slack.workspace.teamId, expiresAt: null }]);
  await paste(0);
  await paste(1);
  expect(unfurls()).toEqual([{ ok: true }, { ok: true }]);
  expect((await database.dump()).includes("xoxb-")).toBe(false);
});

test("asks for what the manifest asks for", async () => {
  const { location } = await begin();
  const { SCOPE_NAMES } = await import("../src/installations/scopes.ts");
  expect(location.searchParams.get("scope")?.split(",")).toEqual(SCOPE_NAMES);
});

test("takes a state once, from the browser that began with it, and none that was made up", async () => {
  const begun = await begin();
  const back = await allow(begun);
  expect((await visit(back, "")).status).toBe(400);
  expect(await installation()).toEqual([]);
  expect((await visit(back, begun.cookie)).status).toBe(200);
  const again = await allow(begun);
  expect((await visit(again, begun.cookie)).status).toBe(500);
  again.searchParams.set("state", "made-up");
  expect((await visit(again, "slack-app-oauth-state=made-up")).status).toBe(500);
  expect(await database.database.botInstallState.count()).toBe(0);
});

test("a state ends after ten minutes", async () => {
  const begun = await begin();
  await database.database.botInstallState.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
  expect((await visit(await allow(begun), begun.cookie)).status).toBe(500);
  expect(await installation()).toEqual([]);
});

test("renews a token that expires, once for both nodes, and goes on with the new one", async () => {
  slack.tokens.rotateAfter = 30;
  await install();
  slack.tokens.rotateAfter = 43_200;
  await Promise.all([paste(0), paste(1)]);
  expect(unfurls()).toEqual([{ ok: true }, { ok: true }]);
  const renewals = slack.calls.filter(({ parameters }) => parameters.grant_type === "refresh_token");
  expect(renewals.map(({ answer }) => answer.ok)).toEqual([true]);
  const [row] = await installation();
  expect((row?.expiresAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(40_000_000);
});

test.each([
  ["the app is removed", { type: "app_uninstalled" }],
  ["its token is revoked", { type: "tokens_revoked", tokens: { oauth: [], bot: ["U0OPENMATES"] } }],
])("erases the tokens when %s, and does nothing there any more", async (_, event) => {
  await install();
  slack.connect(node(1).bot.url ?? "");
  await slack.sendEvent(event);
  await node(1).bot.idle();
  expect(await installation()).toEqual([]);
  await paste(0);
  expect(unfurls()).toEqual([]);
});

test("a person's revoked token is none of the bot's", async () => {
  await install();
  slack.connect(node(0).bot.url ?? "");
  await slack.sendEvent({ type: "tokens_revoked", tokens: { oauth: ["U1"], bot: [] } });
  await node(0).bot.idle();
  expect(await installation()).toHaveLength(1);
});

test("an organisation's installation works in all of its workspaces", async () => {
  await install();
  const [row] = await installation();
  const stores = prismaStores({ databaseUrl: database.databaseUrl, key });
  const installed = await stores.installations.find(row?.id ?? "");
  await stores.installations.erase(row?.id ?? "");
  await stores.installations.save({ ...(installed ?? expect.fail()), id: "E1" });
  slack.connect(node(0).bot.url ?? "");
  const url = `${server.url}/share/chat/${CHAT}#key=${"k".repeat(43)}`;
  const body = JSON.stringify({
    type: "event_callback",
    team_id: "T9",
    enterprise_id: "E1",
    event_id: `Ev${randomBytes(4).toString("hex")}`,
    event_time: 1,
    is_ext_shared_channel: true,
    context_team_id: "T9",
    context_enterprise_id: "E1",
    authorizations: [{ enterprise_id: "E1", team_id: "T9", user_id: "U0", is_bot: true, is_enterprise_install: true }],
    event: { type: "link_shared", channel: "C1", user: "W1", message_ts: "1.1", links: [{ url, domain: "x" }] },
  });
  expect((await slack.deliver({ body, type: "application/json" })).status).toBe(200);
  await node(0).bot.idle();
  // Let in as the organisation; the message itself is not one of this Slack's.
  expect(unfurls()).toEqual([{ ok: false, error: "cannot_find_message" }]);
  await stores.close();
});
