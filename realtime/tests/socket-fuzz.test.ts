import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  appendToTranscript,
  type ChatId,
  emptyTranscript,
  equalBytes,
  idBytes,
  newId,
  type StoredMessage,
  WIRE_ERRORS,
} from "@openmates-share/protocol/wire";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createChat, createLink, createPerson, read, type TestChat, type TestLink, write } from "./chat-world.ts";
import { brokenFrame, Dice, mutated } from "./mutations.ts";
import { CLIENT_EVENTS, WELL_FORMED } from "./socket-events.ts";
import { type SocketNode, startSocketNode } from "./socket-node.ts";
import { TestClient } from "./test-client.ts";
import { until } from "./until.ts";

/** Fifty people send two hundred events each, most of them wrong in some way, while two others go on talking. */

const SEED = 20_261_121;
const ATTACKERS = 50;
const EVENTS_EACH = 190;
const BROKEN_EACH = 10;
const AT_ONCE = 10;

/** What the memory may have grown by in the end: what is warmed up and kept, far below what was sent. */
const GROWTH_BYTES = 16 << 20;

let world: TestDatabase;
let node: SocketNode;
beforeAll(async () => {
  world = await createTestDatabase();
  node = await startSocketNode({ databaseUrl: world.databaseUrl });
});
afterAll(async () => {
  await node.stop();
  await world.stop();
});

interface Target extends TestChat {
  readonly writers: TestLink;
  readonly readers: TestLink;
}

async function target(): Promise<Target> {
  const chat = await createChat(world.database);
  const link = (mode: "collaborative" | "read-only") => createLink(world.database, { chat: chat.chat, mode });
  return { ...chat, writers: await link("collaborative"), readers: await link("read-only") };
}

/** One person's attack; each begins as somebody else: a stranger, a reader, a member here, a member elsewhere. */
async function attack(number: number, targets: { quiet: Target; loud: Target }): Promise<void> {
  const dice = new Dice(SEED + number);
  const { quiet, loud } = targets;
  const person = await createPerson(world.database);
  const { sender } = person.identity;
  const client = new TestClient({ url: node.url, session: number % 5 === 0 ? null : person.session });
  const seated = [
    null,
    { chat: loud.chat, link: loud.writers.bearer },
    { chat: loud.chat, link: loud.readers.bearer },
    { chat: quiet.chat, link: quiet.readers.bearer },
  ][number % 4];
  client.socket.on("connect", () => {
    if (seated) client.socket.emit("join", { ...seated, sender, after: 0 });
  });
  await until(() => client.socket.connected);
  const chats: readonly ChatId[] = [quiet.chat, loud.chat, newId<ChatId>()];
  const request = () => {
    const event = dice.one(CLIENT_EVENTS);
    return { event, request: WELL_FORMED[event]({ chat: dice.one(chats), sender }) };
  };
  const answers = Array.from({ length: EVENTS_EACH }, () => {
    const { event, request: wellFormed } = request();
    return client.raw(
      dice.roll() < 0.02 ? "nothing" : event,
      dice.roll() < 0.2 ? wellFormed : mutated(dice, wellFormed),
    );
  });
  for (const answer of await Promise.all(answers)) expectAnswer(answer);
  for (let i = 0; i < BROKEN_EACH; i++) {
    await until(() => client.socket.connected);
    const { event, request: wellFormed } = request();
    client.socket.io.engine.write(Buffer.from(brokenFrame(dice, event, wellFormed)));
    // Either it was an event after all, or the connection has ended: both come before an answer to the next one.
    await client.raw("nothing").catch(() => {});
  }
  client.close();
}

function expectAnswer(answer: unknown): void {
  const { ok, error } = answer as { ok?: unknown; error?: { code: string; message: string } };
  if (ok === true) return;
  expect(ok).toBe(false);
  expect(Object.keys(WIRE_ERRORS)).toContain(error?.code);
  expect(error?.code, error?.message).not.toBe("internal");
  expect(error?.message).toMatch(/^[A-Z].*\.$/);
}

async function onslaught(targets: { quiet: Target; loud: Target }, numbers: readonly number[]): Promise<void> {
  for (let at = 0; at < numbers.length; at += AT_ONCE) {
    await Promise.all(numbers.slice(at, at + AT_ONCE).map((number) => attack(number, targets)));
  }
}

/** Two people in a room that others can only read; they must notice nothing. */
async function converse({ quiet }: { quiet: Target }, over: () => boolean) {
  const member = await createPerson(world.database);
  const people = [quiet.owner, member];
  const clients = await Promise.all(people.map(({ session }) => TestClient.connect({ url: node.url, session })));
  let lost = 0;
  for (const [i, client] of clients.entries()) {
    client.socket.on("disconnect", () => lost++);
    const join = { chat: quiet.chat, link: quiet.writers.bearer, sender: people[i]?.identity.sender, after: 0 };
    await client.request("join", join);
  }
  const said: string[] = [];
  for (let turn = 0; !over(); turn++) {
    const text = `turn ${turn}`;
    const message = await write(quiet, { by: people[turn % 2] ?? member, text });
    await clients[turn % 2]?.request("send", { chat: quiet.chat, message });
    said.push(text);
  }
  expect(lost).toBe(0);
  for (const client of clients) {
    const heard = await until(() => {
      const messages = client.heard("messages").flatMap((batch) => batch.messages);
      return messages.length >= said.length && messages;
    });
    expect(await Promise.all(heard.map((message) => read(quiet, message)))).toEqual(said);
    await expectWhole(quiet.chat, heard);
    for (const event of ["typing", "ask", "delta", "removed", "changed"] as const)
      expect(client.heard(event)).toEqual([]);
    client.close();
  }
  return said.length;
}

/** Numbers without gaps, and heads that follow from one another. */
async function expectWhole(chat: ChatId, messages: readonly StoredMessage[]): Promise<void> {
  let transcript = await emptyTranscript(chat);
  for (const message of messages) {
    transcript = await appendToTranscript(transcript, message);
    expect(message.seq).toBe(transcript.seq);
    expect(equalBytes(message.head, transcript.head)).toBe(true);
  }
}

async function storedIn({ chat, owner: { session } }: Target): Promise<readonly StoredMessage[]> {
  const owner = await TestClient.connect({ url: node.url, session });
  const { page } = await owner.request("join", { chat, link: null, sender: null, after: 0 });
  const messages = [...page.messages];
  while (messages.length < page.through) {
    const more = await owner.request("history", { chat, after: messages.length });
    messages.push(...more.page.messages);
  }
  owner.close();
  return messages;
}

/** Bytes in use when everything that can go is gone. */
function memory(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test("ten thousand random and mutated events leave the server up, its memory flat and its rooms unharmed", async () => {
  const targets = { quiet: await target(), loud: await target() };
  const numbers = Array.from({ length: ATTACKERS }, (_, number) => number);
  await onslaught(targets, numbers.slice(0, AT_ONCE));
  const before = memory();
  let over = false;
  const conversation = converse(targets, () => over);
  await onslaught(targets, numbers).finally(() => {
    over = true;
  });
  const said = await conversation;
  expect(said).toBeGreaterThan(20);
  // What belongs to connections goes once their ends have been seen.
  await until(() => memory() - before < GROWTH_BYTES);

  expect(await world.database.message.count({ where: { chatId: idBytes(targets.quiet.chat) } })).toBe(said);
  await expectWhole(targets.loud.chat, await storedIn(targets.loud));
  expect(node.log.lines).toEqual([]);
});
