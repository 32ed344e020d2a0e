import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { type Program, runProgram, startProgram } from "@openmates-share/testing/program";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SlackStub } from "../demo/slack-stub.ts";
import { type PreviewServer, startPreviewServer } from "./preview-server.ts";
import { PEOPLE } from "./running-bot.ts";

/** The built bot as a process of its own. */

const SCRIPT = "bot/dist/main.js";
const CHAT = "AAAAAAAAAAAAAAAAAAAAAA";
let dataDir: string;
let database: TestDatabase;
let server: PreviewServer;
let slack: SlackStub;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "share-bot-main-"));
  database = await createTestDatabase();
  server = await startPreviewServer({ [CHAT]: "Tea" });
  slack = await SlackStub.start({ people: PEOPLE, channels: [{ name: "general" }], unfurlDomains: [server.host] });
});
afterAll(async () => {
  await slack?.stop();
  await server?.stop();
  await database?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

function environment(): Record<string, string> {
  return {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    SERVER_URL: server.url,
    DATABASE_URL: database.databaseUrl,
    DATA_DIR: dataDir,
    BOT_PORT: "0",
  };
}

async function expectUnfurl(program: Program, ts: string): Promise<void> {
  slack.calls.length = 0;
  const url = `${server.url}/share/chat/${CHAT}#key=${"k".repeat(43)}`;
  await slack.sendLinks({ person: "ada", channel: null, ts, urls: [url] });
  const coming = slack.until("an unfurl", () => slack.calls.find(({ method }) => method === "chat.unfurl"));
  const call = await coming.catch((cause: unknown) => {
    throw new Error(`No unfurl came; the bot has printed:\n${program.output()}`, { cause });
  });
  expect(call.answer).toEqual({ ok: true });
}

test("says where it listens, works, and ends on SIGTERM", async () => {
  const program = await startProgram({ script: SCRIPT, env: environment() });
  expect(program.ready).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/slack\/events$/u);
  slack.connect(program.ready);
  expect(await (await fetch(new URL("/healthz", program.ready))).text()).toBe("ok");
  await expectUnfurl(program, "one");
  expect((await stat(join(dataDir, "bot.key"))).mode & 0o777).toBe(0o600);
  expect(await program.stop()).toBe(0);
});

test("works in Socket Mode, without a port of its own: events, commands, forms", async () => {
  const { SLACK_SIGNING_SECRET: _, ...rest } = environment();
  const program = await startProgram({
    script: SCRIPT,
    env: { ...rest, SLACK_APP_TOKEN: slack.appToken, LOG_LEVEL: "debug" },
  });
  expect(program.ready).toBe("in Socket Mode");
  await slack.whenConnected();
  await expectUnfurl(program, "two");
  await slack.command({ person: "ada", channel: "general", text: "" });
  const view = await slack.until("the form", () => [...slack.views.values()][0]);
  const password = "correct horse battery";
  const answer = await slack.submit({ view, values: { count: { value: "0" }, share_password: { value: password } } });
  expect(JSON.parse(answer.body)).toMatchObject({ response_action: "errors", errors: { count: expect.any(String) } });
  expect(await program.stop()).toBe(0);
  // Slack's Socket Mode client prints whole payloads at this level.
  expect(program.output()).toContain("bot debug");
  for (const secret of [password, "kkkkkkkk"]) expect(program.output()).not.toContain(secret);
});

test("ends when whoever started it is gone", async () => {
  const program = await startProgram({ script: SCRIPT, env: environment(), leash: false });
  program.abandon();
  expect(await program.ended).toBe(0);
});

test.each([
  [{ SLACK_BOT_TOKEN: "" }, "SLACK_BOT_TOKEN is not set."],
  [{ SLACK_BOT_TOKEN: "xoxb-of-another-app" }, "Slack does not accept SLACK_BOT_TOKEN (invalid_auth)."],
  [{ BOT_KEY: "too short" }, "BOT_KEY must hold 32 random bytes"],
])("says in one line why it does not start: %j", async (change, sentence) => {
  const { code, output } = await runProgram({ script: SCRIPT, env: { ...environment(), ...change } });
  expect(code).toBe(1);
  expect(output.trim().split("\n")).toHaveLength(1);
  expect(output).toContain(sentence);
});

test("says which port is taken", async () => {
  const { port } = new URL(server.url);
  const { code, output } = await runProgram({ script: SCRIPT, env: { ...environment(), BOT_PORT: port } });
  expect(code).toBe(1);
  expect(output).toContain(`port ${port} is taken`);
});
