import { type FilePart, messageText, textParts } from "@openmates-share/protocol/content";
import {
  type ChatKey,
  createChatKey,
  createIdentity,
  type Identity,
  openMessage,
} from "@openmates-share/protocol/crypto";
import {
  type Bytes,
  type ChatId,
  equalBytes,
  type MessageId,
  newId,
  type Receipt,
} from "@openmates-share/protocol/wire";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ClientError } from "./errors.ts";
import { LocalOpener } from "./local-opener.ts";
import { memoryStore } from "./memory-store.ts";
import { type Draft, Outbox } from "./outbox.ts";
import { OutboxStore } from "./outbox-store.ts";
import type { SecretStore } from "./secret-store.ts";
import { Transcript } from "./transcript.ts";

const chat = newId<ChatId>();
const draft = (text: string, more: Partial<Extract<Draft, { type: "message" }>> = {}): Draft => ({
  type: "message",
  role: "user",
  name: "Ada",
  parts: textParts(text),
  replyTo: null,
  model: null,
  withheld: false,
  time: 0,
  ...more,
});
const thumb = (on: boolean): Draft => ({ type: "reaction", target: newId(), emoji: "\u{1f44d}", on, time: 0 });
const noLine = () => new ClientError("unreachable", "no line", { retryable: true });

let chatKey: ChatKey;
let identity: Identity;
let store: SecretStore;
let online: boolean;
let outboxes: Outbox[];
/** Every attempt, in order. */
let sent: { id: MessageId; envelope: Bytes }[];
/** What the server has, with what it was first given. */
let stored: Map<MessageId, Bytes>;
let failures: ClientError[];

beforeEach(async () => {
  [sent, stored, failures, outboxes] = [[], new Map(), [], []];
  [online, store] = [true, memoryStore()];
  chatKey = await createChatKey(chat);
  identity = (await createIdentity()).identity;
});
afterEach(() => {
  for (const outbox of outboxes) outbox.stop();
});

async function take({ id, envelope }: { id: MessageId; envelope: Bytes }): Promise<Receipt> {
  sent.push({ id, envelope });
  const failure = failures.shift();
  if (failure) throw failure;
  const known = stored.get(id);
  if (known && !equalBytes(known, envelope)) throw new ClientError("conflict", "Other bytes.");
  stored.set(id, envelope);
  return { seq: stored.size, head: new Uint8Array(32) };
}

/** A tab of the device, or its next run. */
async function open(options: { writer?: Identity; send?: typeof take } = {}): Promise<Outbox> {
  const keys = [chatKey];
  const opener = new LocalOpener({ chat, keys, mate: newId() });
  const outbox = new Outbox({
    transcript: await Transcript.create({ chat, keys, owner: newId(), opener }),
    identity: options.writer ?? identity,
    store: new OutboxStore(store, chat),
    send: options.send ?? take,
    ready: () => online,
    arrived: (id) => stored.has(id),
    changed: vi.fn(),
  });
  outboxes.push(outbox);
  await outbox.flush();
  return outbox;
}

/** Writes some texts; what becomes of each, and of all. */
function written(outbox: Outbox, ...texts: string[]): { each: Promise<MessageId>[]; all: Promise<MessageId[]> } {
  const each = texts.map((text) => outbox.add(draft(text)));
  for (const one of each) one.catch(() => undefined);
  const all = Promise.all(each);
  all.catch(() => undefined);
  return { each, all };
}

async function storedTexts(): Promise<string[]> {
  const { sender } = identity;
  const opened = [...stored].map(([message, envelope]) => openMessage({ chatKey, message, sender, envelope }));
  return (await Promise.all(opened)).map(({ content }) =>
    content.type === "message" ? (messageText(content).split("\n")[0] ?? "") : "",
  );
}

const waiting = (outbox: Outbox) => outbox.pending.map(({ text }) => text);
const kept = () => store.names("outbox/");

describe("R8: what is written", () => {
  it("goes out in the order it was written", async () => {
    const outbox = await open();
    const ids = await written(outbox, "one", "two", "three").all;
    expect(sent.map(({ id }) => id)).toEqual(ids);
    expect(outbox.pending).toEqual([]);
    await expect.poll(() => kept()).toEqual([]);
  });

  it("waits while the line is down and is repeated byte for byte, so that it is stored once", async () => {
    failures = [noLine()];
    const outbox = await open();
    const { all: acknowledged } = written(outbox, "hello");
    await expect.poll(() => sent).toHaveLength(1);
    expect(outbox.pending).toMatchObject([{ text: "hello", state: "waiting" }]);
    await outbox.flush();
    await acknowledged;
    expect(sent[1]).toEqual(sent[0]);
  });

  it("waits as long as the server asks, whatever is written meanwhile, here or in another tab", async () => {
    failures = [new ClientError("rate_limited", "Slowly.", { retryable: true, retryAfter: 60 })];
    const outbox = await open();
    written(outbox, "one");
    await expect.poll(() => sent).toHaveLength(1);
    written(outbox, "two", "three");
    await store.set(`outbox/${chat}/nothing`, new Uint8Array([0xc0]));
    await store.delete(`outbox/${chat}/nothing`);
    await expect.poll(() => kept()).toHaveLength(3);
    expect(sent).toHaveLength(1);
    await outbox.flush();
    expect(await storedTexts()).toEqual(["one", "two", "three"]);
  });

  it("is kept for the person when the server refuses it, and does not hold up what comes after", async () => {
    failures = [new ClientError("too_large", "This message is too large.")];
    const outbox = await open();
    const [refused, after] = written(outbox, "huge", "small").each;
    await expect(refused).rejects.toMatchObject({ code: "too_large" });
    await after;
    const [item] = outbox.pending;
    expect(item).toMatchObject({ text: "huge", state: { refused: "This message is too large." } });
    // Also after the page was loaded again, until somebody decides.
    outbox.stop();
    const next = await open();
    expect(next.pending).toEqual([item]);
    expect(sent).toHaveLength(2);
    next.retry(item?.id ?? newId());
    await expect.poll(() => next.pending).toEqual([]);
    expect(await storedTexts()).toEqual(["small", "huge"]);
  });

  it("can be thrown away before it is out, for good", async () => {
    online = false;
    const outbox = await open();
    const { all: acknowledged } = written(outbox, "never mind");
    await expect.poll(() => kept()).toHaveLength(1);
    outbox.discard(outbox.pending[0]?.id ?? newId());
    await expect(acknowledged).rejects.toMatchObject({ code: "aborted" });
    await expect.poll(() => kept()).toEqual([]);
    outbox.stop();
    online = true;
    expect((await open()).pending).toEqual([]);
    expect(sent).toEqual([]);
  });

  it("in too great a number or size is refused, and what waits already stays", async () => {
    online = false;
    const outbox = await open();
    const big = "x".repeat(9 << 20);
    written(outbox, big, big, big);
    await expect(outbox.add(draft(big))).rejects.toMatchObject({ code: "too_large", message: /waiting/ });
    expect(outbox.pending).toHaveLength(3);
    for (const { id } of outbox.pending) outbox.discard(id);
    written(outbox, ...Array.from({ length: 2000 }, (_, i) => `${i}`));
    await expect(outbox.add(draft("one more"))).rejects.toMatchObject({ code: "too_large" });
    expect(outbox.pending).toHaveLength(2000);
  });

  it("at whatever moment after what was stored before goes out, without waiting for anything else to happen", async () => {
    const outbox = await open();
    for (let turns = 0; turns < 60; turns++) {
      await outbox.add(draft("before"));
      // The outbox comes to rest within so many turns of the microtask queue: none of them may lose what comes then.
      for (let turn = 0; turn < turns; turn++) await null;
      written(outbox, "after");
      await expect.poll(() => stored.size, { interval: 1 }).toBe(2 * (turns + 1));
    }
  });

  it("and cannot be kept on the device goes out all the same", async () => {
    const full = () => Promise.reject(new Error("The disk is full."));
    store = { ...memoryStore(), set: full };
    const outbox = await open();
    await written(outbox, "one", "two").all;
    expect(await storedTexts()).toEqual(["one", "two"]);
  });
});

describe("R8: what waits when the page is closed", () => {
  it("goes out in order when it is open again, with what was attached, as a reply to the same message", async () => {
    online = false;
    const outbox = await open();
    const file: FilePart = {
      ...{ type: "file", name: "rye.pdf", mediaType: "application/pdf", size: 9 },
      embed: { id: newId(), key: new Uint8Array(32).fill(7) },
    };
    const replyTo = newId<MessageId>();
    written(outbox, "one", "two");
    outbox.add(draft("three", { parts: [...textParts("three"), file], replyTo })).catch(() => undefined);
    const before = outbox.pending;
    await expect.poll(() => kept()).toHaveLength(3);
    outbox.stop();

    const next = await open();
    expect(next.pending).toEqual(before);
    expect(next.pending[2]).toMatchObject({ text: "three", attachments: [file], replyTo });
    written(next, "four");
    online = true;
    await next.flush();
    expect(await storedTexts()).toEqual(["one", "two", "three", "four"]);
    expect(sent).toHaveLength(4);
    expect(next.pending).toEqual([]);
    await expect.poll(() => kept()).toEqual([]);
  });

  it("and was on its way is sent again as it was sealed", async () => {
    failures = [noLine()];
    const outbox = await open();
    written(outbox, "hello");
    await expect.poll(() => sent).toHaveLength(1);
    outbox.stop();
    await expect.poll(() => kept()).toHaveLength(1);
    await open();
    expect(sent[1]).toEqual(sent[0]);
    expect(stored.size).toBe(1);
  });

  it("and was stored, though nobody said so, is not sent again", async () => {
    const lost = async (message: { id: MessageId; envelope: Bytes }) => {
      await take(message);
      throw noLine();
    };
    const outbox = await open({ send: lost });
    written(outbox, "hello");
    await expect.poll(() => kept()).toHaveLength(1);
    outbox.stop();
    const next = await open();
    expect(next.pending).toEqual([]);
    expect(sent).toHaveLength(1);
    await expect.poll(() => kept()).toEqual([]);
  });

  it("in a chat that has ended is shown as refused, and forgotten with the page", async () => {
    online = false;
    const outbox = await open();
    const { all: one } = written(outbox, "one");
    await expect.poll(() => kept()).toHaveLength(1);
    outbox.refuseAll(new ClientError("not_found", "This chat has ended."), { forget: true });
    await expect(one).rejects.toMatchObject({ code: "not_found" });
    expect(outbox.pending).toMatchObject([{ text: "one", state: { refused: "This chat has ended." } }]);
    await expect.poll(() => kept()).toEqual([]);
  });

  it("by somebody who is signed out by now goes out in nobody's name", async () => {
    online = false;
    const outbox = await open();
    written(outbox, "as Ada");
    await expect.poll(() => kept()).toHaveLength(1);
    outbox.stop();
    online = true;
    const next = await open({ writer: (await createIdentity()).identity });
    expect(sent).toEqual([]);
    expect(next.pending).toMatchObject([{ text: "as Ada", state: { refused: expect.stringContaining("signed out") } }]);
  });
});

describe("R8: two tabs of one device", () => {
  it("show what the other has written, and send it once, in order", async () => {
    online = false;
    const [here, there] = [await open(), await open()];
    const acknowledged: Promise<MessageId>[] = [];
    for (const n of [1, 2, 3, 4, 5, 6]) acknowledged.push(...written(n % 2 ? here : there, `${n}`).each);
    await expect.poll(() => [waiting(here).length, waiting(there).length]).toEqual([6, 6]);
    online = true;
    await Promise.all([here.flush(), there.flush()]);
    await Promise.all(acknowledged);
    expect(sent).toHaveLength(6);
    expect((await storedTexts()).toSorted()).toEqual(["1", "2", "3", "4", "5", "6"]);
    // Of each tab in its order; the same millisecond may order two tabs either way.
    const texts = await storedTexts();
    expect(texts.filter((text) => Number(text) % 2)).toEqual(["1", "3", "5"]);
    expect(texts.filter((text) => Number(text) % 2 === 0)).toEqual(["2", "4", "6"]);
    for (const outbox of [here, there]) await expect.poll(() => outbox.pending).toEqual([]);
  });

  it("go on for each other: what a closed one has left is sent by the other at once", async () => {
    const stuck = () => new Promise<Receipt>(() => undefined);
    online = false;
    const [here, there] = [await open({ send: stuck }), await open()];
    written(here, "left behind");
    await expect.poll(() => waiting(there)).toEqual(["left behind"]);
    here.stop();
    online = true;
    await there.flush();
    expect(await storedTexts()).toEqual(["left behind"]);
  });

  it("throw away for each other", async () => {
    online = false;
    const [here, there] = [await open(), await open()];
    written(here, "never mind");
    await expect.poll(() => waiting(there)).toHaveLength(1);
    there.discard(there.pending[0]?.id ?? newId());
    await expect.poll(() => here.pending).toEqual([]);
    online = true;
    await here.flush();
    expect(sent).toEqual([]);
  });
});

describe("C14: a reaction", () => {
  it("that was not sent yet can be taken back as if it had not been", async () => {
    online = false;
    const outbox = await open();
    const first = outbox.add(thumb(true));
    expect(outbox.reacting).toHaveLength(1);
    outbox.withdraw(({ type }) => type === "reaction");
    await first;
    online = true;
    await outbox.flush();
    expect([outbox.reacting, sent]).toEqual([[], []]);
  });

  it("that is refused is gone: nobody would see it waiting", async () => {
    failures = [new ClientError("forbidden", "No.")];
    const outbox = await open();
    await expect(outbox.add(thumb(true))).rejects.toMatchObject({ code: "forbidden" });
    expect(outbox.reacting).toEqual([]);
    await expect.poll(() => kept()).toEqual([]);
  });
});
