import { type SenderId, ShareClient } from "@openmates-share/client";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { SlackStub } from "../demo/slack-stub.ts";
import { inChat, MirroredThread } from "./mirrored-thread.ts";

/** What ends or pauses a mirror besides a click, in the words that are said of it; with a bot that workspaces install. */

let here: MirroredThread;
let slack: SlackStub;
/** Acts as the bot, who owns the chats. */
let owner: ShareClient;
let close: () => Promise<void>;

beforeAll(async () => {
  const tenancy = { type: "many", clientId: "demo", clientSecret: "demo", publicUrl: null } as const;
  here = await MirroredThread.start({ tenancy });
  slack = here.slack;
  const stores = here.stores();
  await install();
  owner = new ShareClient({ server: here.server.url, store: stores.secrets(slack.workspace.teamId) });
  close = async () => {
    await owner.close();
    await stores.close();
  };
});
afterAll(async () => {
  await close?.();
  await here?.stop();
});
beforeEach(async () => {
  await here.begin("Shall we?");
  await here.untilSaid("ada: Shall we?");
});
afterEach(async () => {
  slack.mend();
  await here.leave();
  await here.database.database.botMirror.deleteMany();
  await here.bot.bot.mirrored();
});

async function install(id = slack.workspace.teamId): Promise<void> {
  const stores = here.stores();
  const { botUser } = slack.workspace;
  const tokens = { botToken: slack.botToken, refreshToken: null, expiresAt: null, scopes: [] };
  await stores.installations.save({ id, botId: "B0OPENMATES", botUser, ...tokens });
  await stores.close();
}

/** What the bot says in the thread by itself. */
const notices = async () =>
  (await here.inSlack())
    .filter(({ username, user }) => !username && user === slack.workspace.botUser)
    .map(({ text }) => text);

const untilNotice = (words: string) =>
  slack.until(`“${words}”`, () => here.posts().find(({ parameters }) => String(parameters.text).includes(words)));

const mirrors = () => here.database.database.botMirror.count();

/** Tim becomes the owner of the chat, as whom he opens it again. */
async function handOver(): Promise<SenderId> {
  const { chat, state } = here.room;
  const bot = state.owner;
  await (await owner.handingOver()).offer(chat, state.me ?? expect.fail("Tim only reads."));
  await (await here.guest.handingOver()).accept(chat);
  here.room.close();
  here.room = await here.guest.reopen(chat);
  await here.room.whenLive();
  return bot;
}

test("a chat that gets another owner goes on and says so; closed, it pauses; without the bot, it ends", async () => {
  const bot = await handOver();
  await here.say("ada", "Who is it now?");
  await here.untilSaid("ada: Who is it now?");
  await untilNotice("another owner");

  await here.guest.setClosed(here.room.chat, true);
  await here.say("ada", "Anybody there?");
  await untilNotice("closed to writing");
  await here.bot.bot.mirrored();
  expect((await notices()).filter((text) => text.includes("closed to writing"))).toHaveLength(1);
  expect(inChat(here.room.state)).not.toContain("ada: Anybody there?");
  await here.guest.setClosed(here.room.chat, false);
  await here.untilSaid("ada: Anybody there?");
  await untilNotice("open for writing again");

  await here.guest.removePerson(here.room.chat, bot);
  await untilNotice("The encrypted chat has ended, or I may not read it");
  expect(await mirrors()).toBe(0);
});

test("a chat that is deleted ends its mirror, and is no share any more", async () => {
  await owner.deleteChat(here.room.chat);
  await untilNotice("the mirror has ended");
  await here.bot.bot.mirrored();
  expect(await mirrors()).toBe(0);
  await slack.command({ person: "ada", channel: "general", text: "list" });
  await here.bot.bot.idle();
  expect(slack.whispers.at(-1)?.text).toContain("You have not shared anything");
});

test("a share that is stopped ends its mirror, and both sides are told", async () => {
  await slack.command({ person: "ada", channel: "general", text: `stop ${here.url}` });
  await here.untilSaid("Slack: The mirror has ended: what is written here from now on stays here.");
  await untilNotice("has ended the mirror");
  expect(await mirrors()).toBe(0);
});

test("a bot that is removed from the channel pauses in words, and goes on when it is invited again", async () => {
  slack.fail({ method: "conversations.replies", status: 200, error: "not_in_channel" });
  await here.say("ada", "While you were out");
  const words = "Slack: I was removed from the channel in Slack. Mirroring pauses until I am invited there again.";
  await here.untilSaid(words);
  await here.bot.bot.mirrored();
  expect(inChat(here.room.state).filter((line) => line === words)).toHaveLength(1);
  await slack.command({ person: "ada", channel: "general", text: "list" });
  await here.bot.bot.idle();
  expect(JSON.stringify(slack.whispers.at(-1)?.blocks)).toContain("mirrored, and paused");
  slack.mend();
  await here.bot.bot.mirrored();
  await here.untilSaid("ada: While you were out");
  await here.untilSaid("Slack: Mirroring goes on: what is written here appears in Slack again.");
});

test("a thread that is deleted ends its mirror, and the chat is told", async () => {
  slack.fail({ method: "conversations.replies", status: 200, error: "thread_not_found" });
  await here.tell({
    type: "message",
    subtype: "message_deleted",
    previous_message: { ts: here.thread, thread_ts: here.thread },
  });
  await here.until((state) => inChat(state).some((line) => line.startsWith("Slack: The thread in Slack was deleted.")));
  expect(await mirrors()).toBe(0);
});

test.each(["channel_deleted", "group_deleted"])("a channel of which Slack says %s ends its mirrors", async (type) => {
  await slack.sendEvent({ type, channel: slack.channel("random") });
  await here.bot.bot.idle();
  expect(await mirrors()).toBe(1);
  await slack.sendEvent({ type, channel: slack.channel("general") });
  await here.bot.bot.idle();
  expect(await mirrors()).toBe(0);
  await here.until((state) => inChat(state).some((line) => line.startsWith("Slack: The thread in Slack was deleted.")));
});

test("a bot that hears of its removal from the channel says so in the chat without being asked anything", async () => {
  slack.fail({ method: "conversations.replies", status: 200, error: "not_in_channel" });
  await slack.sendEvent({ type: "group_left", channel: slack.channel("general") });
  await here.bot.bot.idle();
  await here.bot.bot.mirrored();
  await here.until((state) => inChat(state).some((line) => line.startsWith("Slack: I was removed from the channel")));
});

test("a channel that gets another id takes its mirrors, shares and cards along", async () => {
  const [from, to] = [slack.channel("general"), "C0SHARED"];
  const stores = here.stores();
  const card = { team: slack.workspace.teamId, ts: "1.1", thread: null, subject: "chat x", said: new Uint8Array(1) };
  await stores.cards.keep({ ...card, channel: from });
  // The emulator knows the channel by its first id alone.
  slack.fail({ method: "conversations.replies", status: 500 });
  const move = async (old_channel_id: string, new_channel_id: string) => {
    await slack.sendEvent({ type: "channel_id_changed", old_channel_id, new_channel_id });
    await here.bot.bot.idle();
  };
  await move(from, to);
  const { botMirror, botMirrored } = here.database.database;
  expect(await botMirror.findMany()).toMatchObject([{ channelId: to }]);
  expect(new Set((await botMirrored.findMany()).map(({ channelId }) => channelId))).toEqual(new Set([to]));
  expect(await stores.cards.of(card)).toMatchObject([{ channel: to }]);
  await slack.command({ person: "ada", channel: "general", text: "list" });
  await here.bot.bot.idle();
  expect(JSON.stringify(slack.whispers.at(-1)?.blocks)).toContain(`<#${to}>`);
  await move(to, from);
  slack.mend();
  await here.say("ada", "Still here");
  await here.untilSaid("ada: Still here");
  await stores.cards.dropTeam(card.team);
  await stores.close();
});

test("workspaces that an organisation takes from the app are left, and the organisation's token stays", async () => {
  const { teamId: team } = slack.workspace;
  const stores = here.stores();
  await stores.installations.erase(team);
  await install("E1");
  const card = { team, channel: "C1", ts: "1.1", thread: null, subject: "chat x", said: new Uint8Array(1) };
  const elsewhere = { ...card, team: "T0OTHER" };
  for (const one of [card, elsewhere]) await stores.cards.keep(one);
  await slack.sendEvent(
    { type: "team_access_revoked", team_ids: [team, "T0UNKNOWN"] },
    {
      team_id: null,
      enterprise_id: "E1",
      authorizations: [
        { enterprise_id: "E1", team_id: null, user_id: "U0", is_bot: true, is_enterprise_install: true },
      ],
    },
  );
  await here.bot.bot.idle();
  expect(await mirrors()).toBe(0);
  await here.untilSaid("Slack: The mirror has ended: what is written here from now on stays here.");
  expect(await stores.cards.of(card)).toEqual([]);
  expect(await stores.cards.of(elsewhere)).toHaveLength(1);
  expect(await stores.installations.find("E1")).not.toBeNull();
  await stores.cards.drop(elsewhere);
  await stores.installations.erase("E1");
  await stores.close();
  await install();
});

test.each([
  ["the app is removed", { type: "app_uninstalled" }],
  ["its token is revoked", { type: "tokens_revoked", tokens: { oauth: [], bot: ["U0OPENMATES"] } }],
])("when %s, its tokens are erased, and its mirrors end in words", async (_, event) => {
  await slack.sendEvent(event);
  await here.bot.bot.idle();
  expect(await here.database.database.botInstallation.count()).toBe(0);
  expect(await mirrors()).toBe(0);
  await here.untilSaid("Slack: The mirror has ended: what is written here from now on stays here.");
  const calls = slack.calls.length;
  await here.say("ada", "Nobody hears this");
  await here.room.send("Nor this");
  await here.bot.bot.mirrored();
  expect(slack.calls.slice(calls)).toEqual([]);
  expect(inChat(here.room.state)).not.toContain("ada: Nobody hears this");
  await install();
});
