import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { SlackStub } from "../demo/slack-stub.ts";
import { AskedBot } from "./asked-bot.ts";

/** What happens to answers that take their time: on the real server with a model that does as it is told. */

const LONG = "word ".repeat(400);
let asked: AskedBot;
let slack: SlackStub;

beforeAll(async () => {
  asked = await AskedBot.start({ model: "told" });
  slack = asked.slack;
});
afterAll(() => asked?.stop());
beforeEach(() => asked.forget());

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
  asked.model.begin("how long", { text: LONG, pause: 50, pieces: 40 });
  const thread = await asked.mention("how long is it?");
  const stop = await button("stop_answer");
  // Of an answer that was stopped before its first word nothing would be kept.
  const grows = streams ? "chat.appendStream" : "chat.update";
  const [word = ""] = LONG.split(" ");
  const hasWords = (call: { method: string; parameters: object }) =>
    call.method === grows && JSON.stringify(call.parameters).includes(word);
  await slack.until("words", () => slack.calls.find(hasWords));
  await press(stop, thread);
  const answers = await asked.answersIn(thread);
  expect(answers).toHaveLength(1);
  expect(answers[0]?.text.length).toBeLessThan(LONG.length);
  const last = slack.calls.findLast(({ method }) => method === (streams ? "chat.stopStream" : "chat.update"));
  expect(JSON.stringify(last?.parameters.blocks)).toContain("stopped");
  expect(JSON.stringify(last?.parameters.blocks)).not.toContain("stop_answer");
});

test("an answer that is stopped before its first word says that somebody stopped it", async () => {
  asked.model.begin("patience", { text: LONG, pieces: 0 });
  const thread = await asked.mention("patience, please");
  await press(await button("stop_answer"), thread);
  const [answer] = await asked.answersIn(thread);
  expect(answer?.text).toBe("Somebody stopped the answer before its first word.");
  expect(JSON.stringify(answer?.blocks)).toContain("ask_again");
});

const appended = () => slack.until("words", () => slack.calls.find(({ method }) => method === "chat.appendStream"));

test("goes on by edits when Slack ends the stream, to the last word", async () => {
  slack.streamMessages(true);
  const release = asked.model.begin("the whole", { text: `${LONG}the end`, pause: 5, pieces: 40 });
  const thread = await asked.mention("the whole of it");
  await appended();
  slack.endStreams("message_not_in_streaming_state");
  release();
  const answers = await asked.answersIn(thread);
  expect(answers.map(({ text }) => text.length)).toEqual([expect.any(Number)]);
  expect(JSON.stringify(answers[0]?.blocks)).toContain("the end");
});

test("whoever stops the message by Slack's own means stops the answer", async () => {
  slack.streamMessages(true);
  const release = asked.model.begin("by slack", { text: LONG, pause: 50, pieces: 40 });
  const thread = await asked.mention("by slack, please");
  await appended();
  slack.endStreams("stopped_by_user");
  release();
  const [answer] = await asked.answersIn(thread);
  expect(JSON.stringify(answer?.blocks)).toContain("stopped");
});

test("an answer that fails says so, and anybody asks again, once", async () => {
  asked.model.answer("halfway", { text: LONG, breakAfter: 1 });
  const thread = await asked.mention("halfway there?");
  const [failed] = await asked.answersIn(thread);
  const again = await button("ask_again");
  expect(failed?.text).toContain("Please try again");
  expect(failed?.metadata).toBeUndefined();
  asked.model.answer("halfway", { text: "All the way." });
  await Promise.all([press(again, thread), press(again, thread)]);
  const answers = await asked.answersIn(thread);
  expect(answers.map(({ text }) => text)).toEqual(["All the way."]);
});

test.each([
  ["quoted", (name: string) => `&gt; ${name} said so\nDid it?`],
  ["code", (name: string) => `The command is \`${name} help\``],
])("a mention that is %s asks nothing", async (_, text) => {
  const thread = await asked.mention("", { text: text(`<@${slack.workspace.botUser}>`) });
  expect(await asked.answersIn(thread)).toEqual([]);
});
