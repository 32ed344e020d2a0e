import "fake-indexeddb/auto";
import { type ChatId, type Conversation, type DraftPart, textParts } from "@openmates-share/client";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "./database.ts";
import { Drafts } from "./drafts.ts";
import { IndexedSecrets } from "./indexed-secrets.ts";
import { PendingLinks } from "./pending-links.ts";

const SECRET = new TextEncoder().encode("nobody may read this");
let count = 0;
let opened: Database[] = [];

/** Another connection to the same database: another tab. */
async function tab(name: string): Promise<IndexedSecrets> {
  const database = await openDatabase(name);
  opened.push(database);
  return new IndexedSecrets(database);
}

let name = "";
beforeEach(() => {
  count += 1;
  name = `test ${count}`;
  provideLocks();
});
afterEach(() => {
  for (const database of opened) database.close();
  opened = [];
});

describe("IndexedSecrets", () => {
  test("gives back what was kept, in another tab too", async () => {
    const here = await tab(name);
    await here.set("chat/a", SECRET);
    expect(await (await tab(name)).get("chat/a")).toEqual(SECRET);
    expect(await here.get("chat/b")).toBeNull();
  });

  test("tells other tabs which names were changed, and whoever changed them not", async () => {
    const [here, there] = [await tab(name), await tab(name)];
    const heard: string[] = [];
    const stop = [
      here.watch("outbox/a/", () => heard.push("here")),
      there.watch("outbox/a/", () => heard.push("there")),
      there.watch("outbox/b/", () => heard.push("of another chat")),
    ];
    await here.set("outbox/a/1", SECRET);
    await expect.poll(() => heard).toEqual(["there"]);
    await there.delete("outbox/a/1");
    await expect.poll(() => heard).toEqual(["there", "here"]);
    for (const end of stop) end();
  });

  test("stores ciphertext, and a key that cannot be exported", async () => {
    const secrets = await tab(name);
    await secrets.set("chat/a", SECRET);
    const database = await openDatabase(name);
    opened.push(database);
    const sealed = await database.get("secrets", "chat/a");
    const key = await database.get("keys", "device");
    if (!sealed || !key) throw new Error("nothing was stored");
    expect(Buffer.from(sealed.ciphertext).includes(Buffer.from(SECRET))).toBe(false);
    expect(key.extractable).toBe(false);
    await expect(crypto.subtle.exportKey("raw", key)).rejects.toThrow();
  });

  test("refuses a secret that was moved to another name, or altered", async () => {
    const secrets = await tab(name);
    await secrets.set("chat/a", SECRET);
    const database = await openDatabase(name);
    opened.push(database);
    const sealed = await database.get("secrets", "chat/a");
    if (!sealed) throw new Error("nothing was stored");
    await database.put("secrets", sealed, "chat/b");
    await expect(secrets.get("chat/b")).rejects.toThrow();
    const ciphertext = sealed.ciphertext.slice();
    ciphertext[0] = (ciphertext[0] ?? 0) ^ 1;
    await database.put("secrets", { ...sealed, ciphertext }, "chat/a");
    await expect(secrets.get("chat/a")).rejects.toThrow();
  });

  test("seals the same value differently each time", async () => {
    const secrets = await tab(name);
    const database = await openDatabase(name);
    opened.push(database);
    await secrets.set("a", SECRET);
    const first = await database.get("secrets", "a");
    await secrets.set("a", SECRET);
    const second = await database.get("secrets", "a");
    expect(first?.nonce).not.toEqual(second?.nonce);
  });

  test("two tabs that start together make one key between them", async () => {
    const tabs = await Promise.all(Array.from({ length: 5 }, () => tab(name)));
    await Promise.all(tabs.map((secrets, index) => secrets.set(`chat/${index}`, SECRET)));
    const fresh = await tab(name);
    for (const index of tabs.keys()) expect(await fresh.get(`chat/${index}`)).toEqual(SECRET);
  });

  test("lists names by their beginning, and forgets what is deleted", async () => {
    const secrets = await tab(name);
    for (const each of ["chat/a", "chat/b", "chats", "device"]) await secrets.set(each, SECRET);
    await secrets.delete("chat/b");
    await secrets.delete("never there");
    expect(await secrets.names("chat/")).toEqual(["chat/a"]);
    expect(await secrets.names("")).toHaveLength(3);
    expect(await secrets.get("chat/b")).toBeNull();
  });
});

describe("Drafts", () => {
  const conversation = {
    title: "A plan",
    messages: [{ role: "user", name: "", parts: textParts("What now? 🙂"), time: 1, model: null }],
  } satisfies Conversation;
  const picture: DraftPart = {
    type: "image",
    name: "plan.png",
    mediaType: "image/png",
    size: 3,
    alt: "",
    width: null,
    height: null,
    source: "file-1",
  };

  test("are listed newest first and come back whole", async () => {
    const drafts = new Drafts(await tab(name));
    const draft = await drafts.add(conversation);
    expect(await drafts.list()).toEqual([draft]);
    expect(await drafts.find(draft.id)).toMatchObject({ conversation });
  });

  test("are deleted, and put back by undo", async () => {
    const drafts = new Drafts(await tab(name));
    const draft = await drafts.add(conversation);
    const undo = await drafts.remove(draft.id);
    expect(await drafts.list()).toEqual([]);
    expect(await drafts.find(draft.id)).toBeNull();
    await undo();
    expect(await drafts.list()).toEqual([draft]);
    expect(await drafts.find(draft.id)).toMatchObject({ conversation });
  });

  test("keep their files and other versions, and what their owner decided", async () => {
    const secrets = await tab(name);
    const drafts = new Drafts(secrets);
    const withFile = { ...conversation, messages: [{ ...conversation.messages[0], parts: [picture] }] } as Conversation;
    const attachment = async (source: string) => (source === "file-1" ? new Blob([SECRET.slice()]) : null);
    const other = { id: "7", after: 0, messageCount: 1, time: null, words: "What else?" };
    const added = await drafts.add({ ...withFile, attachment }, [{ ...other, messages: conversation.messages }]);
    const choices = { branch: "7", leftOut: [0], masked: ["a@example.org"] };
    await drafts.choose(added.id, choices);

    const draft = await new Drafts(await tab(name)).find(added.id);
    if (!draft || !("conversation" in draft)) throw new Error("It is gone.");
    expect(draft).toMatchObject({ choices, branches: [other] });
    const blob = await draft.conversation.attachment?.("file-1");
    expect(new Uint8Array((await blob?.arrayBuffer()) ?? [])).toEqual(SECRET);
    expect(await draft.conversation.attachment?.("file-2")).toBeNull();
    expect(await drafts.branchMessages(added.id, "7")).toEqual(conversation.messages);

    const undo = await drafts.remove(added.id);
    expect(await secrets.names("draft")).toEqual([]);
    await undo();
    expect(await drafts.find(added.id)).toMatchObject({ choices });
    await drafts.markShared(added.id, "AAECAwQFBgcICQoLDA0ODw" as ChatId);
    expect(await secrets.names("draft")).toEqual([`draft/${added.id}`]);
  });

  test("keep a picture that stands in the text as a file, under a short name", async () => {
    const secrets = await tab(name);
    const drafts = new Drafts(secrets);
    const source = `data:image/png;base64,${"A".repeat(400)}`;
    const parts = [{ ...picture, source }, { ...picture }];
    const attachment = async (asked: string) => (asked === source ? new Blob([SECRET.slice()]) : null);
    const messages = conversation.messages.map((message) => ({ ...message, parts }));
    const { id } = await drafts.add({ title: "", messages, attachment });

    const draft = await drafts.find(id);
    if (!draft || !("conversation" in draft)) throw new Error("It is gone.");
    const [there, missing] = draft.conversation.messages[0]?.parts ?? [];
    if (there?.type !== "image" || missing?.type !== "image") throw new Error("There is no picture.");
    expect(there.source).toBe("data:0");
    expect(draft.files).toEqual(new Set(["data:0"]));
    const blob = await draft.conversation.attachment?.("data:0");
    expect(new Uint8Array((await blob?.arrayBuffer()) ?? [])).toEqual(SECRET);
    expect(missing.source).toBe("file-1");
    expect((await secrets.names("")).join(" ")).not.toContain("base64");
  });

  test("lead on to the chat once they are shared, and keep no text", async () => {
    const secrets = await tab(name);
    const drafts = new Drafts(secrets);
    const draft = await drafts.add(conversation);
    await drafts.markShared(draft.id, "AAECAwQFBgcICQoLDA0ODw" as ChatId);
    expect(await drafts.list()).toEqual([]);
    expect(await drafts.find(draft.id)).toEqual({ sharedAs: "AAECAwQFBgcICQoLDA0ODw" });
    expect(await secrets.names("draft-text/")).toEqual([]);
  });
});

test("PendingLinks keeps a link over a reload until the chat has opened", async () => {
  const chat = "AAECAwQFBgcICQoLDA0ODw" as ChatId;
  const link = { subject: { type: "chat" as const, id: chat }, key: new Uint8Array(32).fill(9), message: null };
  await new PendingLinks(await tab(name)).keep(chat, link);
  const after = new PendingLinks(await tab(name));
  expect(await after.find(chat)).toEqual(link);
  await after.drop(chat);
  expect(await after.find(chat)).toBeNull();
});

/** Web Locks for one process, as the browser has them for one origin; the test's DOM brings none. */
function provideLocks(): void {
  if ((navigator as { locks?: LockManager | null }).locks) return;
  const turns = new Map<string, Promise<unknown>>();
  const request = (lock: string, work: () => Promise<unknown>) => {
    const turn = (turns.get(lock) ?? Promise.resolve()).then(work);
    turns.set(
      lock,
      turn.catch(() => undefined),
    );
    return turn;
  };
  Object.defineProperty(navigator, "locks", { value: { request }, configurable: true });
}
