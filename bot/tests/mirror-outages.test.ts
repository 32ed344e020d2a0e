import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { SlackStub } from "../demo/slack-stub.ts";
import { inChat, MirroredThread } from "./mirrored-thread.ts";

/** What a mirror does when either side, a node, or the word of what was done is lost. */

let here: MirroredThread;
let slack: SlackStub;

beforeAll(async () => {
  here = await MirroredThread.start();
  slack = here.slack;
  await here.begin("Where were we?");
  await here.untilSaid("ada: Where were we?");
});
afterAll(() => here?.stop());
beforeEach(() => () => slack.mend());

/** Ada writes it, and Slack tells the app; what becomes of it takes its time. */
async function write(text: string): Promise<string> {
  const ts = await slack.reply({ person: "ada", channel: "general", thread: here.thread, text });
  await slack.sendEvent({ type: "message", channel: slack.channel("general"), thread_ts: here.thread, ts });
  return ts;
}

/** Lines of the chat that are among these. */
const linesOf = (texts: readonly string[]) =>
  inChat(here.room.state).filter((line) => texts.some((text) => line.endsWith(`: ${text}`)));

/** Of what was brought into the thread, that which is among these. */
const relayedOf = async (texts: readonly string[]) => (await here.relayed()).filter((text) => texts.includes(text));

const callsOf = (name: string) => slack.calls.filter(({ method }) => method === name);

test("a server that dies in the middle is waited for, and then all of it comes, in order, once", async () => {
  const before = ["one", "two"];
  const during = ["three", "four", "five"];
  for (const text of before) await write(text);
  await here.untilSaid("ada: two");
  await here.killServer();
  for (const text of during) await write(text);
  const said = ["eins", "zwei", "drei"].map((text) => here.room.send(text));
  await here.bot.bot.idle();
  await here.restartServer();
  await Promise.all(said);
  await here.untilSaid("ada: five");
  await here.bot.bot.mirrored();
  expect(linesOf([...before, ...during])).toEqual([...before, ...during].map((text) => `ada: ${text}`));
  await slack.until("what Tim wrote", () => (callsOf("chat.postMessage").length >= 4 ? true : undefined));
  await here.bot.bot.mirrored();
  expect(await relayedOf(["eins", "zwei", "drei"])).toEqual(["eins", "zwei", "drei"]);
});

test("while Slack is out of order nothing is lost, and then it comes in order, once", async () => {
  slack.fail({ method: "chat.postMessage", status: 500 });
  const posts = here.posts().length;
  for (const text of ["un", "deux", "trois"]) await here.room.send(text);
  await slack.until("an attempt", () => (here.posts().length > posts ? true : undefined));
  await here.bot.bot.mirrored();
  expect(await relayedOf(["un", "deux", "trois"])).toEqual([]);
  slack.mend();
  await here.bot.bot.mirrored();
  expect(await relayedOf(["un", "deux", "trois"])).toEqual(["un", "deux", "trois"]);
});

test("asks Slack again after the pause that it wants, and not before", async () => {
  slack.fail({ method: "chat.postMessage", status: 429, retryAfter: 1, times: 1 });
  const posts = here.posts().length;
  await here.room.send("slowly");
  await slack.until("a second attempt", () => here.posts()[posts + 1]);
  const [first, second] = here.posts().slice(posts);
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(1000);
  await here.bot.bot.mirrored();
  expect(await relayedOf(["slowly"])).toEqual(["slowly"]);
});

test("posts nothing twice when Slack does it and does not say so", async () => {
  slack.fail({ method: "chat.postMessage", status: null, times: 1 });
  const posts = here.posts().length;
  await here.room.send("only once");
  await slack.until("the attempt", () => here.posts()[posts]);
  await here.bot.bot.mirrored();
  await here.room.send("and on");
  await slack.until("the next one", () => here.posts()[posts + 1]);
  await here.bot.bot.mirrored();
  expect(await relayedOf(["only once", "and on"])).toEqual(["only once", "and on"]);
});

async function sendFile(name: string): Promise<void> {
  const chat = here.room.chat;
  const blob = new Blob([name]);
  const { ref: embed } = await here.guest.uploadEmbed({ blob, name, mediaType: "text/plain", chat });
  const attachments = [{ type: "file" as const, name, mediaType: "text/plain", size: blob.size, embed }];
  await here.room.send(`With ${name}`, { attachments });
}

const filesInSlack = async () => (await here.inSlack()).flatMap(({ files = [] }) => files.map(({ name }) => name));

test.each([
  ["before its file is there", { status: 500 }],
  ["before Slack has said that its file is there", { status: null, times: 1 }],
])("a node that ends after a message and %s: the next one brings the file, once", async (when, fault) => {
  const name = `${when.length}.txt`;
  const attempts = callsOf("files.completeUploadExternal").length;
  slack.fail({ method: "files.completeUploadExternal", ...fault });
  await sendFile(name);
  await slack.until("an attempt", () => callsOf("files.completeUploadExternal")[attempts]);
  await here.bot.bot.stop();
  slack.mend();
  here.bot = await here.startBot();
  await here.bot.bot.mirrored();
  expect((await filesInSlack()).filter((file) => file === name)).toEqual([name]);
  expect((await here.relayed()).filter((text) => text.startsWith(`With ${name}`))).toHaveLength(1);
});

test("what a new message costs does not grow with the thread", async () => {
  for (let count = 0; count < 25; count += 1) {
    await slack.reply({ person: "ada", channel: "general", thread: here.thread, text: `line ${count}` });
  }
  await write("the last of many");
  await here.bot.bot.mirrored();
  await here.untilSaid("ada: the last of many");
  const read = () => callsOf("conversations.replies").map(({ answer }) => (answer.messages as unknown[]).length);
  const before = read().length;
  await write("and one more");
  await here.bot.bot.idle();
  await here.bot.bot.mirrored();
  await here.untilSaid("ada: and one more");
  // The thread's first message comes with every page.
  expect(read().slice(before)).toEqual([2]);
});

/** Slack says that it has kept something back. */
async function compareAll(): Promise<void> {
  const told = { type: "app_rate_limited", team_id: slack.workspace.teamId, minute_rate_limited: 1, api_app_id: "A1" };
  const { status } = await slack.deliver({ body: JSON.stringify(told), type: "application/json" });
  expect(status).toBe(200);
  await here.bot.bot.idle();
  await here.bot.bot.mirrored();
}

test("what Slack did not tell of is found when it says that it did not tell of everything", async () => {
  const ts = await write("A tpyo");
  await here.bot.bot.idle();
  await here.bot.bot.mirrored();
  await here.untilSaid("ada: A tpyo");
  await slack.workspace.as("ada", "chat.update", { channel: slack.channel("general"), ts, text: "A typo" });
  await compareAll();
  await here.untilSaid("ada: A typo");
});

test("two nodes work on one mirror as one, and one goes on where the other ends", async () => {
  const other = await here.startBot();
  // Slack tells the one that does not work on it.
  await write("heard by another");
  await other.bot.idle();
  await here.bot.bot.mirrored();
  await other.bot.mirrored();
  await here.untilSaid("ada: heard by another");
  const posts = here.posts().length;
  await here.room.send("for both");
  await slack.until("Tim's words", () => here.posts()[posts]);
  await Promise.all([here.bot.bot.mirrored(), other.bot.mirrored()]);
  await here.bot.bot.stop();
  here.bot = other;
  await here.room.send("for the other");
  await write("on the other");
  await here.settled();
  await here.untilSaid("ada: on the other");
  await slack.until("Tim's words on the other", () => here.posts()[posts + 1]);
  await here.bot.bot.mirrored();
  expect(linesOf(["heard by another", "on the other"])).toHaveLength(2);
  expect(await relayedOf(["for both", "for the other"])).toEqual(["for both", "for the other"]);
});

test("what a node posts after it was taken for dead is taken away, and the other's stays", async () => {
  const { botMirror, botMirrored } = here.database.database;
  const [first, text] = [here.bot, "from the dead"];
  await first.bot.mirrored();
  let arrive = () => {};
  const heldUp = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  slack.fail({ method: "chat.postMessage", status: 200, times: 1, heldUp });
  const requests = slack.held;
  await here.room.send(text);
  await slack.until("the first one's request", () => (slack.held > requests ? true : undefined));
  const [held] = await botMirror.findMany();
  here.bot = await here.startBot();
  const isTaken = async () => (await botMirror.findMany())[0]?.node !== held?.node;
  while (!(await isTaken())) {
    await botMirror.updateMany({ data: { leasedUntil: new Date(0) } });
    await here.bot.bot.mirrored();
  }
  await here.bot.bot.mirrored();
  expect(await relayedOf([text])).toEqual([text]);
  const [kept] = (await here.inSlack()).filter((shown) => shown.text === text);
  arrive();
  await slack.until("the late one", () => (slack.held === requests ? true : undefined));
  await first.bot.stop();
  await compareAll();
  expect((await here.inSlack()).filter((shown) => shown.text === text)).toEqual([kept]);
  expect(await botMirrored.count({ where: { ts: kept?.ts ?? "" } })).toBe(1);
});
