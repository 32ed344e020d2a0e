import { randomBytes } from "node:crypto";
import type { ChatId, EmbedId, LinkId, MessageId } from "@openmates-share/client";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { BotKey } from "../src/stores/bot-key.ts";
import { memoryStores } from "../src/stores/memory-stores.ts";
import { prismaStores } from "../src/stores/prisma-stores.ts";
import type { Share, Stores } from "../src/stores/stores.ts";
import { shareOf } from "./fake-workspace.ts";

let database: TestDatabase;
const key = new BotKey(randomBytes(32));

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.stop());

const newId = <T extends string>() => randomBytes(16).toString("base64url") as T;
const bytes = (text: string) => new TextEncoder().encode(text);

describe.each([
  ["in memory", () => memoryStores()],
  ["in the database", () => prismaStores({ databaseUrl: database.databaseUrl, key })],
])("stores %s", (_, open) => {
  let stores: Stores;
  let team: string;
  beforeEach(async () => {
    team = newId();
    stores = open();
    return () => stores.close();
  });

  const share = (over: Partial<Share> = {}): Share =>
    shareOf({ team, chat: newId<ChatId>(), link: newId<LinkId>(), ...over });

  test("give secrets back as they were put in, per workspace and name", async () => {
    const secrets = stores.secrets(team);
    expect(await secrets.get("session")).toBeNull();
    await secrets.set("session", bytes("one"));
    await secrets.set("session", bytes("two"));
    expect(await secrets.get("session")).toEqual(bytes("two"));
    expect(await stores.secrets(newId()).get("session")).toBeNull();
    await secrets.delete("session");
    await secrets.delete("session");
    expect(await secrets.get("session")).toBeNull();
  });

  test("tell the names that begin with a prefix, whatever characters it has", async () => {
    const secrets = stores.secrets(team);
    for (const name of ["chat/a", "chat/b", "chat%", "chatter"]) await secrets.set(name, bytes("x"));
    expect((await secrets.names("chat/")).toSorted()).toEqual(["chat/a", "chat/b"]);
    expect(await secrets.names("chat%")).toEqual(["chat%"]);
    expect(await secrets.names("chat_")).toEqual([]);
  });

  test("list a person's shares, newest first, and nobody else's", async () => {
    const older = share();
    const newer = share({ createdAt: older.createdAt + 1 });
    for (const one of [older, newer, share({ user: "U2" }), share({ team: newId() })]) await stores.shares.add(one);
    expect(await stores.shares.ofUser({ team, user: "U1", limit: 9 })).toEqual([newer, older]);
    expect(await stores.shares.ofUser({ team, user: "U1", limit: 1 })).toEqual([newer]);
  });

  test("find the shares of a chat for its sharer alone, until they are revoked", async () => {
    const one = share();
    await stores.shares.add(one);
    expect(await stores.shares.ofChat({ team, user: "U1", chat: one.chat })).toEqual([one]);
    expect(await stores.shares.ofChat({ team, user: "U2", chat: one.chat })).toEqual([]);
    await stores.shares.markRevoked(one);
    await stores.shares.markRevoked(one);
    expect(await stores.shares.ofChat({ team, user: "U1", chat: one.chat })).toEqual([]);
    expect(await stores.shares.ofUser({ team, user: "U1", limit: 9 })).toEqual([]);
  });

  test("keep how far a share was taken, and forget it when it ends by itself", async () => {
    const one = share({ thread: "1.1", lastTs: "1.2", files: true, replies: true, collaborative: true });
    const ending = share({ user: "U2", expiresAt: Date.now() + 60_000 });
    const ended = share({ user: "U2", expiresAt: Date.now() - 1 });
    for (const any of [one, ending, ended]) await stores.shares.add(any);
    await stores.shares.update({ ...one, lastTs: "1.3", cardTs: "1.4" });
    expect(await stores.shares.byChat({ team, chat: one.chat })).toEqual([{ ...one, lastTs: "1.3", cardTs: "1.4" }]);
    expect(await stores.shares.ofUser({ team, user: "U2", limit: 9 })).toEqual([ending]);
    expect(await stores.shares.ofChat({ team, user: "U2", chat: ended.chat })).toEqual([]);
  });

  test("hand a job on when whoever held it has let go, to one alone", async () => {
    const spot = { channel: "C1", ts: "1.1", thread: null, direct: false };
    const rest = { channel: "C1", thread: "1.1", ts: null, button: null, spot };
    const job = { kind: "answer", team, user: "U1", ...rest } as const;
    const held = await stores.jobs.begin(job, 60_000);
    expect(await stores.jobs.takeOver(60_000)).toBeNull();
    await stores.jobs.change(held, { ...job, ts: "1.2" });
    await stores.jobs.hold(held, -1);
    const takers = await Promise.all(Array.from({ length: 4 }, () => stores.jobs.takeOver(60_000)));
    expect(takers.filter((taken) => taken !== null)).toEqual([{ id: held, job: { ...job, ts: "1.2" } }]);
    await stores.jobs.end(held);
    expect(await stores.jobs.takeOver(60_000)).toBeNull();
  });

  test("let one of many claim an event, until it is given back", async () => {
    const id = newId<string>();
    const claims = await Promise.all(Array.from({ length: 8 }, () => stores.events.claim(id)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    await stores.events.release(id);
    expect(await stores.events.claim(id)).toBe(true);
  });

  test("keep cards, by place and by what they are of, and let them go", async () => {
    const said = new Uint8Array([1, 2, 3]);
    const card = { team, channel: "C1", ts: "1.1", thread: null, subject: "chat x", said };
    const reply = { ...card, ts: "1.2", thread: "1.1" };
    for (const one of [card, reply, { ...card, subject: "chat y" }, { ...card, team: newId<string>() }])
      await stores.cards.keep(one);
    const ofX = async () =>
      (await stores.cards.of({ team, subject: "chat x" })).toSorted((a, b) => (a.ts < b.ts ? -1 : 1));
    expect(await ofX()).toEqual([card, reply]);
    await stores.cards.keep({ ...card, said: new Uint8Array([4]) });
    expect((await ofX())[0]?.said).toEqual(new Uint8Array([4]));
    await stores.cards.drop(card);
    expect(await ofX()).toEqual([reply]);
    expect(await stores.cards.of({ team, subject: "chat y" })).toHaveLength(1);
    await stores.cards.dropTeam(team);
    expect(await stores.cards.of({ team, subject: "chat y" })).toEqual([]);
  });

  test("find the mirrors of a channel, and the messages that have a file, under the channel's next id, too", async () => {
    const chat = newId<ChatId>();
    const place = { team, channel: "C1", thread: "1.1" };
    const file = { file: "F1", embed: newId<EmbedId>() };
    const rest = { fromSlack: true, said: bytes("x"), filesLeft: 0, upload: null, files: [file] };
    const entry = { message: newId<MessageId>(), ts: "1.2", ...rest };
    const [mirror, other] = [
      { ...place, chat, user: "U1" },
      { ...place, channel: "C2", chat, user: "U1" },
    ];
    for (const one of [mirror, other]) await stores.mirrors.add(one);
    await stores.mirrors.lease("here", 60_000);
    await stores.mirrors.keep({ ...place, node: "here" }, entry);
    await stores.mirrors.keep({ ...other, node: "here" }, { ...entry, files: [] });
    await stores.mirrors.missed({ team, channel: "C1" });
    expect((await stores.mirrors.touched(place)).all).toBe(true);
    expect((await stores.mirrors.touched(other)).all).toBe(false);
    await stores.shares.add(share({ chat, channel: "C1" }));
    for (const kept of [stores.mirrors, stores.shares]) await kept.moveChannel({ team, from: "C1", to: "C9" });
    expect(await stores.mirrors.ofChannel({ team, channel: "C1" })).toEqual([]);
    expect(await stores.mirrors.ofChannel({ team, channel: "C9" })).toEqual([{ ...mirror, channel: "C9" }]);
    const moved = { ...place, channel: "C9" };
    expect(await stores.mirrors.withFile({ team, file: "F1" })).toEqual([{ ...moved, ts: "1.2" }]);
    expect(await stores.mirrors.entryAt(moved, "1.2")).toEqual(entry);
    expect(await stores.mirrors.withFile({ team, file: "F2" })).toEqual([]);
    expect(await stores.mirrors.withFile({ team: newId(), file: "F1" })).toEqual([]);
    expect((await stores.shares.byChat({ team, chat }))[0]?.channel).toBe("C9");
  });

  test("take word of a mirror from the node that works on it, and from no other", async () => {
    const place = { team, channel: "C1", thread: "1.1" };
    await stores.mirrors.add({ ...place, chat: newId<ChatId>(), user: "U1" });
    const rest = { fromSlack: false, said: bytes("x"), filesLeft: 0, upload: null, files: [] };
    const entry = { message: newId<MessageId>(), ts: null, ...rest };
    const [here, there] = [
      { ...place, node: "here" },
      { ...place, node: "there" },
    ];
    const gone = { code: "not_mirrored" };
    await expect(stores.mirrors.note(here, entry)).rejects.toMatchObject(gone);
    await stores.mirrors.lease("here", -1);
    expect(await stores.mirrors.note(here, entry)).toEqual(entry);
    await stores.mirrors.lease("there", 60_000);
    const posted = { ...entry, ts: "1.2" };
    expect(await stores.mirrors.note(there, posted)).toEqual(entry);
    await stores.mirrors.keep(there, posted);
    expect(await stores.mirrors.note(there, entry)).toEqual(posted);
    await expect(stores.mirrors.keep(here, { ...entry, ts: "1.3" })).rejects.toMatchObject(gone);
    await expect(stores.mirrors.drop(here, entry.message)).rejects.toMatchObject(gone);
    await expect(stores.mirrors.advance(here, { chatThrough: 9 })).rejects.toMatchObject(gone);
    expect(await stores.mirrors.entry(place, entry.message)).toEqual(posted);
    expect((await stores.mirrors.progress(place)).chatThrough).toBe(0);
    await stores.mirrors.drop(there, entry.message);
    await stores.mirrors.drop(there, entry.message);
    expect(await stores.mirrors.entry(place, entry.message)).toBeNull();
  });

  test("let one of many claim an unfurl", async () => {
    const spot = { team, place: "C1", subject: "chat x" };
    const claims = await Promise.all(Array.from({ length: 8 }, () => stores.unfurls.claim(spot)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await stores.unfurls.claim({ ...spot, place: "C2" })).toBe(true);
    expect(await stores.unfurls.claim({ ...spot, subject: "chat y" })).toBe(true);
    await stores.unfurls.release(spot);
    expect(await stores.unfurls.claim(spot)).toBe(true);
  });
});

test("a claim lapses after half an hour, and is swept then", async () => {
  const stores = prismaStores({ databaseUrl: database.databaseUrl, key });
  const spot = { team: newId(), place: "C1", subject: "chat x" };
  const age = (minutes: number) =>
    database.database.botUnfurl.updateMany({
      where: { teamId: spot.team },
      data: { seenAt: new Date(Date.now() - minutes * 60_000) },
    });
  expect(await stores.unfurls.claim(spot)).toBe(true);
  await age(29);
  expect(await stores.unfurls.claim(spot)).toBe(false);
  await age(31);
  expect(await stores.unfurls.claim(spot)).toBe(true);
  await age(31);
  await stores.unfurls.claim({ ...spot, place: "C2" });
  expect(await database.database.botUnfurl.count({ where: { teamId: spot.team } })).toBe(1);
  await stores.close();
});

test("a card is due after ten minutes, for one node alone, and forgotten after three days", async () => {
  const nodes = [1, 2].map(() => prismaStores({ databaseUrl: database.databaseUrl, key }));
  const team = newId<string>();
  const [first] = nodes;
  if (!first) throw new Error("There are two.");
  for (const ts of ["1.1", "1.2", "1.3"])
    await first.cards.keep({ team, channel: "C1", ts, thread: null, subject: "chat x", said: new Uint8Array(1) });
  const age = (data: { checkedAt?: Date; postedAt?: Date }) =>
    database.database.botCard.updateMany({ where: { teamId: team }, data });
  const due = async () => (await Promise.all(nodes.map((node) => node.cards.due(20)))).flat().map(({ ts }) => ts);
  expect(await due()).toEqual([]);
  await age({ checkedAt: new Date(Date.now() - 10 * 60_000) });
  expect((await due()).toSorted()).toEqual(["1.1", "1.2", "1.3"]);
  expect(await due()).toEqual([]);
  await age({ postedAt: new Date(Date.now() - 3 * 24 * 60 * 60_000 - 1000) });
  await due();
  expect(await first.cards.of({ team, subject: "chat x" })).toEqual([]);
  await Promise.all(nodes.map((node) => node.close()));
});

test("the memory's claims lapse, too", async () => {
  let now = 0;
  const { unfurls } = memoryStores({ now: () => now });
  const spot = { team: "T", place: "C1", subject: "chat x" };
  expect(await unfurls.claim(spot)).toBe(true);
  now += 30 * 60_000 - 1;
  expect(await unfurls.claim(spot)).toBe(false);
  now += 1;
  expect(await unfurls.claim(spot)).toBe(true);
});

test("the database sees neither secrets nor, under another key or in another row, gives them back", async () => {
  const stores = prismaStores({ databaseUrl: database.databaseUrl, key });
  const team = newId<string>();
  await stores.secrets(team).set("session", bytes("a very secret thing"));
  expect((await database.dump()).includes("a very secret thing")).toBe(false);

  const stranger = prismaStores({ databaseUrl: database.databaseUrl, key: new BotKey(randomBytes(32)) });
  await expect(stranger.secrets(team).get("session")).rejects.toMatchObject({ code: "unsealable" });
  await database.database.botSecret.update({
    where: { teamId_name: { teamId: team, name: "session" } },
    data: { name: "identity" },
  });
  await expect(stores.secrets(team).get("identity")).rejects.toMatchObject({ code: "unsealable" });
  await Promise.all([stores.close(), stranger.close()]);
});
