import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { startModel, type TestModel } from "@openmates-share/testing/model";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { SlackStub } from "../demo/slack-stub.ts";
import { type RunningBot, startWithSlack } from "./running-bot.ts";

/** What happens to answers that take their time: on the real server with a model that does as it is told. */

const LONG = "word ".repeat(400);
let database: TestDatabase;
let model: TestModel;
let server: ServerProcess;
let running: RunningBot;
let slack: SlackStub;

beforeAll(async () => {
  [database, model] = await Promise.all([createTestDatabase(), startModel()]);
  server = await startServer({ databaseUrl: database.databaseUrl, env: model.env });
  running = await startWithSlack({ serverUrl: server.url });
  slack = running.slack;
  for (const person of ["ada", "grace"])
    await slack.workspace.as(person, "conversations.join", { channel: slack.channel("general") });
});
afterAll(async () => {
  await running?.stop();
  await server?.stop();
  await model?.stop();
  await database?.stop();
});
beforeEach(() => {
  slack.streamMessages(false);
  slack.calls.length = 0;
});

/** Ada mentions the bot, and Slack tells it; what comes of it takes its time. */
async function mention(question: string, text = `<@${slack.workspace.botUser}> ${question}`) {
  const { ts } = await slack.say({ person: "ada", channel: "general", text });
  const event = { type: "app_mention", user: slack.person("ada"), channel: slack.channel("general"), ts, text };
  await slack.sendEvent(event);
  return ts;
}

/** The bot's messages in the thread. */
async function answersIn(thread: string) {
  const request = { channel: slack.channel("general"), ts: thread };
  const { messages } = await slack.workspace.as("bot", "conversations.replies", request);
  const all = messages as readonly { ts: string; user: string; text: string; blocks?: object[]; metadata?: object }[]; // Slack's shape.
  return all.filter(({ user }) => user === slack.workspace.botUser);
}

/** The button of that name in what the bot showed last, once it does. */
function button(action: string) {
  const inCall = new RegExp(`"action_id":"${action}","text":\\{[^}]*\\},"value":("(?:[^"\\\\]|\\\\.)*")`, "u");
  return slack.until(`the button ${action}`, () => {
    const call = slack.calls.findLast(({ parameters }) => inCall.test(JSON.stringify(parameters.blocks ?? [])));
    const [, value = '""'] = inCall.exec(JSON.stringify(call?.parameters.blocks ?? [])) ?? [];
    return call && { action: { action_id: action, value: JSON.parse(value) }, ts: String(call.answer.ts) };
  });
}

/** Grace, who did not ask, presses it. */
const press = ({ action, ts }: { action: object; ts: string }, thread: string) =>
  slack.click({ person: "grace", channel: "general", action: { ...action }, ts, thread });

test.each([
  ["grows by edits", false],
  ["is streamed", true],
])("anybody stops an answer that %s, and the button goes", async (_, streams) => {
  slack.streamMessages(streams);
  model.answer("how long", { text: LONG, pause: 50 });
  const thread = await mention("how long is it?");
  const stop = await button("stop_answer");
  // Of an answer that was stopped before its first word nothing would be kept.
  const grows = streams ? "chat.appendStream" : "chat.update";
  const [word = ""] = LONG.split(" ");
  const hasWords = (call: { method: string; parameters: object }) =>
    call.method === grows && JSON.stringify(call.parameters).includes(word);
  await slack.until("words", () => slack.calls.find(hasWords));
  await press(stop, thread);
  await running.bot.idle();
  const answers = await answersIn(thread);
  expect(answers).toHaveLength(1);
  expect(answers[0]?.text.length).toBeLessThan(LONG.length);
  const last = slack.calls.findLast(({ method }) => method === (streams ? "chat.stopStream" : "chat.update"));
  expect(JSON.stringify(last?.parameters.blocks)).toContain("stopped");
  expect(JSON.stringify(last?.parameters.blocks)).not.toContain("stop_answer");
});

const appended = () => slack.until("words", () => slack.calls.find(({ method }) => method === "chat.appendStream"));

test("goes on by edits when Slack ends the stream, to the last word", async () => {
  slack.streamMessages(true);
  model.answer("the whole", { text: `${LONG}the end`, pause: 5 });
  const thread = await mention("the whole of it");
  await appended();
  slack.endStreams("message_not_in_streaming_state");
  await running.bot.idle();
  const answers = await answersIn(thread);
  expect(answers.map(({ text }) => text.length)).toEqual([expect.any(Number)]);
  expect(JSON.stringify(answers[0]?.blocks)).toContain("the end");
});

test("whoever stops the message by Slack's own means stops the answer", async () => {
  slack.streamMessages(true);
  model.answer("by slack", { text: LONG, pause: 50 });
  const thread = await mention("by slack, please");
  await appended();
  slack.endStreams("stopped_by_user");
  await running.bot.idle();
  const [answer] = await answersIn(thread);
  expect(JSON.stringify(answer?.blocks)).toContain("stopped");
});

test("an answer that fails says so, and anybody asks again, once", async () => {
  model.answer("halfway", { text: LONG, breakAfter: 1 });
  const thread = await mention("halfway there?");
  await running.bot.idle();
  const again = await button("ask_again");
  const [failed] = await answersIn(thread);
  expect(failed?.text).toContain("Please try again");
  expect(failed?.metadata).toBeUndefined();
  model.answer("halfway", { text: "All the way." });
  await Promise.all([press(again, thread), press(again, thread)]);
  await running.bot.idle();
  const answers = await answersIn(thread);
  expect(answers.map(({ text }) => text)).toEqual(["All the way."]);
});

test.each([
  ["quoted", (name: string) => `&gt; ${name} said so\nDid it?`],
  ["code", (name: string) => `The command is \`${name} help\``],
])("a mention that is %s asks nothing", async (_, text) => {
  const thread = await mention("", text(`<@${slack.workspace.botUser}>`));
  await running.bot.idle();
  expect(await answersIn(thread)).toEqual([]);
});
