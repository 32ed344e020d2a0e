import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { signatureHeaders } from "../demo/slack-signature.ts";
import { memoryStores } from "../src/stores/memory-stores.ts";
import { GONE, type PreviewServer, startPreviewServer } from "./preview-server.ts";
import { type RunningBot, startWithSlack } from "./running-bot.ts";

const CHAT = "AAAAAAAAAAAAAAAAAAAAAA";
const EMBED = "EEEEEEEEEEEEEEEEEEEEEA";
/** The server answers nonsense about it. */
const BROKEN = "CCCCCCCCCCCCCCCCCCCCCA";
const KEY = `${"q7Zk_P2-xWv9".repeat(4).slice(0, 42)}A`;
let server: PreviewServer;
let running: RunningBot;

beforeAll(async () => {
  server = await startPreviewServer({ [CHAT]: "Tea *and* <!channel> biscuits" });
});
afterAll(() => server?.stop());
beforeEach(async () => {
  running = await startWithSlack({ serverUrl: server.url });
  return () => running.stop();
});

const link = (id = CHAT) => `${server.url}/share/chat/${id}#key=${KEY}`;
const unfurls = () => running.slack.calls.filter(({ method }) => method === "chat.unfurl");

/** Every unfurl the bot has asked for, once it is done with everything. */
async function settledUnfurls() {
  await running.bot.idle();
  return unfurls().map(({ parameters, answer }) => ({
    target: { id: parameters.unfurl_id, channel: parameters.channel },
    urls: Object.keys(parameters.unfurls as object),
    answer,
  }));
}

test("a posted link gets a card with its public preview, under the very URL that was posted", async () => {
  const { ts, delivery } = await running.slack.say({ person: "ada", channel: "general", text: `see <${link()}>` });
  expect(delivery?.status).toBe(200);
  expect(await settledUnfurls()).toMatchObject([{ urls: [link()], answer: { ok: true } }]);
  const message = (await running.slack.channelShown("general")).find((shown) => shown.ts === ts);
  const card = JSON.stringify(message?.unfurls.get(link()));
  expect(card).toContain("Tea *and* &lt;!channel&gt; biscuits");
  // Slack would refuse a picture that it cannot load from here.
  expect(card).not.toContain("/og/default.png");
});

test("a card says what the link shows, what it lets do and until when", async () => {
  const { ts } = await running.slack.say({ person: "ada", channel: "general", text: link() });
  await settledUnfurls();
  const message = (await running.slack.channelShown("general")).find((shown) => shown.ts === ts);
  const card = JSON.stringify(message?.unfurls.get(link()));
  for (const words of ["Science", "2 messages", "read only", "no end date", "Open the chat"])
    expect(card).toContain(words);
});

test("several links of one message get their cards in one go", async () => {
  const links = [link(), link("BBBBBBBBBBBBBBBBBBBBBA"), `${server.url}/share/embed/${EMBED}#key=${KEY}`];
  await running.slack.say({ person: "ada", channel: "general", text: links.join(" ") });
  expect(await settledUnfurls()).toMatchObject([{ urls: links, answer: { ok: true } }]);
});

test.each([
  ["the app's own form", () => `${server.url}/#chat-id=${CHAT}&key=${KEY}`],
  ["the app's own form for an embed", () => `${server.url}/#embed-id=${EMBED}&key=${KEY}`],
  ["a link with a tracker's parameters", () => `${server.url}/share/chat/${CHAT}?utm_source=mail#key=${KEY}`],
  ["a link without its key", () => `${server.url}/share/chat/${CHAT}`],
  ["a link to a message", () => `${link()}&message=${CHAT}`],
])("%s gets a card, too", async (_, url) => {
  await running.slack.say({ person: "ada", channel: "general", text: url() });
  expect(await settledUnfurls()).toMatchObject([{ urls: [url()], answer: { ok: true } }]);
});

test.each([
  ["other pages of the server", () => `${server.url}/about#key=${KEY}`],
  ["the server's front page", () => `${server.url}/`],
  ["something that is no id", () => `${server.url}/share/chat/short#key=${KEY}`],
  ["a share link of another server", () => `http://localhost:1/share/chat/${CHAT}#key=${KEY}`],
])("%s get no card", async (_, url) => {
  await running.slack.sendLinks({ person: "ada", channel: "general", ts: "1700000000.000100", urls: [url()] });
  expect(await settledUnfurls()).toEqual([]);
});

test("a draft gets its card, another draft as well, and the posted message again", async () => {
  await running.slack.sendLinks({ person: "ada", channel: null, ts: "draft-1", urls: [link()] });
  await running.slack.sendLinks({ person: "grace", channel: null, ts: "draft-2", urls: [link()] });
  await running.slack.say({ person: "ada", channel: "general", text: link() });
  const all = await settledUnfurls();
  expect(all.map(({ answer }) => answer.ok)).toEqual([true, true, true]);
  const sources = unfurls().map(({ parameters }) => String(parameters.source));
  expect(sources.toSorted()).toEqual(["composer", "composer", "conversations_history"]);
});

test("a link in a thread gets a card, and its poster is told there, alone, who holds the key", async () => {
  const { slack } = running;
  await slack.workspace.as("ada", "conversations.join", { channel: slack.channel("general") });
  const { ts: thread } = await slack.say({ person: "ada", channel: "general", text: "Where was that chat?" });
  const ts = await slack.reply({ person: "ada", channel: "general", thread, text: link() });
  await slack.sendLinks({ person: "ada", channel: "general", ts, thread, urls: [link()] });
  expect(await settledUnfurls()).toMatchObject([{ urls: [link()], answer: { ok: true } }]);
  const whisper = slack.calls.find(({ method }) => method === "chat.postEphemeral");
  expect(whisper?.parameters).toMatchObject({ thread_ts: thread, user: slack.person("ada") });
});

test("a link in a direct message between people gets a card, though the bot can say nothing there", async () => {
  const place = { channel: null, conversation: "D0BETWEEN", ts: "1700000000.000300" };
  await running.slack.sendLinks({ person: "ada", ...place, urls: [link()] });
  expect(await settledUnfurls()).toMatchObject([{ urls: [link()], answer: { ok: true } }]);
  expect(running.slack.whispers).toEqual([]);
  expect(running.log.join()).not.toContain("failed");
  // Nobody can keep it true there.
  expect(JSON.stringify(unfurls()[0]?.parameters)).toContain("as of <!date");
});

test("a link that shows nothing gets no card, and its poster is told so, alone and once", async () => {
  const { slack } = running;
  await slack.workspace.as("ada", "conversations.join", { channel: slack.channel("general") });
  for (let times = 0; times < 2; times += 1) {
    await slack.say({ person: "ada", channel: "general", text: `look: ${link(GONE)}` });
    await running.bot.idle();
  }
  expect(await settledUnfurls()).toEqual([]);
  expect(slack.whispers.map(({ person, text }) => [person, text])).toEqual([
    ["ada", expect.stringContaining("I put no card under your link")],
  ]);
  expect(slack.calls.filter(({ method }) => method === "chat.postMessage")).toEqual([]);
  await slack.sendLinks({ person: "ada", channel: null, ts: "draft-9", urls: [link(GONE)] });
  await slack.say({ person: "grace", channel: "general", text: `${server.url}/share/chat/${GONE}` });
  await running.bot.idle();
  expect(slack.whispers).toHaveLength(1);
});

test("one link that cannot be asked about keeps no other from its card", async () => {
  const broken = `${server.url}/share/chat/${BROKEN}#key=${KEY}`;
  await running.slack.say({ person: "ada", channel: "general", text: `${broken} ${link()}` });
  expect(await settledUnfurls()).toMatchObject([{ urls: [link()], answer: { ok: true } }]);
});

test("the same chat does not unfurl again in a channel, but does in another one", async () => {
  for (const channel of ["general", "general", "random"]) {
    await running.slack.say({ person: "ada", channel, text: link() });
    await running.bot.idle();
  }
  expect(await settledUnfurls()).toHaveLength(2);
});

test("not on another node either, nor after a restart, until half an hour is over", async () => {
  let now = Date.now();
  const stores = memoryStores({ now: () => now });
  const { slack } = running;
  const node = async () => startWithSlack({ serverUrl: server.url, slackStub: slack, stores });
  const say = () => slack.say({ person: "ada", channel: "general", text: link() });
  const nodes = [await node(), await node()];
  for (const { bot } of nodes) {
    slack.connect(bot.url ?? "");
    await say();
    await bot.idle();
  }
  expect(await settledUnfurls()).toHaveLength(1);
  await Promise.all(nodes.map(({ bot }) => bot.stop()));
  const again = await node();
  await say();
  await again.bot.idle();
  expect(await settledUnfurls()).toHaveLength(1);
  now += 30 * 60_000;
  await say();
  await again.bot.idle();
  expect(await settledUnfurls()).toHaveLength(2);
  await again.bot.stop();
});

test("an event that Slack delivers again is answered once", async () => {
  const sent = { person: "ada", channel: "general", ts: "1700000000.000100", urls: [link()] };
  await Promise.all(Array.from({ length: 5 }, () => running.slack.sendLinks(sent)));
  expect(await settledUnfurls()).toHaveLength(1);
});

test("payloads from before there were ids for unfurls are answered by channel and message", async () => {
  await running.slack.sendLinks({
    person: "ada",
    channel: "general",
    ts: "1700000000.000100",
    urls: [link()],
    withoutId: true,
  });
  expect(await settledUnfurls()).toMatchObject([
    { target: { channel: running.slack.channel("general") }, answer: { ok: true } },
  ]);
});

test("what Slack refused may be tried again", async () => {
  const event = {
    type: "link_shared",
    channel: running.slack.channel("general"),
    user: "U1",
    message_ts: "1.1",
    links: [{ url: link(), domain: "127.0.0.1" }],
  };
  await running.slack.sendEvent(event); // Slack knows no such message.
  expect(await settledUnfurls()).toMatchObject([{ answer: { error: "cannot_find_message" } }]);
  await running.slack.say({ person: "ada", channel: "general", text: link() });
  expect((await settledUnfurls()).at(-1)).toMatchObject({ answer: { ok: true } });
});

test.each([
  ["no signature", () => ({})],
  [
    "another secret's signature",
    () => ({ "x-slack-signature": `v0=${"ab".repeat(32)}`, "x-slack-request-timestamp": now() }),
  ],
  ["an empty signature", () => ({ "x-slack-signature": "", "x-slack-request-timestamp": now() })],
  ["an unknown version", () => ({ "x-slack-signature": `v1=${"ab".repeat(32)}`, "x-slack-request-timestamp": now() })],
])("a request with %s is refused and does nothing", async (_, sign) => {
  const event = { type: "link_shared", channel: "C1", user: "U1", message_ts: "1.1", links: [{ url: link() }] };
  const body = JSON.stringify({ type: "event_callback", team_id: "T1", event });
  const { status } = await running.slack.deliver({ body, type: "application/json", sign });
  expect(status).toBe(401);
  expect(await settledUnfurls()).toEqual([]);
});

test.each([
  [-5 * 60 - 5, 401],
  [-4 * 60, 200],
])("a request signed %i seconds ago gets %i", async (age, expected) => {
  const timestamp = Math.floor(Date.now() / 1000) + age;
  const body = JSON.stringify({ type: "url_verification", challenge: "c" });
  const sign = () => signatureHeaders({ secret: running.slack.signingSecret, timestamp, body });
  expect((await running.slack.deliver({ body, type: "application/json", sign })).status).toBe(expected);
});

const now = () => String(Math.floor(Date.now() / 1000));
