import { randomBytes } from "node:crypto";
import { memoryStore, messageText, type RoomState, ShareClient, textParts } from "@openmates-share/client";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { freePort } from "@openmates-share/testing/free-port";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { SlackStub } from "../demo/slack-stub.ts";
import type { OpenView } from "../demo/web-api.ts";
import { emptyForm } from "../src/screens/share-form.ts";
import { BotKey } from "../src/stores/bot-key.ts";
import { prismaStores } from "../src/stores/prisma-stores.ts";
import { type RunningBot, startWithSlack } from "./running-bot.ts";

/** The whole way on real parts: PostgreSQL, the server, the bot, and Slack's Web API in the emulator. */

const PASSWORD = "correct horse battery";
const SECRET_WORDS = "the launch code is in the fridge";
const key = new BotKey(randomBytes(32));
/** A server that is started again has to open what it sealed before. */
const VAULT_KEY = randomBytes(32).toString("base64");
let database: TestDatabase;
let server: ServerProcess;
let running: RunningBot;
let slack: SlackStub;

beforeAll(async () => {
  database = await createTestDatabase();
  const env = { VAULT_KEY, PORT: String(await freePort()) };
  server = await startServer({ databaseUrl: database.databaseUrl, env });
  running = await startWithSlack({ serverUrl: server.url, stores: storesOnDatabase(), logLevel: "debug" });
  slack = running.slack;
  // In the emulator nobody is in a channel who did not join it.
  for (const person of ["ada", "grace"])
    for (const channel of ["general", "random"])
      await slack.workspace.as(person, "conversations.join", { channel: slack.channel(channel) });
});
afterAll(async () => {
  await running?.stop();
  await server?.stop();
  await database?.stop();
});
beforeEach(async () => {
  await running.bot.idle();
  slack.calls.length = 0;
  slack.whispers.length = 0;
  slack.views.clear();
});

const storesOnDatabase = () => prismaStores({ databaseUrl: database.databaseUrl, key });

async function openForm(channel: string): Promise<OpenView> {
  const { status } = await slack.command({ person: "ada", channel, text: "" });
  expect(status).toBe(200);
  return slack.until("the form", () => [...slack.views.values()][0]);
}

/** The link of the card that the channel shows last. */
async function lastCard(channel: string): Promise<string> {
  await slack.until("the card", () => slack.calls.find(({ method }) => method === "chat.postMessage"));
  const [, url] = /"url":"([^"]+)"/u.exec(JSON.stringify((await slack.channelShown(channel)).at(-1)?.blocks)) ?? [];
  if (!url) throw new Error("The card has no link.");
  return url;
}

async function whisper(words: string): Promise<string> {
  const found = await slack.until(`“${words}”`, () =>
    slack.whispers.map(({ blocks }) => JSON.stringify(blocks)).find((text) => text.includes(words)),
  );
  return found;
}

async function read(link: string, password?: string): Promise<RoomState> {
  const client = new ShareClient({ server: server.url, store: memoryStore() });
  try {
    return await (await client.open(link, { live: false, password: password ?? null })).whenComplete();
  } finally {
    await client.close();
  }
}

const texts = ({ messages }: RoomState) =>
  messages.loaded.map(({ body }) =>
    body.type === "content" && body.content.type === "message" ? messageText(body.content) : body.type,
  );

test("shares the last messages of a channel, oldest first, under names, and nothing before them", async () => {
  const ada = slack.person("ada");
  for (const text of ["long before", "first", `<@${ada}> second`, "third"])
    await slack.say({ person: "grace", channel: "general", text });
  const { milliseconds, body } = await slack.submit({
    view: await openForm("general"),
    values: { count: { value: "3" } },
  });
  expect(milliseconds).toBeLessThan(3000);
  expect(JSON.parse(body)).toMatchObject({ response_action: "update" });

  const room = await read(await lastCard("general"));
  expect(texts(room)).toEqual(["first", "@ada second", "third"]);
  expect(
    room.messages.loaded.map(({ body }) => body.type === "content" && "name" in body.content && body.content.name),
  ).toEqual(["grace", "grace", "grace"]);
  expect(room.integrity.state).toBe("sealed");
  expect(room.title).toMatch(/^#general, /u);
});

test("the next share leaves out the card of the first, which has another chat's key in it", async () => {
  await slack.submit({ view: await openForm("general"), values: { count: { value: "200" } } });
  const room = await read(await lastCard("general"));
  expect(texts(room)).toEqual(["long before", "first", "@ada second", "third"]);
});

test("with a password and only to oneself: nobody reads it without, and no key or word is stored or logged", async () => {
  await slack.say({ person: "ada", channel: "random", text: SECRET_WORDS });
  await slack.submit({
    view: await openForm("random"),
    values: { share_password: { value: PASSWORD }, audience: { selected_option: { value: "me" } } },
  });
  const [, link = ""] = /<(http[^>]+)>/u.exec(await whisper("is shared")) ?? [];
  expect(slack.calls.some(({ method }) => method === "chat.postMessage")).toBe(false);
  await expect(read(link)).rejects.toMatchObject({ code: "locked" });
  expect(texts(await read(link, PASSWORD))).toEqual([SECRET_WORDS]);

  await slack.say({ person: "grace", channel: "general", text: `<${link}>` });
  await slack.until("the unfurl", () => slack.calls.find(({ method }) => method === "chat.unfurl"));
  await running.bot.idle();
  const [, fragment = ""] = /#key=(.+)$/u.exec(link) ?? [];
  const places = {
    database: await database.dump(),
    log: Buffer.from(running.log.join("\n")),
    server: Buffer.from(server.output()),
  };
  for (const [place, bytes] of Object.entries(places)) {
    for (const secret of [PASSWORD, SECRET_WORDS, fragment, Buffer.from(fragment, "base64url")]) {
      expect(bytes.includes(secret), place).toBe(false);
    }
  }
});

test("a preview shows on the card of a pasted link, and only if it was chosen", async () => {
  await slack.say({ person: "ada", channel: "random", text: "something to share" });
  const preview = {
    title: { value: "Fridges & <launches>" },
    preview: { selected_options: [{ value: "show" }] },
    summary: { value: "What is in there" },
    category: { selected_option: { value: "science" } },
  };
  const short = await openForm("random");
  const ticked = { preview: preview.preview };
  await slack.changeForm({ view: short, values: ticked });
  const view = await slack.until("what a preview needs", () => {
    const now = slack.views.get(short.id);
    return JSON.stringify(now?.view).includes('"block_id":"summary"') ? now : undefined;
  });
  await running.bot.idle();
  await slack.submit({ view: slack.views.get(short.id) ?? view, values: preview });
  const open = await lastCard("random");
  await running.bot.idle();
  slack.calls.length = 0;
  slack.views.clear();
  await slack.submit({ view: await openForm("random"), values: { title: { value: "Hidden title" } } });
  const hidden = await lastCard("random");

  const { ts } = await slack.say({ person: "grace", channel: "general", text: `<${open}> and <${hidden}>` });
  await slack.until("the unfurl", () => slack.calls.find(({ method }) => method === "chat.unfurl"));
  const unfurls = (await slack.channelShown("general")).find((message) => message.ts === ts)?.unfurls;
  expect(JSON.stringify(unfurls?.get(open))).toContain("*Fridges &amp; &lt;launches&gt;*");
  expect(JSON.stringify(unfurls?.get(open))).toContain("Science");
  expect(unfurls?.has(hidden)).toBe(true);
  expect(JSON.stringify(unfurls?.get(hidden))).not.toContain("Hidden title");
});

/** The blocks under a link in a message, as JSON. */
async function cardUnder(channel: string, ts: string, url: string): Promise<string> {
  await running.bot.idle();
  const message = (await slack.channelShown(channel)).find((one) => one.ts === ts);
  return JSON.stringify(message?.unfurls.get(url) ?? null);
}

test("a pasted link's card says what the link shows, is kept true, and says when it is over", async () => {
  await slack.say({ person: "ada", channel: "random", text: "for a card" });
  const values = { count: { value: "1" }, mode: { selected_option: { value: "collaborative" } } };
  await slack.submit({ view: await openForm("random"), values });
  const url = await lastCard("random");
  await running.bot.idle();
  const { ts } = await slack.say({ person: "grace", channel: "general", text: `<${url}>` });
  const card = await cardUnder("general", ts, url);
  const words = ["1 message", "open for writing", "no end date", "Join the chat", "Stop sharing"];
  for (const word of words) expect(card).toContain(word);
  expect(slack.whispers.at(-1)).toMatchObject({ text: expect.stringContaining("Slack now holds this link's key") });

  await slack.say({ person: "ada", channel: "random", text: "and more" });
  await slack.command({ person: "ada", channel: "random", text: `update ${url}` });
  await whisper("Updated: 1 message");
  expect(await cardUnder("general", ts, url)).toContain("2 messages");
  // The card that announced it says so, too.
  expect(await messagesIn("random")).toContain("2 messages · open for writing");

  await slack.click({ person: "grace", channel: "general", action: { action_id: "stop_sharing", value: chatOf(url) } });
  await whisper("You have not shared this");
  await slack.click({ person: "ada", channel: "general", action: { action_id: "stop_sharing", value: chatOf(url) } });
  await whisper("Stopped.");
  expect(await cardUnder("general", ts, url)).toContain("no longer shared");
  expect(await messagesIn("random")).toContain("has ended this share");
  await slack.say({ person: "grace", channel: "random", text: `<${url}>` });
  await running.bot.idle();
  expect(slack.calls.filter(({ method }) => method === "chat.unfurl")).toHaveLength(3);
});

const messagesIn = async (channel: string) =>
  JSON.stringify((await slack.channelShown(channel)).map(({ blocks }) => blocks));

/** Shared elsewhere, by somebody whom the workspace knows nothing of. */
async function sharedElsewhere() {
  const owner = new ShareClient({ server: server.url, store: memoryStore() });
  const say = (text: string) =>
    ({ role: "user", name: "Hedy", parts: textParts(text), time: null, model: null }) as const;
  const conversation = { title: "Frequencies", messages: [say("88 of them"), say("like a piano")] };
  const preview = { title: "Frequencies", summary: "How to hop", category: "electrical_engineering" } as const;
  const expiresAt = Date.now() + 60 * 60_000;
  const shared = await owner.share(conversation, { mode: "collaborative", preview, expiresAt });
  return { owner, expiresAt, ...shared };
}

test("the card of what was shared elsewhere says as much, counts messages alone, and any node keeps it true", async () => {
  const { owner, chat, link, url, expiresAt } = await sharedElsewhere();
  const room = await owner.reopen(chat);
  await room.whenLive();
  const { messages } = await room.whenComplete();
  await room.react(messages.loaded[0]?.id ?? expect.fail("There are two."), "\u{1f44d}", true);
  const { ts } = await slack.say({ person: "grace", channel: "general", text: `<${url}>` });
  const card = await cardUnder("general", ts, url);
  const words = ["*Frequencies*", "How to hop", "2 messages", "open for writing", "Join the chat"];
  for (const word of [...words, `ends <!date^${Math.floor(expiresAt / 1000)}`]) expect(card).toContain(word);
  expect(card).not.toContain("Stop sharing");

  const due = () => database.database.botCard.updateMany({ data: { checkedAt: new Date(0) } });
  await room.send("and a torpedo");
  await due();
  const another = await startWithSlack({ serverUrl: server.url, stores: storesOnDatabase(), slackStub: slack });
  slack.connect(running.bot.url ?? "");
  await another.bot.compareCards();
  expect(await cardUnder("general", ts, url)).toContain("3 messages");
  await owner.revokeLink(chat, link);
  await due();
  await Promise.all([another.bot.compareCards(), running.bot.compareCards()]);
  expect(await cardUnder("general", ts, url)).toContain("no longer shared");
  const unfurls = slack.calls.filter(({ method }) => method === "chat.unfurl");
  expect(unfurls.map(({ answer }) => answer.ok)).toEqual([true, true, true]);
  await another.bot.stop();
  room.close();
  await owner.close();
});

test("the card of a file says what its owner chose to show, with what it is", async () => {
  const owner = new ShareClient({ server: server.url, store: memoryStore() });
  const draft = { blob: new Blob(["pixels"]), name: "coast.png", mediaType: "image/png", chat: null };
  const { ref } = await owner.uploadEmbed(draft);
  const embeds = await owner.embeds();
  const { embed, url } = await owner.shareEmbed(await embeds.openKnown(ref.id), { expiresAt: Date.now() + 60_000 });
  const paste = async () => {
    const { ts } = await slack.say({ person: "grace", channel: "general", text: `<${url}>` });
    return cardUnder("general", ts, url);
  };
  const generic = await paste();
  expect(generic).toContain("Shared on OpenMates");
  expect(generic).toContain("Open the item");
  const preview = { title: "Map of the coast", summary: "Picture, 305 kB", type: "image" } as const;
  await embeds.setPreview(embed, preview);
  await database.database.botUnfurl.deleteMany();
  const card = await paste();
  for (const word of ["*Map of the coast*", "Picture, 305 kB", "Image", "ends <!date"]) expect(card).toContain(word);
  expect(card).not.toContain("read only");
  await owner.close();
});

const chatOf = (url: string) => new URL(url).pathname.split("/").at(-1);

test("a link that a channel has seen is replaced by one whose key goes apart, or that has a password", async () => {
  await slack.submit({ view: await openForm("random"), values: { count: { value: "1" } } });
  const seen = await lastCard("random");
  await running.bot.idle();
  slack.calls.length = 0;
  await slack.click({ person: "ada", channel: "random", action: { action_id: "rekey_apart", value: chatOf(seen) } });
  await whisper("Done: the link that was posted has ended");
  const posts = slack.calls.filter(({ method }) => method === "chat.postMessage").map(({ parameters }) => parameters);
  expect(posts.map(({ channel }) => channel)).toEqual([slack.person("ada")]);
  const [, fresh = ""] = /<(http[^>]+#key=[^>]+)>/u.exec(JSON.stringify(posts[0])) ?? [];
  // In the place of the card that had it.
  expect(await messagesIn("random")).not.toContain(new URL(seen).hash);
  expect(await messagesIn("random")).toContain("has replaced the link");
  await expect(read(seen)).rejects.toMatchObject({ code: "not_found" });
  expect(texts(await read(fresh))).toHaveLength(1);

  slack.calls.length = 0;
  slack.views.clear();
  await slack.click({ person: "ada", channel: "random", action: { action_id: "rekey_locked", value: chatOf(seen) } });
  const view = await slack.until("the form", () => [...slack.views.values()][0]);
  await slack.submit({ view, values: { share_password: { value: PASSWORD } } });
  await running.bot.idle();
  const [, locked = ""] = /<(http[^>]+#key=[^>]+)>/u.exec(JSON.stringify(slack.calls)) ?? [];
  await expect(read(fresh)).rejects.toMatchObject({ code: "not_found" });
  await expect(read(locked)).rejects.toMatchObject({ code: "locked" });
  expect(texts(await read(locked, PASSWORD))).toHaveLength(1);
});

test("a channel that the bot was not invited to is explained in the form, with what was filled in", async () => {
  const view = await openForm("secret");
  await slack.submit({ view, values: { title: { value: "Kept title" } } });
  const shown = await slack.until("the reason", () => {
    const text = JSON.stringify(slack.views.get(view.id)?.view);
    return text.includes("Invite me") && text.includes("Kept title") ? text : undefined;
  });
  expect(shown).toContain("Kept title");
});

test("a form that was closed meanwhile is answered by a message", async () => {
  const view = await openForm("secret");
  const submitted = slack.submit({ view, values: {} });
  slack.close(view);
  await submitted;
  slack.close(view);
  await whisper("Nothing was shared.");
});

test("what was shared can be listed and stopped, by its sharer alone, also after a restart of the bot", async () => {
  await slack.say({ person: "ada", channel: "general", text: "to be stopped" });
  await slack.submit({
    view: await openForm("general"),
    values: { count: { value: "1" }, title: { value: "Stop me" } },
  });
  const link = await lastCard("general");
  await running.bot.idle();

  await running.bot.stop();
  const again = await startWithSlack({ serverUrl: server.url, stores: storesOnDatabase(), slackStub: slack });
  running = { ...again, log: [...running.log, ...again.log] };

  await slack.command({ person: "ada", channel: "general", text: "list" });
  expect(await whisper("What you have shared")).toContain("*Stop me*");
  await slack.command({ person: "grace", channel: "general", text: `stop ${link}` });
  await whisper("You have not shared this");
  expect(texts(await read(link))).toEqual(["to be stopped"]);
  await slack.command({ person: "ada", channel: "general", text: `stop ${link}` });
  await whisper("Stopped.");
  await expect(read(link)).rejects.toMatchObject({ code: "not_found" });
  slack.whispers.length = 0;
  await slack.command({ person: "ada", channel: "general", text: "list" });
  expect(await whisper("What you have shared")).not.toContain("*Stop me*");
});

test("a thread is shared from the message menu, with its file, and updated by what is written later", async () => {
  const { ts: thread } = await slack.say({ person: "ada", channel: "random", text: "Plans for *tea*?" });
  await slack.reply({ person: "grace", channel: "random", thread, text: "Yes, with :cake:" });
  const bytes = new TextEncoder().encode("flour, eggs");
  await slack.sendFile({ person: "grace", channel: "random", thread, name: "recipe.txt", bytes });
  const message = { ts: thread, user: slack.person("ada"), text: "Plans for *tea*?" };
  await slack.messageShortcut({ person: "ada", channel: "random", callback: "share_thread", message });
  const view = await slack.until("the form", () => [...slack.views.values()][0]);
  const values = { take: { selected_options: [{ value: "files" }] }, title: { value: "Tea" } };
  await slack.submit({ view, values });
  await slack.until("the card", () => slack.calls.find(({ method }) => method === "chat.postMessage"));
  await running.bot.idle();
  const card = slack.calls.find(({ method }) => method === "chat.postMessage")?.parameters;
  expect(card?.thread_ts).toBe(thread);
  const [, link = ""] = /"url":"([^"]+)"/u.exec(JSON.stringify(card)) ?? [];
  const room = await read(link);
  expect(texts(room).slice(0, 2)).toEqual(["Plans for **tea**?", "Yes, with 🍰"]);
  expect(await fileIn(link)).toBe("flour, eggs");

  await slack.reply({ person: "ada", channel: "random", thread, text: "And scones" });
  for (const _ of ["once", "twice"]) await slack.command({ person: "ada", channel: "random", text: `update ${link}` });
  await whisper("Updated: 1 message added");
  await whisper("Nothing new");
  expect(texts(await read(link)).at(-1)).toBe("And scones");
  await slack.command({ person: "grace", channel: "random", text: `update ${link}` });
  await whisper("You have not shared this");
});

/** What the first file of a chat says. */
async function fileIn(link: string): Promise<string> {
  const client = new ShareClient({ server: server.url, store: memoryStore() });
  try {
    const room = await client.open(link, { live: false });
    const { messages } = await room.whenComplete();
    for (const { body, sender } of messages.loaded) {
      if (body.type !== "content" || body.content.type !== "message") continue;
      for (const part of body.content.parts) {
        if (part.type !== "file" || !part.embed) continue;
        const embed = await client.openEmbed({ ref: part.embed, chat: room.chat, sender });
        return await new Response(embed.stream()).text();
      }
    }
    throw new Error("There is no file.");
  } finally {
    await client.close();
  }
}

test("what a dead node had begun is offered again by another, once", async () => {
  const stores = storesOnDatabase();
  const form = { ...emptyForm({ title: "Half done", thread: false }), count: 1 };
  const origin = { channel: slack.channel("general"), thread: null, responseUrl: null };
  const job = { kind: "share", team: slack.workspace.teamId, user: slack.person("ada"), origin, form } as const;
  await stores.jobs.begin({ ...job, passwordWanted: true }, -1);
  const again = await startWithSlack({ serverUrl: server.url, stores, slackStub: slack });
  slack.connect(running.bot.url ?? "");
  const offer = await whisper("I was interrupted");
  const [, value = ""] = /"action_id":"share_again","text":\{[^}]*\},"value":("(?:[^"\\]|\\.)*")/u.exec(offer) ?? [];
  await slack.click({
    person: "ada",
    channel: "general",
    action: { action_id: "share_again", value: JSON.parse(value) },
  });
  const view = await slack.until("the form", () => [...slack.views.values()][0]);
  expect(JSON.stringify(view.view)).toContain("Half done");
  expect(JSON.stringify(view.view)).toContain("type it again");
  await again.bot.stop();
  expect(await database.database.botJob.count()).toBe(0);
});

test("two people who share at the same moment get a chat each, in a workspace that has never shared before", async () => {
  const fresh = await startWithSlack({ serverUrl: server.url });
  try {
    for (const person of ["ada", "grace"]) {
      await fresh.slack.say({ person, channel: "general", text: `hello from ${person}` });
      await fresh.slack.command({ person, channel: "general", text: "" });
    }
    const views = await fresh.slack.until("both forms", () => {
      const open = [...fresh.slack.views.values()];
      return open.length === 2 ? open : undefined;
    });
    await Promise.all(views.map((view) => fresh.slack.submit({ view, values: { count: { value: "2" } } })));
    await fresh.bot.idle();
    const cards = JSON.stringify((await fresh.slack.channelShown("general")).map(({ blocks }) => blocks));
    const urls = [...cards.matchAll(/"url":"([^"]+)"/gu)].map(([, url = ""]) => url);
    expect(new Set(urls).size).toBe(2);
    for (const url of urls) expect(texts(await read(url))).toHaveLength(2);
  } finally {
    await fresh.stop();
  }
});

test("a server that is gone loses nothing: the form comes back, and works when the server does", async () => {
  const view = await openForm("general");
  await server.stop();
  await slack.submit({ view, values: { title: { value: "Patience" }, count: { value: "1" } } });
  const back = await slack.until("the form with the reason", () => {
    const now = slack.views.get(view.id);
    return JSON.stringify(now?.view).includes("Patience") ? now : undefined;
  });
  expect(JSON.stringify(back.view)).toContain(":warning:");
  const env = { VAULT_KEY, PORT: new URL(server.url).port };
  server = await startServer({ databaseUrl: database.databaseUrl, env });
  await slack.submit({ view: back, values: {} });
  expect((await read(await lastCard("general"))).title).toBe("Patience");
});
