import { canPin, NOT_PINNED } from "../cores.ts";
import { claimOf, guest, OurPeer, openChat, type Visitor } from "../load/our-room.ts";
import { openPlainRoom } from "../load/plain-room.ts";
import type { Measurement } from "../measurement.ts";
import { median, quantile, takeRounds, timed } from "../rounds.ts";
import type { Row } from "../row.ts";
import type { World } from "../world.ts";

const JOINS = 999;
const LONG = 100_000;
const SHORT = 100;
const OPENINGS = 60;
const GUESTS_AT_ONCE = 20;

export const joins: Measurement = {
  name: "joins",
  title: "Coming into a chat",
  async run(world) {
    world.takeLoadCore();
    return [await manyAtOnce(world), await longBesideShort(world)];
  },
};

/** A thousand people come into one room, the owner among them; all who are there are told of each. */
async function manyAtOnce(world: World): Promise<Row> {
  const ours = await world.pinnedServer();
  const plain = await world.rival("plain-socketio");
  const count = world.scaled(JOINS);
  const figures = await takeRounds({
    ours: async () => {
      const { chat, owner, link } = await openChat(ours.url);
      const visitors = await guests(ours.url, count);
      const comers = await Promise.all(
        visitors.map(async (visitor) => ({ visitor, claim: await claimOf(visitor, chat) })),
      );
      const peers: OurPeer[] = [owner];
      const time = await timed(() =>
        Promise.all(
          comers.map(async ({ visitor, claim }) => {
            const peer = await OurPeer.connect(ours.url, visitor);
            await peer.join(chat, { link, claim });
            peers.push(peer);
          }),
        ),
      );
      for (const peer of peers) peer.close();
      return time;
    },
    plain: async () => {
      let peers: Awaited<ReturnType<typeof openPlainRoom>> = [];
      const time = await timed(async () => {
        peers = await openPlainRoom(plain.ready, count + 1);
      });
      for (const peer of peers) peer.close();
      return time;
    },
  });
  return {
    what: `${(count + 1).toLocaleString("en")} people connect and join one room`,
    value: median(figures.ours),
    unit: "ms",
    rival: { what: "Socket.IO, nothing checked or stored", value: median(figures.plain) },
    limit: { most: 1.2 },
    note: `of ${figures.ours.length}: ${figures.ours.map(Math.round).join(", ")}${canPin() ? "" : `; ${NOT_PINNED}`}`,
  };
}

/** Made a few at a time: that is not what is measured, and nobody should be refused for it. */
async function guests(server: string, count: number): Promise<readonly Visitor[]> {
  const visitors: Visitor[] = [];
  while (visitors.length < count) {
    const next = Math.min(GUESTS_AT_ONCE, count - visitors.length);
    visitors.push(...(await Promise.all(Array.from({ length: next }, () => guest(server)))));
  }
  return visitors;
}

/** By a link to read, on a connection that stands; the answer is the first page. */
async function longBesideShort(world: World): Promise<Row> {
  const { url } = await world.server();
  const [long, short] = [await world.chat(world.scaled(LONG)), await world.chat(SHORT)];
  const open = async ({ chat, bearer }: typeof long) => {
    // From an address of its own: nobody opens as many chats as all the rounds do.
    const peer = await OurPeer.connect(url, null);
    const times: number[] = [];
    for (let turn = 0; turn < OPENINGS; turn += 1) {
      times.push(await timed(() => peer.join(chat, { link: bearer })));
      await peer.request("leave", { chat });
    }
    peer.close();
    return quantile(times, 0.5);
  };
  const figures = await takeRounds({ long: () => open(long), short: () => open(short) });
  return {
    what: `join and first page, ${long.length.toLocaleString("en")} messages`,
    value: median(figures.long),
    unit: "ms",
    rival: { what: `${SHORT} messages`, value: median(figures.short) },
    limit: { most: 1.2 },
    note: `of ${figures.long.length}: ${figures.long.map((one) => one.toFixed(2)).join(", ")}`,
  };
}
