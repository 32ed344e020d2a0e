import { decode, encode } from "@msgpack/msgpack";
import {
  type Integrity,
  type MessageId,
  memoryStore,
  messageText,
  type Room,
  type RoomMessage,
  ShareClient,
  textParts,
} from "@openmates-share/client";
import {
  type AmendmentPage,
  KIND,
  type MessagePage,
  type OpenedChat,
  SPINE_ENTRY_LENGTH,
  type Spine,
} from "@openmates-share/protocol/wire";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Meddler, startMeddler } from "./meddler.ts";
import { message, OwnedChat } from "./owned-chat.ts";
import { startTestServer, type TestServer } from "./test-server.ts";
import { until } from "./until.ts";

/** More than a page has, several times. */
const LENGTH = 1_500;

let server: TestServer;
let owner: ShareClient;
let link: string;
beforeAll(async () => {
  server = await startTestServer();
  owner = new ShareClient({ server: server.url, store: memoryStore() });
  const messages = Array.from({ length: LENGTH }, (_, i) => ({
    role: "user" as const,
    name: "Ada",
    parts: textParts(`message ${i + 1}`),
    time: null,
    model: null,
  }));
  link = (await owner.share({ title: "Long", messages }, { mode: "read-only" })).url;
});
afterAll(async () => {
  await owner.close();
  await server.stop();
});

describe("a chat on the server", () => {
  let chat: OwnedChat;
  beforeAll(async () => {
    chat = await OwnedChat.shared(server, 100);
    await chat.upload([message(chat.owner, { kind: KIND.amendment }), message(chat.owner)]);
  });

  const seqs = ({ messages }: { messages: readonly { seq: number }[] }) => messages.map(({ seq }) => seq);
  const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const page = async (query: string) => (await chat.expect(200, `GET /messages?${query}`)).body as MessagePage;

  test("is read from both sides and from the middle, each page with the head in front of it", async () => {
    const before = await page("before=11");
    expect(seqs(before)).toEqual(numbers(1, 10));
    const around = await page("around=50");
    expect(seqs(around)).toContain(50);
    expect(around.before.seq).toBe((around.messages[0]?.seq ?? 0) - 1);
    const id = before.messages[4]?.id;
    const opened = (await chat.expect(200, `GET ?around=${id}`)).body as OpenedChat;
    expect(seqs(opened.page)).toHaveLength(40);
    expect(seqs(opened.page)).toContain(5);
    expect(seqs(await page("before=1"))).toEqual([]);
  });

  test("opens at the end for who writes, and at the beginning for who reads", async () => {
    expect(seqs(((await chat.expect(200, "GET ")).body as OpenedChat).page)).toEqual(numbers(63, 102));
    const { bearer } = await chat.link();
    const opened = (await server.call(`GET /api/chats/${chat.chat}`, { link: bearer })).body as OpenedChat;
    expect(seqs(opened.page)).toEqual(numbers(1, 40));
  });

  test("T6: has a spine and amendments, which end where the reader's part ends", async () => {
    const whole = (await chat.expect(200, "GET /spine?after=98")).body as Spine;
    expect(whole).toMatchObject({ after: 98, through: 102 });
    expect(whole.entries.length).toBe(4 * SPINE_ENTRY_LENGTH);
    expect(whole.entries[2 * SPINE_ENTRY_LENGTH + 16]).toBe(KIND.amendment);
    const amendments = (await chat.expect(200, "GET /amendments")).body as AmendmentPage;
    expect(seqs(amendments)).toEqual([101]);
    const { bearer } = await chat.link();
    const get = async (path: string) =>
      (await server.call(`GET /api/chats/${chat.chat}${path}`, { link: bearer })).body;
    const shared = (await get("/spine")) as Spine;
    expect(shared.through).toBe(100);
    expect(shared.entries.length).toBe(100 * SPINE_ENTRY_LENGTH);
    expect(await get("/amendments")).toEqual({ messages: [], through: 100 });
    expect(seqs((await get("/messages?around=102")) as MessagePage)).not.toContain(102);
    const [hidden] = (await page("around=102")).messages.slice(-1);
    expect(seqs((await get(`/messages?around=${hidden?.id}`)) as MessagePage)).not.toContain(102);
  });
});

describe("a long chat", () => {
  let reader: ShareClient;
  let meddler: Meddler;
  beforeEach(async () => {
    meddler = await startMeddler(server.url);
    reader = new ShareClient({ server: meddler.url, store: memoryStore() });
  });
  afterEach(async () => {
    await reader.close();
    await meddler.stop();
  });

  const opened = () => reader.open(link, { live: false });
  const textOf = ({ body }: RoomMessage) =>
    body.type === "content" && body.content.type === "message" ? messageText(body.content) : body.type;

  async function judged(room: Room): Promise<Integrity> {
    return (await room.whenComplete()).integrity;
  }

  test("shows its first page while the rest is being checked, and says so", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    meddler.before = (path) => (path.includes("/spine") ? held : Promise.resolve());
    const room = await opened();
    await until(() => room.state.messages.loaded.length === 40);
    expect(room.state.messages.loaded.map(textOf).slice(0, 2)).toEqual(["message 1", "message 2"]);
    expect(room.state.integrity).toEqual({ state: "checking", checked: 40, of: LENGTH });
    release();
    expect(await judged(room)).toMatchObject({ state: "sealed" });
    expect(room.state.messages.loaded).toHaveLength(40);
    expect(room.state.messages.through).toBe(LENGTH);
  });

  test("loads what is asked for, finds messages by id, and is read whole without being kept", async () => {
    const room = await opened();
    await room.load(1_000, 1_010);
    expect(room.state.messages.at(1_005) && textOf(room.state.messages.at(1_005) as RoomMessage)).toBe("message 1005");
    const texts: string[] = [];
    let last: MessageId | null = null;
    for await (const page of room.read({ from: 2 })) {
      texts.push(...page.map(textOf));
      last = page.at(-1)?.id ?? last;
    }
    expect(texts).toEqual(Array.from({ length: LENGTH - 1 }, (_, i) => `message ${i + 2}`));
    expect(last && (await room.seqOf(last))).toBe(LENGTH);
    expect(room.state.messages.at(LENGTH)).toBeUndefined();
    expect(await judged(room)).toMatchObject({ state: "sealed" });
  });

  test("opens around the message that the link names", async () => {
    const room = await opened();
    await room.load(700, 700);
    const id = room.state.messages.at(700)?.id;
    const named = await reader.open(`${link}&message=${id}`, { live: false });
    await until(() => named.state.messages.at(700) !== undefined);
    expect(named.state.messages.at(1)).toBeUndefined();
    expect(await judged(named)).toMatchObject({ state: "sealed" });
  });

  describe("R2: T6: a server that lies", () => {
    const altering = <T>(part: string, change: (answer: T) => unknown) => {
      meddler.alter = (path, body) => (path.includes(part) ? encode(change(decode(body) as T)).slice() : body);
    };

    test("by an entry of the spine that is exchanged is noticed", async () => {
      altering<Spine>("/spine", (spine) => {
        const entries = spine.entries.slice();
        entries[700 * SPINE_ENTRY_LENGTH + 20] = (entries[700 * SPINE_ENTRY_LENGTH + 20] ?? 0) ^ 1;
        return { ...spine, entries };
      });
      expect(await judged(await opened())).toMatchObject({ state: "violated", code: "seal_mismatch" });
    });

    test("by a kind in the spine that is none of it is noticed: amendments can't be passed over", async () => {
      altering<Spine>("/spine", (spine) => {
        const entries = spine.entries.slice();
        entries[700 * SPINE_ENTRY_LENGTH + 16] = KIND.amendment;
        return { ...spine, entries };
      });
      expect(await judged(await opened())).toMatchObject({ state: "violated" });
    });

    test("by a spine that ends early is noticed", async () => {
      altering<Spine>("/spine", (spine) => ({
        ...spine,
        entries: spine.entries.slice(0, Math.max(940 - spine.after, 0) * SPINE_ENTRY_LENGTH),
        through: 940,
      }));
      expect(await judged(await opened())).toMatchObject({ state: "violated" });
    });

    test("by a spine that says a message twice is noticed", async () => {
      altering<Spine>("/spine", (spine) => {
        const entries = spine.entries.slice();
        entries.copyWithin(10 * SPINE_ENTRY_LENGTH, 9 * SPINE_ENTRY_LENGTH, 10 * SPINE_ENTRY_LENGTH);
        return { ...spine, entries };
      });
      expect(await judged(await opened())).toMatchObject({ state: "violated", code: "head_mismatch" });
    });

    const lies: Record<string, (page: MessagePage) => MessagePage> = {
      "that is altered": ({ messages, ...page }) => ({
        ...page,
        messages: messages.map((stored, i) => {
          const envelope = stored.envelope.slice();
          if (i === 5) envelope[100] = (envelope[100] ?? 0) ^ 1;
          return { ...stored, envelope };
        }),
      }),
      "that leaves one out": ({ messages, ...page }) => ({
        ...page,
        messages: messages.filter((_, i) => i !== 5).map((stored, i) => ({ ...stored, seq: page.before.seq + 1 + i })),
      }),
      "in another order": ({ messages, ...page }) => ({
        ...page,
        messages: [...messages].reverse().map((stored, i) => ({ ...stored, seq: page.before.seq + 1 + i })),
      }),
      "of nothing": (page) => ({ ...page, messages: [] }),
      "from behind another head": (page) => ({ ...page, before: { ...page.before, head: new Uint8Array(32) } }),
    };
    for (const [what, lie] of Object.entries(lies)) {
      test(`by a page ${what}, loaded long after all was sealed, is noticed`, async () => {
        const room = await opened();
        expect(await judged(room)).toMatchObject({ state: "sealed" });
        altering<MessagePage>("/messages", lie);
        await room.load(1_200, 1_210);
        expect(await judged(room)).toMatchObject({ state: "violated", code: "head_mismatch" });
      });

      test(`by a page ${what} that is read and not kept is noticed`, async () => {
        const room = await opened();
        await room.whenComplete();
        altering<MessagePage>("/messages", lie);
        for await (const page of room.read({ from: 1_200, to: 1_400 })) expect(page.length).toBeGreaterThan(0);
        expect(await judged(room)).toMatchObject({ state: "violated", code: "head_mismatch" });
      });
    }

    test("by a page of another place is noticed", async () => {
      const room = await opened();
      await room.whenComplete();
      let first: Uint8Array<ArrayBuffer> | null = null;
      meddler.alter = (path, body) => {
        if (!path.includes("/messages")) return body;
        first ??= body;
        return first;
      };
      await room.load(41, 100);
      await room.load(900, 950);
      expect(await judged(room)).toMatchObject({ state: "violated", code: "head_mismatch" });
    });

    test("by a first page that the spine contradicts is noticed when the spine is there", async () => {
      altering<OpenedChat>("around=", (chat) => ({ ...chat, page: lies["that is altered"]?.(chat.page) }));
      const id = (await opened().then(async (room) => {
        await room.load(700, 700);
        return room.state.messages.at(700)?.id;
      })) as MessageId;
      const room = await reader.open(`${link}&message=${id}`, { live: false });
      expect(await judged(room)).toMatchObject({ state: "violated", code: "head_mismatch" });
    });

    test("T8: by keeping an amendment back is noticed", async () => {
      const shared = await owner.share(
        { title: "Group", messages: [{ role: "user", name: "", parts: textParts("Hi"), time: null, model: null }] },
        { mode: "collaborative" },
      );
      const first = await reader.open(shared.url, { name: "Grace" });
      await first.whenLive();
      await first.join("Grace");
      const guests = new ShareClient({ server: server.url, store: memoryStore() });
      const honest = await guests.open(shared.url, { live: false });
      for (let i = 0; i < 45; i++) await first.send(`and ${i}`);
      const late = await guests.open(shared.url, { live: false });
      await late.whenComplete();
      await until(() => late.state.people.some(({ name }) => name === "Grace"));
      expect(late.state.messages.at(2)).toBeUndefined();
      honest.close();
      await guests.close();
      const stranger = new ShareClient({ server: meddler.url, store: memoryStore() });
      altering<AmendmentPage>("/amendments", (page) => ({ ...page, messages: [] }));
      const room = await stranger.open(shared.url, { live: false });
      await until(() => room.state.integrity.state === "violated");
      await stranger.close();
    });
  });
});
