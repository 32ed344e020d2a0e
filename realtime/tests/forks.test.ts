import {
  type Forked,
  mentionsMate,
  type Room,
  type RoomMessage,
  type ShareClient,
  textParts,
} from "@openmates-share/client";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { live, messagesOf, ShareWorld, says, shareChat, textsOf } from "./share-world.ts";
import { until } from "./until.ts";

let world: ShareWorld;
beforeAll(async () => {
  world = await ShareWorld.start();
});
afterEach(() => world.closeClients());
afterAll(() => world.stop());

/** Forks what is opened by a link, as somebody without an account, and opens the fork. */
async function forkOf(url: string, options: { through?: number } = {}) {
  const forker = world.client();
  const source = await forker.open(url, { live: false });
  const forked = await forker.fork(source, options);
  return { forker, source, forked, fork: await opened(forker, forked) };
}

async function opened(forker: ShareClient, { chat }: Forked): Promise<Room> {
  const room = await forker.reopen(chat, { live: false });
  await room.whenComplete();
  return room;
}

/** What a new link to the fork shows to somebody else. */
async function readElsewhere(forker: ShareClient, { chat }: Forked): Promise<Room> {
  const { url } = await forker.createLink(chat, { mode: "read-only" });
  const room = await world.client().open(url, { live: false });
  await room.whenComplete();
  return room;
}

function standings({ state }: Room, messages: readonly RoomMessage[]): unknown[] {
  return messages.flatMap((message) => {
    if (message.body.type === "content" && message.body.content.type !== "message") return [];
    return [state.ancestry?.judge(message) ?? null];
  });
}

function proven({ state: { ancestry } }: Room) {
  if (ancestry?.state !== "proven") throw new Error(`not proven: ${JSON.stringify(ancestry)}`);
  return ancestry;
}

describe("a fork", () => {
  test("O1: has the messages with what proves them to whoever reads it later, and starts private", async () => {
    const owner = world.client();
    const { url, chat, room } = await shareChat(owner, { mode: "read-only" });
    const { forker, forked, fork } = await forkOf(url);
    expect(await forker.links(forked.chat)).toEqual([]);
    expect(forked).toMatchObject({ title: "Together", copies: 3, unproven: 0, leftOut: 0 });
    for (const read of [fork, await readElsewhere(forker, forked)]) {
      expect(textsOf(read)).toEqual(["One", "Two", "Three"]);
      expect(standings(read, messagesOf(read))).toEqual(["sealed", "sealed", "sealed"]);
      const [source] = proven(read).chats;
      expect(source).toMatchObject({ chat, owner: room.state.owner, title: "Together", sealedThrough: 3 });
      expect(read.state.integrity.state).toBe("sealed");
    }
  });

  test("O3: from a branch point has what is up to there, and goes on in words of the forker's own", async () => {
    const { url } = await shareChat(world.client(), { mode: "read-only" });
    const { forker, forked, source } = await forkOf(url, { through: 2 });
    const fork = await live(forker.reopen(forked.chat));
    await fork.send("And now something else.");
    await says(fork, "And now something else.");
    expect(textsOf(fork)).toEqual(["One", "Two", "And now something else."]);
    expect(standings(fork, messagesOf(fork))).toEqual(["sealed", "sealed", null]);
    expect(proven(fork)).toMatchObject({ through: 2, copies: 2, leftOut: 0 });
    expect(source.state.messages.through).toBe(3);
  });

  test("O6: has edits as they are and nothing that was deleted, answers of the mate as its own, and says what no seal covers", async () => {
    const owner = world.client();
    const { url, chat, room } = await shareChat(owner);
    const changed = await room.send("My number is 555-0199.");
    await room.edit(changed, "My number is not here.");
    await room.redact(await room.send("A secret."));
    const question = await room.send("@OpenMates, what is rye?");
    expect(mentionsMate("@OpenMates, what is rye?")).toBe(true);
    await room.ask(question);
    await until(() => messagesOf(room).some(({ body }) => body.type === "reply"));
    await owner.updateShared(chat);
    await room.send("Behind the seal.");
    const { forker, forked, fork } = await forkOf(url);
    expect(forked).toMatchObject({ copies: 7, leftOut: 1 });
    for (const read of [fork, await readElsewhere(forker, forked)]) {
      const texts = textsOf(read);
      expect(texts.slice(0, 5)).toEqual(["One", "Two", "Three", "My number is not here.", "@OpenMates, what is rye?"]);
      expect(standings(read, messagesOf(read))).toEqual([
        "sealed",
        "sealed",
        "sealed",
        "edited",
        "sealed",
        "sealed",
        "signed",
      ]);
      const reply = messagesOf(read).find(({ body }) => body.type === "reply")?.body;
      const asked = messagesOf(read).find(
        ({ body }) =>
          body.type === "content" &&
          "parts" in body.content &&
          texts[4] === "@OpenMates, what is rye?" &&
          body.copied?.message === question,
      );
      expect(reply).toMatchObject({ reply: { demo: true, replyTo: asked?.id } });
      expect(proven(read).leftOut).toBe(1);
    }
    expect(JSON.stringify(await everything(fork))).not.toContain("555-0199");
  });

  test("O8: has the files of its source as its own", async () => {
    const owner = world.client();
    const { url, chat, room } = await shareChat(owner);
    const blob = new Blob(["rye ".repeat(100_000)]);
    const file = { name: "rye.txt", mediaType: "text/plain", size: blob.size } as const;
    const { ref } = await owner.uploadEmbed({ blob, ...file, chat });
    await room.send("The recipe.", { attachments: [{ type: "file", ...file, embed: ref }] });
    await owner.updateShared(chat);
    const { forker, forked } = await forkOf(url);
    expect(forked.filesLeftOut).toBe(0);
    await owner.deleteChat(chat);
    const read = await readElsewhere(forker, forked);
    const reader = world.client();
    const { url: again } = await forker.createLink(forked.chat, { mode: "read-only" });
    const theirs = await reader.open(again, { live: false });
    await theirs.whenComplete();
    const shown = messagesOf(theirs).flatMap(({ sender, body }) =>
      body.type === "content" && body.content.type === "message"
        ? body.content.parts.flatMap((part) =>
            part.type === "file" && part.embed ? [{ ref: part.embed, sender }] : [],
          )
        : [],
    );
    const [one] = shown;
    if (!one) throw new Error("no file");
    expect(one.ref.id).not.toBe(ref.id);
    const embed = await reader.openEmbed({ ...one, chat: theirs.chat });
    expect(await embed.text()).toBe(await blob.text());
    expect(standings(read, messagesOf(read)).at(-1)).toBe("sealed");
    const other = { ...one, ref: { ...one.ref, content: new Uint8Array(32) }, chat: theirs.chat };
    await expect(reader.openEmbed(other)).rejects.toMatchObject({ code: "bad_signature" });
  });

  test("O11: of a fork proves both, each message by who said it first", async () => {
    const { url, chat } = await shareChat(world.client(), { mode: "read-only" });
    const { forker, forked } = await forkOf(url, { through: 2 });
    const fork = await live(forker.reopen(forked.chat, { name: "Grace" }));
    await fork.send("By Grace.");
    await says(fork, "By Grace.");
    await forker.updateShared(forked.chat);
    const { url: second } = await forker.createLink(forked.chat, { mode: "read-only" });
    const { fork: grandchild, forker: last, forked: again } = await forkOf(second);
    for (const read of [grandchild, await readElsewhere(last, again)]) {
      expect(textsOf(read)).toEqual(["One", "Two", "By Grace."]);
      expect(standings(read, messagesOf(read))).toEqual(["sealed", "sealed", "sealed"]);
      expect(proven(read).chats.map((ancestor) => ancestor.chat)).toEqual([chat, forked.chat]);
      expect(proven(read).leftOut).toBe(0);
    }
  });

  test("that is cancelled leaves no trace, and one of some hundred messages says how far it is", async () => {
    const messages = Array.from({ length: 450 }, (_, i) => ({
      role: "user" as const,
      name: "",
      parts: textParts(`Message ${i}`),
      time: null,
      model: null,
    }));
    const { url } = await world.client().share({ title: "Long", messages }, { mode: "read-only" });
    const forker = world.client();
    const source = await forker.open(url, { live: false });
    const before = await world.database.database.chat.count();
    const cancelling = new AbortController();
    const progress: number[] = [];
    const onProgress = (done: number) => {
      progress.push(done);
      if (done > 500) cancelling.abort();
    };
    await expect(forker.fork(source, { onProgress, signal: cancelling.signal })).rejects.toMatchObject({
      code: "aborted",
    });
    expect(await world.database.database.chat.count()).toBe(before);
    expect(await forker.chats()).toHaveLength(1);
    const forked = await forker.fork(source, { onProgress: (done) => progress.push(done) });
    expect(progress.at(-1)).toBe(900);
    const fork = await opened(forker, forked);
    let all = 0;
    for await (const page of fork.read()) {
      for (const message of page) if (fork.state.ancestry?.judge(message) === "sealed") all++;
    }
    expect(all).toBe(450);
  });
});

/** All that somebody with the fork's keys can read of it. */
async function everything(room: Room): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const page of room.read()) all.push(...page);
  return all;
}
