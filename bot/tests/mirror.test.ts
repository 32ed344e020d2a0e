import { messageText, type RoomState } from "@openmates-share/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SlackStub } from "../demo/slack-stub.ts";
import { inChat, MirroredThread } from "./mirrored-thread.ts";

/** A thread and a chat, both ways; each test goes on where the one before ended. */

/** Files of the chat that can be opened. */
function attached({ messages }: RoomState) {
  return messages.loaded.flatMap(({ body, sender }) => {
    if (body.type !== "content" || body.content.type !== "message") return [];
    const files = body.content.parts.flatMap((part) => (part.type === "file" ? (part.embed ?? []) : []));
    return files.map((ref) => ({ ref, sender }));
  });
}

const textOf = (opened: { stream(): ReadableStream }) => new Response(opened.stream()).text();

let here: MirroredThread;
let slack: SlackStub;

beforeAll(async () => {
  here = await MirroredThread.start();
  slack = here.slack;
});
afterAll(() => here?.stop());

test("a thread is mirrored from the message menu, as a whole, and says so on both sides", async () => {
  await here.begin("Where to *eat*?", "The usual place");
  const state = await here.until((now) => inChat(now).length === 3);
  expect(inChat(state)).toEqual([
    "Slack: This chat mirrors a thread of #general in Slack, both ways: what is written here appears there, and Slack can read it.",
    "ada: Where to **eat**?",
    "grace: The usual place",
  ]);
  await here.mirror();
  await here.bot.bot.idle();
  expect(slack.whispers.at(-1)?.text).toContain("mirrored already");
  expect(JSON.stringify(slack.whispers.at(-1)?.blocks)).toContain("stop_mirror");
});

test("what is written on one side appears on the other, once, whatever is delivered how often", async () => {
  const text = "Is it *open* today?";
  const ts = await here.say("ada", text);
  for (let times = 0; times < 3; times += 1) await here.tell({ type: "message", user: slack.person("ada"), ts, text });
  await here.room.send("Yes, until ten. <!channel>");
  await slack.until("Tim's words", () =>
    here.posts().find(({ parameters }) => String(parameters.username).startsWith("Tim")),
  );
  await here.bot.bot.mirrored();
  await here.until((now) => inChat(now).includes("Tim: Yes, until ten. <!channel>"));
  expect(inChat(here.room.state).filter((line) => line.includes("open"))).toEqual(["ada: Is it **open** today?"]);
  const shown = (await here.inSlack()).filter(({ username }) => username);
  expect(shown.map(({ username, text: said }) => [username, said])).toEqual([
    ["Tim (encrypted chat)", expect.stringContaining("Yes, until ten.")],
  ]);
  expect(JSON.stringify(here.posts().at(-1)?.parameters)).not.toContain("<!channel>");
});

test("edits, deletions and reactions go both ways, and none comes back", async () => {
  const channel = slack.channel("general");
  const ts = await here.say("grace", "At sevn");
  await here.until((now) => inChat(now).includes("grace: At sevn"));
  await slack.workspace.as("grace", "chat.update", { channel, ts, text: "At seven" });
  await slack.workspace.as("grace", "reactions.add", { channel, timestamp: ts, name: "tada" });
  await here.tell({ type: "message", subtype: "message_changed", message: { ts, thread_ts: here.thread } });
  const edited = await here.until((now) => inChat(now).includes("grace: At seven"));
  const seven = edited.messages.loaded.find(
    ({ body }) =>
      body.type === "content" && body.content.type === "message" && messageText(body.content) === "At seven",
  );
  const id = seven?.id ?? expect.fail("It is not there.");
  await here.until(({ reactions }) => reactions.of(id).some(({ emoji }) => emoji === "🎉"));
  await slack.workspace.as("grace", "reactions.remove", { channel, timestamp: ts, name: "tada" });
  await slack.sendEvent({
    type: "reaction_removed",
    user: slack.person("grace"),
    reaction: "tada",
    item: { type: "message", channel, ts },
  });
  await here.bot.bot.idle();
  await here.until(({ reactions }) => reactions.of(id).length === 0);
  await here.room.react(id, "👍", true);
  await slack.until("the reaction", () => slack.calls.find(({ method }) => method === "reactions.add"));
  await slack.workspace.as("grace", "chat.delete", { channel, ts });
  await here.tell({ type: "message", subtype: "message_deleted", previous_message: { ts, thread_ts: here.thread } });
  await here.until((now) => inChat(now).includes("(taken back)"));

  const mine = await here.room.send("Me tooo");
  await slack.until("the words", () =>
    here.posts().find(({ parameters }) => JSON.stringify(parameters).includes("Me tooo")),
  );
  await here.bot.bot.mirrored();
  await here.room.edit(mine, "Me too");
  await slack.until("the edit", () => slack.calls.find(({ method }) => method === "chat.update"));
  await here.bot.bot.mirrored();
  expect((await here.inSlack()).map(({ text }) => text)).toContain("Me too");
  await here.room.redact(mine);
  await slack.until("the deletion", () => slack.calls.find(({ method }) => method === "chat.delete"));
  expect((await here.inSlack()).map(({ text }) => text)).not.toContain("Me too");
});

test("an answer of the mate's in the thread comes over once, when it is whole", async () => {
  const text = `<@${slack.workspace.botUser}> until when?`;
  const ts = await slack.reply({ person: "ada", channel: "general", thread: here.thread, text });
  await here.tell({ type: "app_mention", user: slack.person("ada"), ts, text });
  const answer = (await here.inSlack()).findLast(({ user }) => user === slack.workspace.botUser);
  const words = answer?.text.slice(0, 20) ?? expect.fail("No answer came.");
  await here.until((now) => inChat(now).some((line) => line.includes(words)));
  const lines = inChat(here.room.state);
  expect(lines.filter((line) => line.includes(words) || line.endsWith(": …"))).toHaveLength(1);
  expect(here.room.state.messages.loaded.filter(({ edited }) => edited !== null)).toEqual([]);
});

test("files go both ways, with their bytes, each once", async () => {
  const bytes = new TextEncoder().encode("Soup, bread, cake");
  await slack.sendFile({ person: "grace", channel: "general", thread: here.thread, name: "menu.txt", bytes });
  const ts = (await here.inSlack()).at(-1)?.ts;
  for (let times = 0; times < 2; times += 1) await here.tell({ type: "message", subtype: "file_share", ts });
  const state = await here.until((now) => attached(now).length === 1);
  const [menu = expect.fail("No file came.")] = attached(state);
  expect(await textOf(await here.guest.openEmbed({ ...menu, chat: here.room.chat }))).toBe("Soup, bread, cake");

  const blob = new Blob(["x marks the spot"], { type: "text/plain" });
  const named = { name: "map.txt", mediaType: "text/plain" };
  const { ref: embed } = await here.guest.uploadEmbed({ blob, ...named, chat: here.room.chat });
  await here.room.join("<!here> Tim");
  await here.room.send("Here it is", { attachments: [{ type: "file", ...named, size: blob.size, embed }] });
  await here.room.join("Tim");
  const uploads = () => slack.calls.filter(({ method }) => method === "files.completeUploadExternal");
  const { parameters } = await slack.until("the file", () => uploads()[0]);
  expect(parameters.initial_comment).toBe("From &lt;!here&gt; Tim (encrypted chat)");
  await here.bot.bot.mirrored();
  const files = (await here.inSlack()).flatMap((message) => message.files ?? []);
  expect(files.map(({ name }) => name)).toEqual(["menu.txt", "map.txt"]);
  const download = await fetch(files[1]?.url_private.replace("localhost", "127.0.0.1") ?? "", {
    headers: { authorization: `Bearer ${slack.botToken}` },
  });
  expect(await download.text()).toBe("x marks the spot");
  expect(attached(here.room.state)).toHaveLength(2);
});

test("a file that is deleted alone in Slack goes from the chat, too, and its message stays", async () => {
  const [menu = expect.fail("It is not there.")] = attached(here.room.state);
  const file = (await here.inSlack()).flatMap(({ files = [] }) => files).find(({ name }) => name === "menu.txt");
  await slack.deleteFile({ person: "grace", file: file?.id ?? expect.fail("It is not there.") });
  await here.settled();
  await here.untilSaid("grace: 📎 a file that was deleted");
  expect(attached(here.room.state)).toHaveLength(1);
  const opening = here.guest.openEmbed({ ...menu, chat: here.room.chat });
  await expect(opening.then(textOf)).rejects.toMatchObject({ code: "not_found" });
  const edits = here.room.state.messages.through;
  await here.tell({ type: "message", user: slack.person("ada"), ts: here.thread, text: "" });
  expect(here.room.state.messages.through).toBe(edits);
});

test("after an outage both sides catch up, in order, on another node, and nothing twice", async () => {
  await here.bot.bot.stop();
  for (const text of ["one", "two", "three"])
    await slack.reply({ person: "ada", channel: "general", thread: here.thread, text });
  for (const text of ["eins", "zwei", "drei"]) await here.room.send(text);
  const bytes = new TextEncoder().encode("menu");
  await slack.sendFile({ person: "ada", channel: "general", thread: here.thread, name: "menu.txt", bytes });
  here.bot = await here.startBot();
  await here.bot.bot.mirrored();
  const state = await here.until((now) => inChat(now).some((line) => line === "ada: three"));
  const said = inChat(state).filter((line) => /: (?:one|two|three|eins|zwei|drei)$/u.test(line));
  expect(said).toEqual(["Tim: eins", "Tim: zwei", "Tim: drei", "ada: one", "ada: two", "ada: three"]);
  const words = ["eins", "zwei", "drei"];
  const shown = (await here.inSlack()).map(({ text }) => text).filter((text) => words.includes(text));
  expect(shown).toEqual(words);
  await here.until(({ messages }) =>
    messages.loaded.some(
      ({ body }) =>
        body.type === "content" &&
        body.content.type === "message" &&
        body.content.parts.some((part) => part.type === "file" && part.embed !== null),
    ),
  );
  // What a crash between posting and noting leaves: the post is known by what travels with it.
  await here.database.database.botMirrored.deleteMany({ where: { fromSlack: false } });
  const before = (await here.inSlack()).length;
  await here.tell({ type: "message", user: slack.person("ada"), ts: here.thread, text: "" });
  expect(await here.inSlack()).toHaveLength(before);
});

test("a click ends it, and what is written afterwards stays where it is", async () => {
  const click = {
    person: "grace",
    channel: "general",
    action: { action_id: "stop_mirror" },
    ts: here.thread,
    thread: here.thread,
  };
  await slack.click({ ...click, action: { action_id: "stop_mirror", value: "" } });
  await here.bot.bot.idle();
  const ended = await here.until((now) => inChat(now).some((line) => line.includes("The mirror has ended")));
  const lines = inChat(ended).length;
  await here.say("ada", "only here");
  await here.room.send("only there");
  await here.until((now) => inChat(now).length === lines + 1);
  expect((await here.inSlack()).some(({ text }) => text === "only there")).toBe(false);
  expect(inChat(here.room.state).join()).not.toContain("only here");
  expect(await here.database.database.botMirror.count()).toBe(0);
});
