import { ClientError, type Conversation, memoryStore, type SecretStore, ShareClient } from "@openmates-share/client";
import { messageText, textParts } from "@openmates-share/protocol/content";
import { idBytes } from "@openmates-share/protocol/wire";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "./test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const TOTAL = 650;

const CONVERSATION: Conversation = {
  title: "A long one",
  messages: Array.from({ length: TOTAL }, (_, index) => ({
    role: index % 2 === 0 ? "user" : "assistant",
    name: "",
    parts: textParts(`Message ${index}`),
    time: 1_760_000_000_000 + index,
    model: index % 2 === 0 ? null : "model-1",
  })),
};
const OPTIONS = { mode: "read-only", password: "four bridges", name: "Ada", resumable: { tag: "draft-1" } } as const;

type Fault = "before" | "behind";

/** A line that breaks at the uploads with these numbers, from 1: before the server hears of it, or behind its answer. */
function brokenLine(faults: Readonly<Record<number, Fault>>): { fetch: typeof fetch; uploads: () => number } {
  let uploads = 0;
  return {
    uploads: () => uploads,
    fetch: async (input, init) => {
      const upload = init?.method === "POST" && String(input).endsWith("/messages");
      const fault = upload ? faults[++uploads] : undefined;
      if (fault === "before") throw new TypeError("The line is cut.");
      const response = await fetch(input, init);
      if (fault === "behind") throw new TypeError("The line is cut.");
      return response;
    },
  };
}

const clientOf = (store: SecretStore, line = fetch) => new ShareClient({ server: server.url, store, fetch: line });

async function textsBehind(url: string): Promise<string[]> {
  const reader = clientOf(memoryStore());
  const room = await reader.open(url, { password: OPTIONS.password, live: false });
  const texts: string[] = [];
  for await (const page of room.read()) {
    for (const { body } of page) {
      texts.push(body.type === "content" && body.content.type === "message" ? messageText(body.content) : body.type);
    }
  }
  await reader.close();
  return texts;
}

/** What the next program finds: all that was kept, and no turn that the one before still held. */
async function leftBy(ended: SecretStore): Promise<SecretStore> {
  const store = memoryStore();
  for (const name of await ended.names("")) {
    const value = await ended.get(name);
    if (value) await store.set(name, value);
  }
  return store;
}

const EXPECTED = CONVERSATION.messages.map((_, index) => `Message ${index}`);

describe("a connection that breaks while a conversation is uploaded", () => {
  test.each<Fault>(["before", "behind"])("is waited for, and nothing is stored twice: %s", async (fault) => {
    const line = brokenLine({ 2: fault, 3: fault });
    const client = clientOf(memoryStore(), line.fetch);
    const waits: boolean[] = [];
    const shared = await client.share(CONVERSATION, { ...OPTIONS, onWaiting: (waiting) => waits.push(waiting) });
    expect(waits.at(0)).toBe(true);
    expect(waits.at(-1)).toBe(false);
    expect(await server.database.message.count({ where: { chatId: idBytes(shared.chat) } })).toBe(TOTAL);
    expect(await textsBehind(shared.url)).toEqual(EXPECTED);
    expect(await client.unfinishedShares()).toEqual([]);
  });
});

describe("a program that ends while a conversation is uploaded", () => {
  /** Ends at one upload as a closed tab does: nothing of it runs any more. */
  async function closedAt(upload: number, fault: Fault): Promise<SecretStore> {
    const store = memoryStore();
    const line = brokenLine({ [upload]: fault });
    await new Promise<void>((closed) => {
      const dying: typeof fetch = async (input, init) => {
        try {
          return await line.fetch(input, init);
        } catch {
          closed();
          return new Promise<Response>(() => undefined);
        }
      };
      void clientOf(store, dying).share(CONVERSATION, OPTIONS);
    });
    return leftBy(store);
  }

  test.each([
    [1, "before", 0],
    [1, "behind", 0],
    [2, "before", 200],
    [3, "behind", 400],
    [4, "behind", 600],
  ] as const)("goes on at upload %i, cut %s", async (upload, fault, done) => {
    const store = await closedAt(upload, fault);
    const line = brokenLine({});
    const client = clientOf(store, line.fetch);
    const [left] = await client.unfinishedShares();
    expect(left).toMatchObject({ title: "A long one", done, total: TOTAL, tag: "draft-1", hasPassword: true });
    expect(await client.chats()).toEqual([]);
    if (!left) throw new Error("It is not known any more.");

    const steps: number[] = [];
    const shared = await client.resumeShare(left.chat, { onProgress: (sent) => steps.push(sent) });
    expect(steps.at(-1)).toBe(TOTAL);
    // What had arrived does not travel again.
    const arrived = done + (fault === "behind" ? Math.min(200, TOTAL - done) : 0);
    expect(line.uploads()).toBe(Math.ceil((TOTAL - arrived) / 200));
    expect(await server.database.message.count({ where: { chatId: idBytes(shared.chat) } })).toBe(TOTAL);
    expect(await textsBehind(shared.url)).toEqual(EXPECTED);
    expect(await client.unfinishedShares()).toEqual([]);
    expect(await client.links(shared.chat)).toHaveLength(1);
    await expect(client.resumeShare(left.chat)).rejects.toThrow(ClientError);
  });

  test("can be taken back: nothing of it stays anywhere", async () => {
    const store = await closedAt(2, "behind");
    const client = clientOf(store);
    const [left] = await client.unfinishedShares();
    if (!left) throw new Error("It is not known any more.");
    await client.discardShare(left.chat);
    expect(await client.unfinishedShares()).toEqual([]);
    expect(await store.names("sharing")).toEqual([]);
    expect(await store.names("chat/")).toEqual([]);
    expect(await server.database.message.count({ where: { chatId: idBytes(left.chat) } })).toBe(0);
  });

  test("does not seal what the server holds in place of what was sent", async () => {
    const store = await closedAt(2, "behind");
    const client = clientOf(store);
    const [left] = await client.unfinishedShares();
    if (!left) throw new Error("It is not known any more.");
    const [swapped, other] = await server.database.message.findMany({
      where: { chatId: idBytes(left.chat), seq: { in: [250, 251] } },
      orderBy: { seq: "asc" },
    });
    if (!swapped || !other) throw new Error("It was not stored.");
    await server.database.message.update({
      where: { chatId_seq: { chatId: swapped.chatId, seq: swapped.seq } },
      data: { envelope: other.envelope },
    });
    await expect(client.resumeShare(left.chat)).rejects.toThrow();
  });
});

describe("a program that ends while the links of several people are made", () => {
  const people = ["ada@example.org", "bo@bücher.example", "cy@example.org"] as const;
  const [address, ...alsoFor] = people;
  const SHORT = { ...CONVERSATION, messages: CONVERSATION.messages.slice(0, 2) };

  /** Ends at the request that makes a link with this number, from 1, before the server hears of it or behind. */
  async function closedAtLink(number: number, fault: Fault, store: SecretStore): Promise<void> {
    let links = 0;
    await new Promise<void>((closed) => {
      const dying: typeof fetch = async (input, init) => {
        const dies = init?.method === "POST" && String(input).endsWith("/links") && ++links === number;
        if (dies && fault === "before") {
          closed();
          return new Promise<Response>(() => undefined);
        }
        const response = await fetch(input, init);
        if (!dies) return response;
        closed();
        return new Promise<Response>(() => undefined);
      };
      void clientOf(store, dying).share(SHORT, { ...OPTIONS, password: null, address, alsoFor });
    });
  }

  test.each([
    [1, "behind"],
    [2, "before"],
    [2, "behind"],
  ] as const)("makes the rest when it goes on, and none twice: at link %i, cut %s", async (number, fault) => {
    const store = memoryStore();
    await closedAtLink(number, fault, store);
    const client = clientOf(await leftBy(store));
    const [left] = await client.unfinishedShares();
    if (!left) throw new Error("It is not known any more.");
    const shared = await client.resumeShare(left.chat);
    expect([shared.address, ...shared.others.map((other) => other.address)]).toEqual(people);
    expect(shared.unmade).toEqual([]);
    const links = await client.links(shared.chat);
    const given = new Set([shared.url, ...shared.others.map(({ url }) => url)]);
    expect(new Set(links.map(({ url }) => url))).toEqual(given);
    expect(given.size).toBe(people.length);
  });

  test("says for whom none could be made", async () => {
    const client = clientOf(memoryStore());
    const shared = await client.share(SHORT, {
      ...OPTIONS,
      password: null,
      address,
      alsoFor: ["nobody", "cy@example.org"],
    });
    expect(shared.others.map((other) => other.address)).toEqual(["cy@example.org"]);
    expect(shared.unmade).toMatchObject([{ address: "nobody", error: { code: "bad_request" } }]);
  });
});
