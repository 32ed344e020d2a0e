import { type ChatId, newId } from "@openmates-share/protocol/wire";
import { expect, it } from "vitest";
import { type ChatRecord, Keyring } from "./keyring.ts";
import { memoryStore } from "./memory-store.ts";

const chat = newId<ChatId>();

function record(fill: number): ChatRecord {
  return {
    chat,
    title: "Lab notes",
    owner: true,
    ownerKey: new Uint8Array(32),
    mate: new Uint8Array(32),
    openedAt: 1,
    cameBy: null,
    keys: [{ epoch: 1, raw: new Uint8Array(32).fill(fill) }],
    made: [],
    seen: null,
    name: null,
  };
}

it("is the same person after a restart", async () => {
  const store = memoryStore();
  const before = await new Keyring(store).identity();
  const after = await new Keyring(store).identity();
  expect(after.sender).toBe(before.sender);
});

it("is one person when two begin at once on the same store", async () => {
  const store = memoryStore();
  let turn: Promise<unknown> = Promise.resolve();
  const exclusively = <T>(_name: string, work: () => Promise<T>): Promise<T> => {
    const next = turn.then(work);
    turn = next;
    return next;
  };
  const keyrings = [1, 2, 3].map(() => new Keyring({ ...store, exclusively }));
  const senders = await Promise.all(keyrings.map(async (keyring) => (await keyring.identity()).sender));
  expect(new Set(senders).size).toBe(1);
});

it("makes one session for callers that come at once", async () => {
  const keyring = new Keyring(memoryStore());
  let made = 0;
  const create = async () => `session ${++made}`;
  const sessions = await Promise.all([1, 2, 3].map(() => keyring.sessionOr(create)));
  expect(new Set(sessions)).toEqual(new Set(["session 1"]));
  await keyring.dropSession("session 1");
  expect(await keyring.sessionOr(create)).toBe("session 2");
});

it("never replaces a key by another one", async () => {
  const keyring = new Keyring(memoryStore());
  await keyring.updateChat(chat, () => record(1));
  await expect(keyring.updateChat(chat, () => record(2))).rejects.toMatchObject({ code: "conflict" });
  expect((await keyring.requireChat(chat)).keys[0]?.raw[0]).toBe(1);
});

it("loses no change of two that are made at once", async () => {
  const keyring = new Keyring(memoryStore());
  await keyring.updateChat(chat, () => record(1));
  const append = (suffix: string) =>
    keyring.updateChat(chat, (now) => ({ ...(now ?? record(1)), title: `${now?.title}${suffix}` }));
  await Promise.all([append("!"), append("?")]);
  expect((await keyring.requireChat(chat)).title).toBe("Lab notes!?");
});

it("remembers the furthest end it has verified", async () => {
  const keyring = new Keyring(memoryStore());
  await keyring.updateChat(chat, () => record(1));
  const head = new Uint8Array(32).fill(7);
  await keyring.remember(chat, { seen: { seq: 5, head }, title: "Lab notes" });
  await keyring.remember(chat, { seen: { seq: 3, head }, title: "Lab notes, renamed" });
  expect(await keyring.requireChat(chat)).toMatchObject({ seen: { seq: 5 }, title: "Lab notes, renamed" });
});

it("says that a forgotten chat has no key here", async () => {
  const keyring = new Keyring(memoryStore());
  await keyring.updateChat(chat, () => record(1));
  await keyring.forget(chat);
  await expect(keyring.requireChat(chat)).rejects.toMatchObject({ code: "no_key" });
  expect(await keyring.chats()).toEqual([]);
});
