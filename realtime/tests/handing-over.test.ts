import { memoryStore, type Room, type SecretStore, type ShareClient } from "@openmates-share/client";
import { idBytes } from "@openmates-share/protocol/wire";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { copyOf, live, ShareWorld, says, shareChat, textsOf } from "./share-world.ts";
import { until } from "./until.ts";

let world: ShareWorld;
beforeAll(async () => {
  world = await ShareWorld.start();
});
afterAll(() => world.stop());
afterEach(() => world.closeClients());

interface Group {
  readonly ada: ShareClient;
  readonly adas: SecretStore;
  readonly bo: ShareClient;
  readonly bos: SecretStore;
  readonly adasRoom: Room;
  readonly bosRoom: Room;
  /** To write by. */
  readonly url: string;
  /** To read by. */
  readonly reading: string;
}

/** Ada's chat at one server, in which Bo writes at the other. */
async function group(): Promise<Group> {
  const [adas, bos] = [memoryStore(), memoryStore()];
  const ada = world.client({ node: 0, store: adas });
  const { url, room: adasRoom, chat } = await shareChat(ada);
  const { url: reading } = await ada.createLink(chat, { mode: "read-only", label: "Readers" });
  const bo = world.client({ node: 1, store: bos });
  const bosRoom = await live(bo.open(url, { name: "Bo" }));
  await bosRoom.join("Bo");
  await says(adasRoom, "Three");
  await until(() => adasRoom.state.people.some(({ name }) => name === "Bo"));
  return { ada, adas, bo, bos, adasRoom, bosRoom, url, reading };
}

async function handOver({ ada, bo, adasRoom, bosRoom }: Group): Promise<void> {
  const { chat } = adasRoom;
  const { me } = bosRoom.state;
  if (!me) throw new Error("Bo writes here.");
  await (await ada.handingOver()).offer(chat, me);
  await until(() => bosRoom.state.offeredTo === me);
  await (await bo.handingOver()).accept(chat);
}

/** Opened anew, as the app does when a chat has got another owner. */
async function again(client: ShareClient, room: Room): Promise<Room> {
  await until(() => room.state.handedOver);
  room.close();
  return live(client.reopen(room.chat));
}

/** The servers of this world call themselves by different names. */
const keyOf = (url: string | null) => (url === null ? "" : new URL(url).hash);

const sealed = (room: Room) => until(() => room.state.integrity.state === "sealed");

describe("a chat that is handed over", () => {
  test("is the other's, with all that belongs to it; the old owner stays, and readers go on", async () => {
    const all = await group();
    const { ada, bo, url, reading } = all;
    const { chat } = all.adasRoom;
    const readers = world.client({ node: 1 });
    const before = await live(readers.open(reading));
    await handOver(all);

    const bos = await again(bo, all.bosRoom);
    const adas = await again(ada, all.adasRoom);
    const { me } = bos.state;
    expect(bos.state).toMatchObject({ role: "owner", owner: me, offeredTo: null });
    expect(adas.state).toMatchObject({ role: "member", owner: me });
    expect((await bo.sharedByMe()).map((one) => [one.chat, one.title])).toEqual([[chat, "Together"]]);
    expect(await ada.sharedByMe()).toEqual([]);
    expect((await ada.sharedWithMe()).map((one) => one.chat)).toEqual([chat]);

    // What Bo holds now: every link, with its key and its name.
    const links = await bo.links(chat);
    const keys = new Set(links.map((link) => keyOf(link.url)));
    expect([links.length, keys.has(keyOf(url)), keys.has(keyOf(reading)), keys.has("")]).toEqual([
      3,
      true,
      true,
      false,
    ]);
    expect(links.map(({ label }) => label)).toContain("Readers");
    await expect(ada.links(chat)).rejects.toMatchObject({ code: "not_allowed" });
    await expect(ada.updateShared(chat)).rejects.toMatchObject({ code: "not_allowed" });

    // The old owner writes on, also after a new epoch began.
    await adas.send("Now it is yours");
    await says(bos, "Now it is yours");
    const writers = links.find((link) => keyOf(link.url) === keyOf(url));
    if (!writers) throw new Error("It is among them.");
    await bo.revokeLink(chat, writers.link);
    await bos.send("Under a new key");
    await says(adas, "Under a new key");
    await adas.send("So I see");
    await says(bos, "So I see");

    // A fork names the key of whoever owned the source when it was sealed.
    const [founder, heir] = [all.adasRoom.ownerKey, adas.ownerKey];
    for (const client of [ada, bo]) {
      const answers = [founder, heir, new Uint8Array(32)].map((key) => client.isOwnerOf(chat, key));
      expect(await Promise.all(answers)).toEqual([true, true, false]);
    }

    // Readers take the new owner's seal, those who were here before and those who come now.
    await bo.updateShared(chat);
    const readersNow = await again(readers, before);
    await says(readersNow, "So I see");
    const fresh = await live(world.client({ node: 0 }).open(reading));
    for (const room of [readersNow, fresh]) {
      await sealed(room);
      expect(room.state.owner).toBe(me);
      expect(textsOf(room)).toContain("Under a new key");
    }
  });

  test("can be handed on, and back", async () => {
    const all = await group();
    await handOver(all);
    const { ada, bo } = all;
    const bos = await again(bo, all.bosRoom);
    const adas = await again(ada, all.adasRoom);
    await handOver({ ...all, ada: bo, bo: ada, adasRoom: bos, bosRoom: adas });
    const back = await again(ada, adas);
    expect(back.state).toMatchObject({ role: "owner", owner: all.adasRoom.state.me });
    await back.send("Mine again");
    await ada.updateShared(back.chat);
    const fresh = await live(world.client({ node: 1 }).open(all.reading));
    await sealed(fresh);
    expect(textsOf(fresh)).toContain("Mine again");
    expect((await again(bo, bos)).state).toMatchObject({ role: "member", owner: back.state.me });
  });

  test("is known to the person's other devices by what they have synced or see", async () => {
    const all = await group();
    const second = world.client({ node: 1, store: await copyOf(all.adas) });
    await handOver(all);
    const room = await live(second.reopen(all.adasRoom.chat));
    expect(room.state).toMatchObject({ role: "member", owner: all.bosRoom.state.me });
    const third = world.client({ node: 0, store: await copyOf(all.bos) });
    const owned = await live(third.reopen(all.adasRoom.chat));
    expect(owned.state.role).toBe("owner");
  });
});

describe("an offer", () => {
  test("is for one person, and can be withdrawn, declined, and made again", async () => {
    const all = await group();
    const { ada, bo, adasRoom, bosRoom, url } = all;
    const { chat } = adasRoom;
    const { me } = bosRoom.state;
    if (!me) throw new Error("Bo writes here.");
    const giving = await ada.handingOver();
    const taking = await bo.handingOver();
    const cy = world.client({ node: 0 });
    await (await live(cy.open(url, { name: "Cy" }))).join("Cy");

    await giving.offer(chat, me);
    await until(() => bosRoom.state.offeredTo === me);
    expect(await taking.pending(chat)).toMatchObject({ to: me });
    expect(await (await cy.handingOver()).pending(chat)).toBeNull();
    await expect((await cy.handingOver()).accept(chat)).rejects.toMatchObject({ code: "conflict" });
    await (await cy.handingOver()).decline(chat);
    expect(bosRoom.state.offeredTo).toBe(me);

    await giving.withdraw(chat);
    await until(() => bosRoom.state.offeredTo === null);
    await expect(taking.accept(chat)).rejects.toMatchObject({ code: "conflict" });
    await giving.offer(chat, me);
    await until(() => bosRoom.state.offeredTo === me);
    await taking.decline(chat);
    await until(() => adasRoom.state.offeredTo === null);
    await giving.offer(chat, me);
    await until(() => bosRoom.state.offeredTo === me);
    await ada.createLink(chat, { mode: "read-only" });
    await until(() => bosRoom.state.offeredTo === null);
    expect(adasRoom.state).toMatchObject({ role: "owner", handedOver: false });
    const row = await world.database.database.chat.findUniqueOrThrow({ where: { id: idBytes(chat) } });
    expect([row.offer, row.bequest, row.successions]).toEqual([null, null, null]);
  });

  test("accepted twice at once makes one owner, and an answer that is lost loses nothing", async () => {
    const all = await group();
    const { ada, adasRoom, bosRoom, bos } = all;
    const { chat } = adasRoom;
    const { me } = bosRoom.state;
    if (!me) throw new Error("Bo writes here.");
    await (await ada.handingOver()).offer(chat, me);
    await until(() => bosRoom.state.offeredTo === me);
    const deaf: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (String(input).endsWith("/successions")) throw new TypeError("The line is cut.");
      return response;
    };
    const cut = world.client({ node: 1, store: bos, fetch: deaf });
    const other = world.client({ node: 0, store: bos });
    const taking = await Promise.all([cut.handingOver(), other.handingOver()]);
    const ends = await Promise.allSettled(taking.map((one) => one.accept(chat)));
    expect(ends.some(({ status }) => status === "rejected")).toBe(true);
    const rows = await world.database.database.chat.findMany({ where: { id: idBytes(chat) } });
    expect(rows.map(({ ownerSender }) => [...ownerSender])).toEqual([[...idBytes(me)]]);
    expect(await world.database.database.member.count({ where: { chatId: idBytes(chat) } })).toBe(1);

    const room = await again(all.bo, bosRoom);
    expect(room.state.role).toBe("owner");
    const readers = (await all.bo.links(chat)).filter(({ label }) => label === "Readers");
    for (const { link } of readers) await all.bo.revokeLink(chat, link);
    await room.send("With all its keys");
    await says(await again(ada, adasRoom), "With all its keys");
  });
});
