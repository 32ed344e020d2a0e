import { Buffer } from "node:buffer";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decode } from "@msgpack/msgpack";
import { memoryStore, type SecretStore, ShareClient } from "@openmates-share/client";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { findLeaks, type Secret, type Trace } from "@openmates-share/testing/leak-search";
import { codeIn, startMail, type TestMail } from "@openmates-share/testing/mail";
import { startModel, type TestModel } from "@openmates-share/testing/model";
import { type Program, startProgram } from "@openmates-share/testing/program";
import { startRedis, type TestRedis } from "@openmates-share/testing/redis";
import { monitorRedis, type RedisMonitor } from "@openmates-share/testing/redis-monitor";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SlackStub } from "../../bot/demo/slack-stub.ts";
import { conversationOf, until, useWholeChat } from "./whole-chat.ts";

/** Everything that only people may read; each is found nowhere else in the world. */
const TEXTS = {
  title: "Grundriß der geheimen Sternwarte",
  password: "pässwort für Ödland 77",
  question: "Wohin mit dem Teleskop aus Messing?",
  answer: "Auf den Nordturm, hinter die Kupferkuppel.",
  followUp: "Der Schlüssel liegt unter der Sonnenuhr.",
  mention: "@OpenMates wie schwer ist die Kupferkuppel wirklich?",
  reply: "Ungefähr siebenhundert Kilogramm, samt Drehkranz.",
  name: "Hypatia von Alexandria",
  slack: "Die Linse kommt am Donnerstag mit dem Nachtzug.",
  slackTitle: "Lieferung der großen Linse",
  slackPassword: "nachtzug nach lissabon",
  address: "hypatia.sternwarte@alexandria.example",
  newAddress: "hypatia.kuppel@alexandria.example",
  passphrase: "drei Linsen, zwei Rohre, kein Mond",
  thread: "Im Frachtbrief stehen vier Kisten zu viel.",
} as const;

/** The same of what is written, attached, answered and taken back. */
const WORDS = {
  first: "Die Astrolabien kommen in den Westflügel.",
  edited: "Die Astrolabien bleiben im Gewölbe.",
  takenBack: "Der Pförtner nimmt Bestechung an.",
  withheld: "Kein Modell soll vom Geheimgang wissen.",
  fileName: "Inventar der Sternwarte.txt",
  file: "Sieben Quadranten, drei Sextanten, eine Armillarsphäre.",
  filePassword: "quadrant und sextant",
  fileLabel: "Für den Kurator allein",
  ownModel: "sternwarte-eigenmodell-7b",
  ownModelKey: "sk-eigenes-modell-der-sternwarte",
  ownAnswer: "Das Gewölbe ist trocken genug für Messing.",
  forkTitle: "Abschrift vom Grundriß",
} as const;

/** Tables that stay empty here: of workspaces that install the bot by OAuth, and of work that ends at once. */
const UNUSED = new Set(["bot_installations", "bot_install_states", "bot_jobs", "bot_touched"]);

/** Six digits each, which stand by chance in many places: they are looked for on their own. */
const codes: string[] = [];

let database: TestDatabase;
let redis: TestRedis;
let monitor: RedisMonitor;
let model: TestModel;
let mail: TestMail;
let nodes: ServerProcess[];
let slack: SlackStub;
let bot: Program;
let secrets: Secret[];
let traces: Trace[];

beforeAll(async () => {
  [database, redis, model, mail] = await Promise.all([createTestDatabase(), startRedis(), startModel(), startMail()]);
  monitor = await monitorRedis(redis.url);
  const first = await node();
  nodes = [first, await node(first.dataDir)];
  slack = await SlackStub.start({
    people: [{ name: "ada", realName: "Ada Lovelace" }],
    channels: [{ name: "general" }, { name: "random" }],
    unfurlDomains: [new URL(first.url).hostname],
  });
  bot = await startProgram({
    script: "bot/dist/main.js",
    env: {
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      SLACK_API_URL: slack.apiUrl,
      SERVER_URL: first.url,
      DATABASE_URL: database.databaseUrl,
      DATA_DIR: first.dataDir,
      BOT_PORT: "0",
      LOG_LEVEL: "debug",
    },
  });
  slack.connect(bot.ready);
  secrets = [...textSecrets(), ...(await shareAndWriteTogether()), ...(await shareFromSlack())];
  traces = await collectTraces();
});

afterAll(async () => {
  monitor?.stop();
  await bot?.stop();
  await slack?.stop();
  await Promise.all((nodes ?? []).map((server) => server.stop()));
  await Promise.all([model?.stop(), redis?.stop(), mail?.stop()]);
  await database?.stop();
});

function node(dataDir?: string): Promise<ServerProcess> {
  return startServer({
    databaseUrl: database.databaseUrl,
    redisUrl: redis.url,
    ...(dataDir === undefined ? {} : { dataDir }),
    env: { ...model.env, ...mail.env, LOG_LEVEL: "debug" },
  });
}

function textSecrets(): Secret[] {
  return Object.entries({ ...TEXTS, ...WORDS }).map(([name, value]) => ({ name, value }));
}

/** A chat with a password, written on by two people on two nodes, with an answer; returns the keys of both devices. */
async function shareAndWriteTogether(): Promise<Secret[]> {
  const [first, second] = nodes;
  if (!first || !second) throw new Error("two nodes are started above");
  const stores = { owner: memoryStore(), friend: memoryStore() };
  const owner = new ShareClient({ server: first.url, store: stores.owner });
  const friend = new ShareClient({ server: second.url, store: stores.friend });
  const conversation = conversationOf(TEXTS.title, [TEXTS.question, TEXTS.answer]);
  const { chat, url } = await owner.share(conversation, { mode: "collaborative", password: TEXTS.password });
  await expect(friend.open(url, { password: `${TEXTS.password}, wrong` })).rejects.toMatchObject({
    code: "unable_to_decrypt",
  });
  const friendsRoom = await friend.open(url, { password: TEXTS.password, name: TEXTS.name });
  await friendsRoom.whenLive();
  await friendsRoom.join(TEXTS.name);
  const ownersRoom = await owner.reopen(chat);
  await ownersRoom.whenLive();
  await ownersRoom.send(TEXTS.followUp);
  model.answer("Kupferkuppel", { text: TEXTS.reply, pause: 20 });
  await friendsRoom.ask(await friendsRoom.send(TEXTS.mention));
  await until(ownersRoom, ({ messages }) => messages.loaded.some(({ body }) => body.type === "reply"));
  expect(model.requests().at(-1)?.join("\n")).toContain(TEXTS.followUp);
  await owner.updateShared(chat);
  const { link } = await owner.createLink(chat, { mode: "read-only", label: TEXTS.title });
  await owner.links(chat);
  await owner.revokeLink(chat, link);
  await useWholeChat({ owner, friend, ownersRoom, friendsRoom, words: WORDS });
  await comeAndGo(url);
  const gone = await owner.startChat({ title: TEXTS.title });
  await owner.createLink(gone, { mode: "read-only" });
  await owner.deleteChat(gone);
  await signInAndSync(owner);
  await owner.close();
  await friend.close();
  return [
    ...(await keysIn("the owner's device", stores.owner)),
    ...(await keysIn("the friend's device", stores.friend)),
  ];
}

/** Somebody writes, and leaves again. */
async function comeAndGo(url: string): Promise<void> {
  const passing = new ShareClient({ server: nodes[0]?.url ?? "", store: memoryStore() });
  const room = await passing.open(url, { password: TEXTS.password, name: TEXTS.name });
  await room.whenLive();
  await room.join(TEXTS.name);
  await room.send(TEXTS.followUp);
  await passing.leave(room.chat);
  await passing.close();
}

/** Signs in, turns sync on, and changes the address; a wrong code and a refused mail leave their traces too. */
async function signInAndSync(client: ShareClient): Promise<void> {
  const account = await client.account();
  const { request } = await account.askCode(TEXTS.address);
  const code = codeIn(await mail.to(TEXTS.address));
  const proof = { email: TEXTS.address, request, device: "A test" };
  await expect(account.signInByCode({ ...proof, code: code === "000000" ? "000001" : "000000" })).rejects.toThrow();
  await account.signInByCode({ ...proof, code });
  await account.sync.turnOn(TEXTS.passphrase);
  await account.sync.sync();
  mail.refuseNext(1, 550);
  await expect(account.askAddressCode(TEXTS.newAddress)).rejects.toMatchObject({ code: "mail_failed" });
  const asked = await account.askAddressCode(TEXTS.newAddress);
  const second = codeIn(await mail.to(TEXTS.newAddress));
  await account.addAddress({ email: TEXTS.newAddress, request: asked.request, code: second, replaces: null });
  // Asked for and not used: what waits is in the database still.
  await account.askCode(TEXTS.address);
  codes.push(code, second, codeIn(await mail.to(TEXTS.address)));
}

/** `/share` with a password, the card pasted elsewhere; returns the key of its link. */
async function shareFromSlack(): Promise<Secret[]> {
  await slack.say({ person: "ada", channel: "general", text: TEXTS.slack });
  await slack.command({ person: "ada", channel: "general", text: "" });
  const view = await slack.until("the form", () => [...slack.views.values()][0]);
  const values = {
    count: { value: "1" },
    title: { value: TEXTS.slackTitle },
    share_password: { value: TEXTS.slackPassword },
  };
  await slack.submit({ view, values });
  const url = await slack.until("the card", () => {
    const call = slack.calls.find(({ method }) => method === "chat.postMessage");
    return /"url":"([^"]+#key=[^"]+)"/.exec(JSON.stringify(call ?? ""))?.[1];
  });
  await slack.say({ person: "ada", channel: "random", text: `Look: <${url}>` });
  await slack.until("the unfurl", () => slack.calls.find(({ method }) => method === "chat.unfurl"));
  return [
    { name: "the key of Slack's link", value: keyIn(url) },
    { name: "the mirror's key", value: await mirrorThread() },
  ];
}

/** Mirrors a thread to a chat, and has something said on both sides; returns the key of its link. */
async function mirrorThread(): Promise<Buffer> {
  const cards = () => slack.calls.filter(({ method }) => method === "chat.postMessage");
  const before = cards().length;
  const { ts } = await slack.say({ person: "ada", channel: "general", text: TEXTS.thread });
  const message = { ts, user: slack.person("ada"), text: "" };
  await slack.messageShortcut({ person: "ada", channel: "general", callback: "mirror_thread", message });
  const url = await slack.until("the mirror's card", () => {
    const card = cards()
      .slice(before)
      .find(({ parameters }) => JSON.stringify(parameters).includes("#key="));
    return /"url":"([^"]+#key=[^"]+)"/.exec(JSON.stringify(card ?? ""))?.[1];
  });
  const guest = new ShareClient({ server: nodes[0]?.url ?? "", store: memoryStore() });
  const room = await guest.open(url, { name: TEXTS.name });
  await room.whenLive();
  await until(room, ({ messages }) => messages.through >= 2);
  await guest.close();
  return keyIn(url);
}

function keyIn(url: string): Buffer {
  return Buffer.from(new URL(url).hash.replace("#key=", ""), "base64url");
}

/** What a device keeps to itself, out of its own store. */
async function keysIn(device: string, store: SecretStore): Promise<Secret[]> {
  // Where one's own model is, is kept as JSON; its key is one of the words.
  const names = (await store.names("")).filter((name) => name !== "own-model");
  const records = await Promise.all(names.map(async (name) => decode((await store.get(name)) ?? new Uint8Array())));
  return records.flatMap((record) =>
    secretKeys(record).map(({ name, value }) => ({ name: `${name} on ${device}`, value })),
  );
}

const SECRET_FIELDS = new Set(["raw", "linkKey", "wrapKey", "privateKey"]);

function secretKeys(value: unknown): Secret[] {
  if (Array.isArray(value)) return value.flatMap(secretKeys);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, field]: [string, unknown]) =>
    SECRET_FIELDS.has(name) && field instanceof Uint8Array ? [{ name, value: field }] : secretKeys(field),
  );
}

async function collectTraces(): Promise<Trace[]> {
  const [first] = nodes;
  if (!first) throw new Error("two nodes are started above");
  const files = readdirSync(first.dataDir).map((name) => ({
    name: `the file ${name}`,
    bytes: readFileSync(join(first.dataDir, name)),
  }));
  return [
    { name: "the database", bytes: await database.dump() },
    { name: "the Redis traffic", bytes: await monitor.read() },
    ...nodes.map((server, i) => ({ name: `the log of node ${i + 1}`, bytes: Buffer.from(server.output()) })),
    { name: "the bot's log", bytes: Buffer.from(bot.output()) },
    ...files,
  ];
}

describe("R1: what a whole run leaves behind", () => {
  it("is there to be searched", () => {
    const sizes = Object.fromEntries(traces.map(({ name, bytes }) => [name, bytes.length]));
    // The logs are on their lowest level, so that they have much to say.
    const expected = {
      "the database": 10_000,
      "the Redis traffic": 10_000,
      "the log of node 1": 1000,
      "the bot's log": 1000,
    };
    for (const [name, size] of Object.entries(expected)) expect([name, sizes[name]]).toEqual([name, atLeast(size)]);
    expect(secrets.length).toBeGreaterThan(Object.keys(TEXTS).length + 6);
  });

  it("comes from everything that there is to store in", async () => {
    const tables = await database.database.$queryRaw<{ name: string; rows: number }[]>`
      select table_name as name, (xpath('/row/c/text()', query_to_xml(
        format('select count(*) as c from public.%I', table_name), false, true, '')))[1]::text::int as rows
      from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`;
    const empty = tables.filter(({ rows, name }) => rows === 0 && !UNUSED.has(name)).map(({ name }) => name);
    expect(empty).toEqual([]);
  });

  it("holds no text, no key and no password, in no spelling", () => {
    expect(findLeaks(traces, secrets)).toEqual([]);
  });

  it("holds no code that was sent by mail", () => {
    expect(codes).toHaveLength(3);
    for (const code of codes) {
      const alone = new RegExp(`(?<![\\w.])${code}(?![\\w.])`);
      for (const { name, bytes } of traces) {
        expect([name, alone.test(Buffer.from(bytes).toString("latin1"))]).toEqual([name, false]);
      }
    }
  });

  it("would show a leak into the database", async () => {
    const { database: prisma } = database;
    await prisma.$executeRaw`update links set label = ${Buffer.from(TEXTS.password)}`;
    const bytes = await database.dump();
    expect(findLeaks([{ name: "the database", bytes }], secrets)).toMatchObject([{ secret: "password" }, {}]);
  });

  it("would show a leak into Redis, of a text and of a key", async () => {
    const key = secrets.find(({ name }) => name.startsWith("linkKey"));
    if (!key) throw new Error("links were made above");
    const client = new Redis(redis.url);
    await client.publish("oms:planted", Buffer.concat([Buffer.from([1, 2]), Buffer.from(key.value)]));
    await client.publish("oms:planted", JSON.stringify({ text: TEXTS.slack }));
    client.disconnect();
    const bytes = await monitor.read();
    const found = new Set(findLeaks([{ name: "Redis", bytes }], secrets).map(({ secret }) => secret));
    expect(found).toEqual(new Set([key.name, "slack", ...sameValue(key)]));
  });

  it("would show a leak into a log", () => {
    const bytes = Buffer.from(`${bot.output()}{"msg":${JSON.stringify(`cannot read ${TEXTS.mention}`)}}\n`);
    expect(findLeaks([{ name: "log", bytes }], secrets).map(({ secret }) => secret)).toContain("mention");
  });
});

function atLeast(size: number) {
  return expect.toSatisfy((actual: number) => actual >= size, `at least ${size} bytes`);
}

/** The same key is known to several devices under several names. */
function sameValue(key: Secret): string[] {
  return secrets
    .filter(({ value }) => Buffer.compare(Buffer.from(value), Buffer.from(key.value)) === 0)
    .map(({ name }) => name);
}
