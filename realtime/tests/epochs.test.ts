import { decode } from "@msgpack/msgpack";
import {
  type ChatId,
  ClientError,
  KeylessLinksError,
  memoryStore,
  type Room,
  type SecretStore,
  type ShareClient,
} from "@openmates-share/client";
import { idBytes } from "@openmates-share/protocol/wire";
import { startModel, type TestModel } from "@openmates-share/testing/model";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { copyOf, live, mateOf, messagesOf, ShareWorld, says, shareChat, textsOf } from "./share-world.ts";
import { until } from "./until.ts";

let world: ShareWorld;
let model: TestModel;
beforeAll(async () => {
  model = await startModel();
  world = await ShareWorld.start({ mate: mateOf(model) });
});
afterEach(() => world.closeClients());
afterAll(async () => {
  await world.stop();
  await model.stop();
});

/** Epochs of the stored messages, in order. */
async function epochsOf(chat: ChatId): Promise<number[]> {
  const where = { chatId: idBytes(chat) };
  const rows = await world.database.database.message.findMany({ where, orderBy: { seq: "asc" } });
  return rows.map(({ envelope }) => Buffer.from(envelope).readUInt32BE(2));
}

async function hasEnded(room: Room): Promise<void> {
  await until(() => room.state.connection === "ended");
}

function linkOf(links: readonly { url: string | null; link: unknown }[], url: string) {
  const found = links.find((link) => link.url === url);
  if (!found) throw new Error("the link is listed");
  return found.link as Parameters<ReturnType<ShareWorld["client"]>["revokeLink"]>[1];
}

describe("K9 a new epoch begins when access is taken away", () => {
  test("who stays goes on without noticing, also by a link with a password; who goes gets nothing more", async () => {
    const owner = world.client();
    const { chat, url, room } = await shareChat(owner);
    const second = await owner.createLink(chat, { mode: "collaborative", password: "correct horse" });
    const gone = await live(world.client({ node: 1 }).open(url, { name: "Eve" }));
    const grace = world.client({ node: 1 });
    const stays = await live(grace.open(second.url, { password: "correct horse", name: "Grace" }));
    await gone.send("while I was here");
    await says(stays, "while I was here");

    await owner.revokeLink(chat, linkOf(await owner.links(chat), url));
    await hasEnded(gone);
    await stays.send("from who stays");
    await room.send("from the owner");
    for (const one of [stays, room]) {
      await says(one, "from the owner");
      expect(textsOf(one)).toEqual(["One", "Two", "Three", "while I was here", "from who stays", "from the owner"]);
      expect(one.state.integrity.state).not.toBe("violated");
      expect(one.state.connection).toBe("live");
    }
    expect(await epochsOf(chat)).toEqual([1, 1, 1, 1, 2, 2]);

    const late = await live(world.client().open(second.url, { password: "correct horse", name: "Late" }));
    expect(textsOf(late)).toEqual(textsOf(room));
    expect(late.state.integrity.state).toBe("sealed");
    stays.close();
    expect(textsOf(await live(grace.reopen(chat)))).toEqual(textsOf(room));
    await expect(world.client().open(url)).rejects.toMatchObject({ code: "not_found" });
  });

  test("what is written and asked at the same moment arrives, once", async () => {
    const owner = world.client();
    const { chat, url, room } = await shareChat(owner);
    const second = await owner.createLink(chat, { mode: "collaborative" });
    await live(world.client({ node: 1 }).open(url, { name: "Eve" }));
    const stays = await live(world.client({ node: 1 }).open(second.url, { name: "Grace" }));
    const texts = Array.from({ length: 12 }, (_, i) => `message ${i}`);
    const link = linkOf(await owner.links(chat), url);
    await Promise.all([owner.revokeLink(chat, link), ...texts.map((text) => stays.send(text))]);
    model.answer("now", { text: "Now." });
    const ask = await stays.ask(await stays.send("@OpenMates now"));
    await until(() => messagesOf(room).some(({ body }) => body.type === "reply" && body.ask === ask));
    expect(textsOf(room).slice(3, 15)).toEqual(texts);
    expect(textsOf(room)).not.toContain("(wrong_epoch)");
    expect(Math.max(...(await epochsOf(chat)))).toBe(2);
  });

  test("a read-only reader who has it open sees the next update", async () => {
    const owner = world.client();
    const { chat, url, room } = await shareChat(owner, { mode: "read-only" });
    const second = await owner.createLink(chat, { mode: "read-only" });
    const reader = await live(world.client({ node: 1 }).open(second.url));
    await owner.revokeLink(chat, linkOf(await owner.links(chat), url));
    await room.send("under the new key");
    await says(room, "under the new key");
    expect(textsOf(reader)).toEqual(["One", "Two", "Three"]);
    await owner.updateShared(chat);
    await says(reader, "under the new key");
    await until(() => reader.state.integrity.state === "sealed");
  });
});

describe("K10 a new epoch that begins while something is under way", () => {
  test("lets an answer that streams go on, for all who stay, and under the key of its ask", async () => {
    const owner = world.client();
    const { chat, url, room } = await shareChat(owner);
    const second = await owner.createLink(chat, { mode: "collaborative" });
    const gone = await live(world.client({ node: 1 }).open(url, { name: "Eve" }));
    const stays = await live(world.client({ node: 1 }).open(second.url, { name: "Grace" }));
    const release = model.begin("something long", { text: "All work and no play. ".repeat(20), pieces: 5 });
    const ask = await stays.ask(await stays.send("@OpenMates tell us something long"));
    await until(() => room.state.answers.some((answer) => answer.ask === ask && answer.text !== ""));
    await owner.revokeLink(chat, linkOf(await owner.links(chat), url));
    await hasEnded(gone);
    release();
    for (const one of [room, stays]) {
      await until(() => messagesOf(one).some(({ body }) => body.type === "reply" && body.ask === ask));
      expect(textsOf(one)).not.toContain("(wrong_epoch)");
      expect(one.state.integrity.state).not.toBe("violated");
      await one.send("after that");
    }
    expect(messagesOf(gone).some(({ body }) => body.type === "reply" && body.ask === ask)).toBe(false);
    expect(await epochsOf(chat)).toEqual([1, 1, 1, 1, 1, 2, 2]);
    const late = await live(world.client().open(second.url, { name: "Late" }));
    expect(textsOf(late)).toEqual(textsOf(room));
  });

  test("leaves a file that is being uploaded whole, for the message that brings it", async () => {
    const owner = world.client();
    const { chat, url, room } = await shareChat(owner);
    const second = await owner.createLink(chat, { mode: "collaborative" });
    const grace = world.client({ node: 1 });
    const stays = await live(grace.open(second.url, { name: "Grace" }));
    const bytes = new Uint8Array(3 << 20).map((_, i) => i % 251);
    let rotated: Promise<unknown> | null = null;
    const revoke = async () => owner.revokeLink(chat, linkOf(await owner.links(chat), url));
    const { ref } = await owner.uploadEmbed(
      { blob: new Blob([bytes]), name: "bread.bin", mediaType: "application/octet-stream", type: "file", chat },
      {
        onProgress: () => {
          rotated ??= revoke();
        },
      },
    );
    await rotated;
    const file = { name: "bread.bin", mediaType: "application/octet-stream", size: bytes.length, embed: ref };
    const id = await room.send("Look", { attachments: [{ type: "file", ...file }] });
    const found = await until(() => messagesOf(stays).find((message) => message.id === id));
    expect(await epochsOf(chat)).toEqual([1, 1, 1, 2]);
    const opened = await grace.openEmbed({ ref, chat, sender: found.sender });
    expect(Buffer.from(await (await opened.blob()).arrayBuffer()).equals(bytes)).toBe(true);
  });
});

describe("two devices of one owner", () => {
  test("revoke at once: both happen, both devices have every key, and who stays stays", async () => {
    const store = memoryStore();
    const first = world.client({ store });
    const { chat, url } = await shareChat(first);
    const [second, third] = [
      await first.createLink(chat, { mode: "collaborative" }),
      await first.createLink(chat, { mode: "collaborative" }),
    ];
    const other = world.client({ node: 1, store: await copyOf(store) });
    const links = await first.links(chat);
    await Promise.all([first.revokeLink(chat, linkOf(links, url)), other.revokeLink(chat, linkOf(links, second.url))]);
    for (const device of [first, other]) {
      expect((await device.links(chat)).map(({ link }) => link)).toEqual([third.link]);
      const room = await live(device.reopen(chat));
      await room.send("still mine");
    }
    const reader = await live(world.client().open(third.url, { name: "Grace" }));
    expect(textsOf(reader)).toEqual(["One", "Two", "Three", "still mine", "still mine"]);
  });

  test("a link whose key this device lacks is named first, and ends only when the owner says so", async () => {
    const store = memoryStore();
    const first = world.client({ store });
    const { chat, url } = await shareChat(first);
    const other = world.client({ store: await copyOf(store) });
    const theirs = await other.createLink(chat, { mode: "read-only" });
    const link = linkOf(await first.links(chat), url);
    const refused = await first.revokeLink(chat, link).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(KeylessLinksError);
    expect(refused).toMatchObject({ code: "keyless_links", links: [theirs.link] });
    expect(await first.links(chat)).toHaveLength(2);
    await first.revokeLink(chat, link, { alsoRevoke: [theirs.link] });
    expect(await first.links(chat)).toEqual([]);
  });
});

describe("whether a link has ended that this device has no key of", () => {
  /** The owner's device, to which the server says that its clock shows that much. */
  function hearing(now: number): typeof fetch {
    return async (input, init) => {
      const response = await fetch(input, init);
      if (!String(input).endsWith("/epoch")) return response;
      return Response.json({ ...((await response.json()) as object), now }, { headers: response.headers });
    };
  }
  const day = 24 * 60 * 60 * 1000;

  /** A chat with a link for a day that another device made, and the owner's first device with that clock. */
  async function withForeignLink(now: number) {
    const store = memoryStore();
    const { chat, url } = await shareChat(world.client({ store }));
    const other = world.client({ store: await copyOf(store) });
    const theirs = await other.createLink(chat, { mode: "read-only", expiresAt: Date.now() + day });
    const owner = world.client({ store, fetch: hearing(now) });
    return { chat, owner, theirs, link: linkOf(await owner.links(chat), url) };
  }

  test("is what the server's clock says: it ends with the others", async () => {
    const { chat, owner, link } = await withForeignLink(Date.now() + 2 * day);
    await owner.revokeLink(chat, link);
    expect(await owner.links(chat)).toEqual([]);
  });

  test("is not what the device's clock says: its people are not locked out unasked", async () => {
    const { chat, owner, theirs, link } = await withForeignLink(Date.now());
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 2 * day });
    try {
      await expect(owner.revokeLink(chat, link)).rejects.toMatchObject({ links: [theirs.link] });
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("a crash while the epoch changes", () => {
  /** Breaks the line at the request that rotates: before it has arrived, or before its answer has. */
  function breaking(when: "before" | "after"): typeof fetch {
    return async (input, init) => {
      const rotates = String(input).endsWith("/epochs");
      if (rotates && when === "before") throw new TypeError("the line broke");
      const response = await fetch(input, init);
      if (rotates) throw new TypeError("the line broke");
      return response;
    };
  }

  test.each(["before", "after"] as const)("%s the request has arrived: the same device goes on", async (when) => {
    const store = memoryStore();
    const { chat, url } = await shareChat(world.client({ store }));
    const staying = await world.client({ store }).createLink(chat, { mode: "collaborative" });
    const crashing = world.client({ store, fetch: breaking(when) });
    const link = linkOf(await crashing.links(chat), url);
    await expect(crashing.revokeLink(chat, link)).rejects.toMatchObject({ code: "unreachable" });

    const restarted = world.client({ node: 1, store: await copyOf(store) });
    const room = await live(restarted.reopen(chat));
    await room.send("after the crash");
    expect((await epochsOf(chat)).at(-1)).toBe(when === "before" ? 1 : 2);
    await restarted.revokeLink(chat, link);
    await room.send("and after that");
    const reader = await live(world.client().open(staying.url, { name: "Grace" }));
    expect(textsOf(reader).slice(3)).toEqual(["after the crash", "and after that"]);
    await expect(world.client().open(url)).rejects.toMatchObject({ code: "not_found" });
    expect((await epochsOf(chat)).at(-1)).toBe(2);
  });
});

describe("people", () => {
  test("somebody who is removed is out at once on every server, and can't come back by the same link", async () => {
    const owner = world.client();
    const { chat, url, room } = await shareChat(owner);
    const eve = world.client({ node: 1 });
    const [eves, graces] = [
      await live(eve.open(url, { name: "Eve" })),
      await live(world.client({ node: 1 }).open(url, { name: "Grace" })),
    ];
    await until(() => room.state.people.length > 0);
    const sender = eves.state.me;
    if (!sender) throw new Error("Eve writes");
    await until(async () => (await owner.people(chat)).length === 2);
    expect(await owner.removePerson(chat, sender)).toMatchObject({ canReturn: true, replacement: null });
    await hasEnded(eves);
    await graces.send("Is she gone?");
    await says(room, "Is she gone?");
    expect((await epochsOf(chat)).at(-1)).toBe(2);
    await expect(eve.reopen(chat).then((again) => again.whenLive())).rejects.toBeInstanceOf(ClientError);
    expect(await owner.people(chat)).toHaveLength(1);
  });

  test("with the link replaced nobody has it but those it is sent to", async () => {
    const owner = world.client();
    const { chat, url } = await shareChat(owner);
    const eves = await live(world.client().open(url, { name: "Eve" }));
    const grace = world.client({ node: 1 });
    const graces = await live(grace.open(url, { name: "Grace" }));
    const { replacement, others, canReturn } = await owner.removePerson(chat, eves.state.me ?? fail(), {
      andReplaceLink: true,
    });
    expect(others).toEqual([graces.state.me]);
    expect(canReturn).toBe(false);
    await hasEnded(eves);
    await expect(world.client().open(url)).rejects.toMatchObject({ code: "not_found" });
    const again = await live(grace.open(replacement?.url ?? fail(), { name: "Grace" }));
    expect(again.state.me).toBe(graces.state.me);
  });

  test("unsharing ends every link and membership, and erases the card", async () => {
    const owner = world.client();
    const preview = { title: "A card", summary: "", category: "science" } as const;
    const { chat, url } = await shareChat(owner, { preview });
    const graces = await live(world.client({ node: 1 }).open(url, { name: "Grace" }));
    expect(await owner.sharedByMe()).toMatchObject([
      { collaborative: true, expiredLinks: 0, fullLinks: 0, links: 1, members: 1 },
    ]);
    await owner.unshare(chat);
    await hasEnded(graces);
    expect(await owner.preview(chat)).toMatchObject({ generic: true });
    expect(await owner.links(chat)).toEqual([]);
    expect(await owner.sharedByMe()).toMatchObject([
      { chat, shareMode: "private", links: 0, collaborative: false, members: 0, title: "Together" },
    ]);
    const room = await live(owner.reopen(chat));
    await room.send("alone again");
    const again = await owner.createLink(chat, { mode: "collaborative" });
    expect(textsOf(await live(world.client().open(again.url, { name: "Late" })))).toContain("alone again");
  });
});

function fail(): never {
  throw new Error("this is there");
}

describe("whatever order things happen in", () => {
  /** Small and repeatable (mulberry32): a failing seed can be run again. */
  function numbersFrom(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
      return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
    };
  }

  interface Member {
    readonly client: ShareClient;
    readonly room: Room;
    readonly url: string;
  }

  test.each([1, 2, 3, 4])(
    "who was removed opens nothing written after, everybody else everything (seed %i)",
    async (seed) => {
      const pick = numbersFrom(seed);
      const owner = world.client();
      const { chat, url, room } = await shareChat(owner);
      let urls = [url];
      let inside: Member[] = [];
      const outside: Member[] = [];
      let written = 0;

      const steps = {
        async link() {
          const password = pick(2) === 0 ? "a password" : null;
          if (urls.length < 4) urls.push((await owner.createLink(chat, { mode: "collaborative", password })).url);
        },
        async join() {
          const store = memoryStore();
          const client = world.client({ node: pick(2) === 0 ? 0 : 1, store });
          stores.set(client, store);
          const target = urls[pick(urls.length)];
          if (target) inside.push({ client, url: target, room: await joined(client, target) });
        },
        async send() {
          const from = [room, ...inside.map((member) => member.room)][pick(inside.length + 1)] ?? room;
          await from.send(`message ${++written}`);
        },
        async revoke() {
          const gone = urls[pick(urls.length)];
          if (!gone) return;
          // While somebody is writing.
          const busy = inside.find((member) => member.url !== gone)?.room ?? room;
          const link = linkOf(await owner.links(chat), gone);
          await Promise.all([owner.revokeLink(chat, link), busy.send(`message ${++written}`)]);
          urls = urls.filter((one) => one !== gone);
          outside.push(...inside.filter((member) => member.url === gone));
          inside = inside.filter((member) => member.url !== gone);
        },
        async remove() {
          const gone = inside[pick(Math.max(inside.length, 1))];
          if (!gone?.room.state.me) return;
          const { replacement } = await owner.removePerson(chat, gone.room.state.me, { andReplaceLink: true });
          urls = urls.filter((one) => one !== gone.url);
          if (replacement) urls.push(replacement.url);
          outside.push(...inside.filter((member) => member.url === gone.url));
          inside = inside.filter((member) => member.url !== gone.url);
        },
      };
      const names = ["link", "join", "join", "send", "send", "send", "revoke", "remove"] as const;
      const seen = new Map<Room, number>();
      for (let step = 0; step < 14; step++) {
        await steps[names[pick(names.length)] ?? "send"]();
        for (const member of outside) {
          await hasEnded(member.room);
          seen.set(member.room, seen.get(member.room) ?? member.room.state.messages.through);
        }
      }
      await room.send("the last one");

      await says(room, "the last one");
      const all = textsOf(room);
      expect(all.filter((text) => text.startsWith("message "))).toHaveLength(written);
      for (const member of inside) {
        await says(member.room, "the last one");
        expect(textsOf(member.room)).toEqual(all);
        expect(member.room.state.integrity.state).not.toBe("violated");
      }
      for (const target of urls) expect(textsOf(await joined(world.client(), target))).toEqual(all);
      for (const member of outside) {
        expect(member.room.state.messages.through).toBe(seen.get(member.room));
        expect(textsOf(member.room)).not.toContain("the last one");
        await expect(member.client.open(member.url)).rejects.toMatchObject({ code: "not_found" });
      }
      // Even with the ciphertext in hand: the keys that they hold are of epochs before the last one.
      const last = (await epochsOf(chat)).at(-1) ?? 0;
      for (const member of outside) expect(await newestEpochOf(member.client, chat)).toBeLessThan(last);
    },
  );

  async function joined(client: ShareClient, target: string): Promise<Room> {
    const opening = client
      .open(target, { name: "Somebody" })
      .catch(() => client.open(target, { name: "Somebody", password: "a password" }));
    return live(opening);
  }

  const stores = new Map<ShareClient, SecretStore>();

  async function newestEpochOf(client: ShareClient, chat: ChatId): Promise<number> {
    const bytes = await stores.get(client)?.get(`chat/${chat}`);
    const record = decode(bytes ?? new Uint8Array(0)) as { keys: { epoch: number }[] };
    return Math.max(...record.keys.map(({ epoch }) => epoch));
  }
});
