import { randomBytes } from "node:crypto";
import { memoryStore, messageText, type Room, type RoomState, ShareClient } from "@openmates-share/client";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SlackStub } from "../demo/slack-stub.ts";
import { BotKey } from "../src/stores/bot-key.ts";
import { prismaStores } from "../src/stores/prisma-stores.ts";
import { type RunningBot, startWithSlack } from "./running-bot.ts";

/** A thread and a chat, both ways, on the real server and database; each test goes on where the one before ended. */

const key = new BotKey(randomBytes(32));
let database: TestDatabase;
let server: ServerProcess;
let running: RunningBot;
let slack: SlackStub;
let thread: string;
let guest: ShareClient;
let room: Room;

const start = (slackStub?: SlackStub) =>
  startWithSlack({
    serverUrl: server.url,
    stores: prismaStores({ databaseUrl: database.databaseUrl, key }),
    ...(slackStub ? { slackStub } : {}),
  });

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServer({ databaseUrl: database.databaseUrl });
  running = await start();
  slack = running.slack;
  for (const person of ["ada", "grace"])
    await slack.workspace.as(person, "conversations.join", { channel: slack.channel("general") });
  guest = new ShareClient({ server: server.url, store: memoryStore() });
});
afterAll(async () => {
  room?.close();
  await guest?.close();
  await running?.bot.stop();
  await slack?.stop();
  await server?.stop();
  await database?.stop();
});

/** Somebody answers in the thread, and Slack tells the app. */
async function say(person: string, text: string): Promise<string> {
  const ts = await slack.reply({ person, channel: "general", thread, text });
  await tell({ type: "message", user: slack.person(person), ts, text });
  return ts;
}

async function tell(event: object): Promise<void> {
  await slack.sendEvent({ channel: slack.channel("general"), thread_ts: thread, ...event });
  await running.bot.idle();
  await running.bot.mirrored();
}

interface Shown {
  readonly ts: string;
  readonly user: string;
  readonly text: string;
  readonly username?: string;
  readonly reactions?: readonly { name: string; users: readonly string[] }[];
  readonly files?: readonly { name: string }[];
}

async function inSlack(): Promise<readonly Shown[]> {
  const { messages } = await slack.workspace.as("bot", "conversations.replies", {
    channel: slack.channel("general"),
    ts: thread,
  });
  return messages as readonly Shown[]; // Slack's shape.
}

/** What the chat says, by whom; without what changes messages. */
function inChat({ messages }: RoomState): string[] {
  return messages.loaded.flatMap(({ body }) => {
    if (body.type === "redacted") return ["(taken back)"];
    if (body.type !== "content" || body.content.type !== "message") return [];
    return [`${body.content.name}: ${messageText(body.content)}`];
  });
}

/** Resolves once the chat says something that fits; complains with what it says when it never does. */
function until(fits: (state: RoomState) => boolean): Promise<RoomState> {
  return new Promise((resolve, reject) => {
    const complaint = () =>
      `The chat says ${inChat(room.state).join(" | ")}; the bot: ${running.log.slice(-5).join(" | ")}`;
    const patience = setTimeout(() => reject(new Error(complaint())), 20_000);
    let end = () => {};
    const look = (state: RoomState) => {
      if (!fits(state)) return;
      clearTimeout(patience);
      end();
      resolve(state);
    };
    end = room.subscribe(look);
    look(room.state);
  });
}

const posts = () => slack.calls.filter(({ method }) => method === "chat.postMessage");

test("a thread is mirrored from the message menu, as a whole, and says so on both sides", async () => {
  thread = (await slack.say({ person: "ada", channel: "general", text: "Where to *eat*?" })).ts;
  await slack.reply({ person: "grace", channel: "general", thread, text: "The usual place" });
  const message = { ts: thread, user: slack.person("ada"), text: "" };
  await slack.messageShortcut({ person: "ada", channel: "general", callback: "mirror_thread", message });
  await slack.until("the boundary", () => posts()[0]);
  await running.bot.idle();
  await running.bot.mirrored();
  const [, url = ""] = /"url":"([^"]+)"/u.exec(JSON.stringify(posts()[0]?.parameters)) ?? [];
  room = await guest.open(url, { name: "Tim" });
  await room.whenLive();
  await room.join("Tim");
  const state = await until((now) => inChat(now).length === 3);
  expect(inChat(state)).toEqual([
    "Slack: This chat mirrors a thread of #general in Slack, both ways: what is written here appears there, and Slack can read it.",
    "ada: Where to **eat**?",
    "grace: The usual place",
  ]);
  await slack.messageShortcut({ person: "ada", channel: "general", callback: "mirror_thread", message });
  await running.bot.idle();
  expect(slack.whispers.at(-1)?.text).toContain("mirrored already");
});

test("what is written on one side appears on the other, once, whatever is delivered how often", async () => {
  const text = "Is it *open* today?";
  const ts = await say("ada", text);
  for (let times = 0; times < 3; times += 1) await tell({ type: "message", user: slack.person("ada"), ts, text });
  await room.send("Yes, until ten. <!channel>");
  await slack.until("Tim's words", () =>
    posts().find(({ parameters }) => String(parameters.username).startsWith("Tim")),
  );
  await running.bot.mirrored();
  await until((now) => inChat(now).includes("Tim: Yes, until ten. <!channel>"));
  expect(inChat(room.state).filter((line) => line.includes("open"))).toEqual(["ada: Is it **open** today?"]);
  const shown = (await inSlack()).filter(({ username }) => username);
  expect(shown.map(({ username, text: said }) => [username, said])).toEqual([
    ["Tim (encrypted chat)", expect.stringContaining("Yes, until ten.")],
  ]);
  expect(JSON.stringify(posts().at(-1)?.parameters)).not.toContain("<!channel>");
});

test("edits, deletions and reactions go both ways, and none comes back", async () => {
  const channel = slack.channel("general");
  const ts = await say("grace", "At sevn");
  await until((now) => inChat(now).includes("grace: At sevn"));
  await slack.workspace.as("grace", "chat.update", { channel, ts, text: "At seven" });
  await slack.workspace.as("grace", "reactions.add", { channel, timestamp: ts, name: "tada" });
  await tell({ type: "message", subtype: "message_changed", message: { ts, thread_ts: thread } });
  const edited = await until((now) => inChat(now).includes("grace: At seven"));
  const seven = edited.messages.loaded.find(
    ({ body }) =>
      body.type === "content" && body.content.type === "message" && messageText(body.content) === "At seven",
  );
  const id = seven?.id ?? expect.fail("It is not there.");
  await until(({ reactions }) => reactions.of(id).some(({ emoji }) => emoji === "🎉"));
  await slack.workspace.as("grace", "reactions.remove", { channel, timestamp: ts, name: "tada" });
  await slack.sendEvent({
    type: "reaction_removed",
    user: slack.person("grace"),
    reaction: "tada",
    item: { type: "message", channel, ts },
  });
  await running.bot.idle();
  await until(({ reactions }) => reactions.of(id).length === 0);
  await room.react(id, "👍", true);
  await slack.until("the reaction", () => slack.calls.find(({ method }) => method === "reactions.add"));
  await slack.workspace.as("grace", "chat.delete", { channel, ts });
  await tell({ type: "message", subtype: "message_deleted", previous_message: { ts, thread_ts: thread } });
  await until((now) => inChat(now).includes("(taken back)"));

  const mine = await room.send("Me tooo");
  await slack.until("the words", () =>
    posts().find(({ parameters }) => JSON.stringify(parameters).includes("Me tooo")),
  );
  await running.bot.mirrored();
  await room.edit(mine, "Me too");
  await slack.until("the edit", () => slack.calls.find(({ method }) => method === "chat.update"));
  await running.bot.mirrored();
  expect((await inSlack()).map(({ text }) => text)).toContain("Me too");
  await room.redact(mine);
  await slack.until("the deletion", () => slack.calls.find(({ method }) => method === "chat.delete"));
  expect((await inSlack()).map(({ text }) => text)).not.toContain("Me too");
});

test("after an outage both sides catch up, in order, on another node, and nothing twice", async () => {
  await running.bot.stop();
  for (const text of ["one", "two", "three"]) await slack.reply({ person: "ada", channel: "general", thread, text });
  for (const text of ["eins", "zwei", "drei"]) await room.send(text);
  const bytes = new TextEncoder().encode("menu");
  await slack.sendFile({ person: "ada", channel: "general", thread, name: "menu.txt", bytes });
  running = await start(slack);
  await running.bot.mirrored();
  const state = await until((now) => inChat(now).some((line) => line === "ada: three"));
  const said = inChat(state).filter((line) => /: (?:one|two|three|eins|zwei|drei)$/u.test(line));
  expect(said).toEqual(["Tim: eins", "Tim: zwei", "Tim: drei", "ada: one", "ada: two", "ada: three"]);
  const words = ["eins", "zwei", "drei"];
  const shown = (await inSlack()).map(({ text }) => text).filter((text) => words.includes(text));
  expect(shown).toEqual(words);
  await until(({ messages }) =>
    messages.loaded.some(
      ({ body }) =>
        body.type === "content" &&
        body.content.type === "message" &&
        body.content.parts.some((part) => part.type === "file" && part.embed !== null),
    ),
  );
  // What a crash between posting and noting leaves: the post is known by what travels with it.
  await database.database.botMirrored.deleteMany({ where: { fromSlack: false } });
  const before = (await inSlack()).length;
  await tell({ type: "message", user: slack.person("ada"), ts: thread, text: "" });
  expect(await inSlack()).toHaveLength(before);
});

test("a click ends it, and what is written afterwards stays where it is", async () => {
  const click = { person: "grace", channel: "general", action: { action_id: "stop_mirror" }, ts: thread, thread };
  await slack.click({ ...click, action: { action_id: "stop_mirror", value: "" } });
  await running.bot.idle();
  const ended = await until((now) => inChat(now).some((line) => line.includes("The mirror has ended")));
  const lines = inChat(ended).length;
  await say("ada", "only here");
  await room.send("only there");
  await until((now) => inChat(now).length === lines + 1);
  expect((await inSlack()).some(({ text }) => text === "only there")).toBe(false);
  expect(inChat(room.state).join()).not.toContain("only here");
  expect(await database.database.botMirror.count()).toBe(0);
});
