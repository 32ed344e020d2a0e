import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { SlackStub } from "../demo/slack-stub.ts";
import { AskedBot } from "./asked-bot.ts";

/** `@OpenMates` in Slack, on the real server with its built-in demo mate. */

let asked: AskedBot;
let slack: SlackStub;

beforeAll(async () => {
  asked = await AskedBot.start({ model: "demo" });
  slack = asked.slack;
});
afterAll(() => asked?.stop());
beforeEach(() => asked.forget());

/** Ada mentions the bot in a thread of Grace's. */
async function mention(words: string, over: object = {}) {
  const { ts: thread } = await slack.say({ person: "grace", channel: "general", text: "The launch is on Friday." });
  await asked.mention(words, { thread, over });
  return { thread, answers: await asked.answersIn(thread) };
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
  expect(await asked.database.database.chat.count()).toBe(0);
  expect((await asked.database.dump()).includes("launch is on Friday")).toBe(false);
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
  await asked.mention("and where?", { thread });
  await asked.running.bot.idle();
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
  await asked.running.bot.idle();
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
    await asked.running.bot.idle();
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
  await asked.running.bot.idle();
  await slack.sendEvent(opened);
  const home = await shown();
  for (const words of ["At home", "What I can see"]) expect(home).toContain(words);
  const [, value = ""] = /"stop_sharing"[^}]*\}[^}]*"value":"([^"]+)"/u.exec(home) ?? [];
  await slack.clickAtHome({ person: "ada", action: { action_id: "stop_sharing", value } });
  expect(await shown()).toContain("The link no longer works");
  expect(await shown()).not.toContain("At home");
});

test("a server that is gone is a sentence in the thread", async () => {
  await asked.server.stop();
  const { answers } = await mention("anybody?");
  expect(answers.map(({ text }) => text)).toEqual([expect.stringContaining("server")]);
});
