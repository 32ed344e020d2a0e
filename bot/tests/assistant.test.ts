import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { SlackStub } from "../demo/slack-stub.ts";
import { type RunningBot, startWithSlack } from "./running-bot.ts";

/** `@OpenMates` in Slack, on the real server with its built-in demo mate. */

let database: TestDatabase;
let server: ServerProcess;
let running: RunningBot;
let slack: SlackStub;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServer({ databaseUrl: database.databaseUrl });
  running = await startWithSlack({ serverUrl: server.url });
  slack = running.slack;
  for (const person of ["ada", "grace"])
    await slack.workspace.as(person, "conversations.join", { channel: slack.channel("general") });
});
afterAll(async () => {
  await running?.stop();
  await server?.stop();
  await database?.stop();
});
beforeEach(() => {
  slack.streamMessages(false);
  slack.calls.length = 0;
  slack.whispers.length = 0;
});

/** Somebody mentions the bot, in a thread of somebody else's message. */
async function mention(text: string, over: object = {}) {
  const { ts: thread } = await slack.say({ person: "grace", channel: "general", text: "The launch is on Friday." });
  const ts = await slack.reply({
    person: "ada",
    channel: "general",
    thread,
    text: `<@${slack.workspace.botUser}> ${text}`,
  });
  await slack.sendEvent({
    type: "app_mention",
    user: slack.person("ada"),
    channel: slack.channel("general"),
    ts,
    thread_ts: thread,
    text: `<@${slack.workspace.botUser}> ${text}`,
    ...over,
  });
  await running.bot.idle();
  return { thread, answers: await answersIn(thread) };
}

async function answersIn(thread: string) {
  const request = { channel: slack.channel("general"), ts: thread };
  const { messages } = await slack.workspace.as("bot", "conversations.replies", request);
  const all = messages as readonly { user: string; text: string; blocks?: object[]; metadata?: object }[]; // Slack's shape.
  return all.filter(({ user }) => user === slack.workspace.botUser);
}

const methods = () => slack.calls.map(({ method }) => method);

test("answers in the thread by edits, with the thread as context, and leaves no chat behind", async () => {
  const { answers } = await mention("when is it?");
  expect(answers).toHaveLength(1);
  const [answer] = answers;
  expect(answer).toMatchObject({ metadata: { event_type: "openmates_answer" } });
  expect(answer?.text).toContain("demo");
  expect(JSON.stringify(answer?.blocks)).toContain("which was given 2 messages");
  expect(methods()).toContain("chat.startStream");
  const growing = slack.calls.filter(({ method }) => method === "chat.update").map(({ parameters }) => parameters);
  expect(JSON.stringify(growing[0]?.blocks)).toContain("stop_answer");
  expect(JSON.stringify(answer?.blocks)).not.toContain("stop_answer");
  expect(await database.database.chat.count()).toBe(0);
  expect((await database.dump()).includes("launch is on Friday")).toBe(false);
});

test.each([
  ["M4: quotes somebody who asked", "&gt; <@BOT> when is it?\nHas anybody answered this?"],
  ["M8: struck out", "~<@BOT> when is it?~"],
])("stays silent where the mention %s", async (_, text) => {
  const before = slack.calls.length;
  const { answers } = await mention("", { text: text.replace("BOT", slack.workspace.botUser) });
  expect(answers).toEqual([]);
  expect(methods().slice(before)).not.toContain("chat.startStream");
});

test("streams where Slack does, and goes on from its own answers", async () => {
  slack.streamMessages(true);
  const { thread, answers } = await mention("when is it?");
  expect(answers).toHaveLength(1);
  expect(methods()).toContain("chat.stopStream");
  expect(methods()).not.toContain("chat.update");
  const ts = await slack.reply({ person: "ada", channel: "general", thread, text: "and where?" });
  const event = {
    type: "app_mention",
    user: slack.person("ada"),
    channel: slack.channel("general"),
    ts,
    thread_ts: thread,
    text: `<@${slack.workspace.botUser}> and where?`,
  };
  await slack.sendEvent(event);
  await running.bot.idle();
  const stopped = slack.calls.findLast(({ method }) => method === "chat.stopStream");
  expect(JSON.stringify(stopped?.parameters.blocks)).toContain("which was given 4 messages");
});

test("answers in direct messages, too", async () => {
  const opened = await slack.workspace.as("ada", "conversations.open", { users: slack.workspace.botUser });
  const { id } = opened.channel as { id: string };
  const posted = await slack.workspace.as("ada", "chat.postMessage", { channel: id, text: "Hello?" });
  const { ts } = posted;
  await slack.sendEvent({
    type: "message",
    channel_type: "im",
    user: slack.person("ada"),
    channel: id,
    ts,
    text: "Hello?",
  });
  await running.bot.idle();
  const answer = slack.calls.findLast(({ method }) => method === "chat.update");
  expect(answer?.parameters).toMatchObject({ channel: id, metadata: { event_type: "openmates_answer" } });
});

test.each([
  ["an app's", { subtype: "bot_message" }],
  ["an app's of today", { bot_id: "B9" }],
  ["one that was edited in", { edited: { user: "U1", ts: "1.1" } }],
  ["the bot's own", { user: "U0OPENMATES" }],
])("a mention of %s asks nothing", async (_, over) => {
  expect((await mention("hey", over)).answers).toEqual([]);
});

test("the Home tab lists one's shares and what the bot sees, and ends a share with a click", async () => {
  const opened = { type: "app_home_opened", user: slack.person("ada"), tab: "home", channel: "D1", event_ts: "1" };
  const shown = async () => {
    await running.bot.idle();
    const view = slack.calls.findLast(({ method }) => method === "views.publish");
    expect(view?.answer.ok).toBe(true);
    return JSON.stringify(view?.parameters.view);
  };
  await slack.sendEvent(opened);
  expect(await shown()).toContain("You have not shared anything");
  await slack.say({ person: "ada", channel: "general", text: "something to share" });
  await slack.command({ person: "ada", channel: "general", text: "" });
  const form = await slack.until("the form", () => [...slack.views.values()][0]);
  await slack.submit({ view: form, values: { title: { value: "At home" }, count: { value: "1" } } });
  await running.bot.idle();
  await slack.sendEvent(opened);
  const home = await shown();
  for (const words of ["At home", "What I can see"]) expect(home).toContain(words);
  const [, value = ""] = /"stop_sharing"[^}]*\}[^}]*"value":"([^"]+)"/u.exec(home) ?? [];
  await slack.clickAtHome({ person: "ada", action: { action_id: "stop_sharing", value } });
  expect(await shown()).toContain("The link no longer works");
  expect(await shown()).not.toContain("At home");
});

test("a server that is gone is a sentence in the thread", async () => {
  await server.stop();
  const { answers } = await mention("anybody?");
  expect(answers.map(({ text }) => text)).toEqual([expect.stringContaining("server")]);
});
