import { canPin, NOT_PINNED } from "../cores.ts";
import { openOurRoom } from "../load/our-room.ts";
import type { OpenRoom } from "../load/peer.ts";
import { openPlainRoom } from "../load/plain-room.ts";
import { press } from "../load/press.ts";
import type { Measurement } from "../measurement.ts";
import { median, takeRounds } from "../rounds.ts";
import type { World } from "../world.ts";

const ROOMS = 20;
const PEOPLE = 10;
/** In each room. An account may send two hundred at once, so nobody here is held back. */
const MESSAGES = 1_000;
const WINDOW = 40;
/** The rival is slow: as much would take minutes. */
const RIVAL_SHARE = 10;

export const storing: Measurement = {
  name: "storing",
  title: "Messages committed before they are delivered, 20 rooms of 10 people, 1 KB",
  async run(world) {
    world.takeLoadCore();
    const ours = await world.pinnedServer();
    const unkept = await world.rival("unkept-server", await world.serverEnv());
    const plain = await world.rival("plain-socketio", { DATABASE_URL: await world.databaseUrl() });
    const figures = await takeRounds({
      ours: () => messagesPerSecond(world, (size) => openOurRoom(ours.url, size)),
      unkept: () => messagesPerSecond(world, (size) => openOurRoom(unkept.ready, size)),
      create: () => messagesPerSecond(world, (size) => openPlainRoom(plain.ready, size), RIVAL_SHARE),
    });
    const value = median(figures.ours);
    const note = `${(value * PEOPLE).toFixed(0)} deliveries a second; of ${figures.ours.length}: ${figures.ours.map(Math.round).join(", ")}${canPin() ? "" : `; ${NOT_PINNED}`}`;
    const row = { what: "messages", value, unit: "per second" } as const;
    return [
      { ...row, rival: { what: "same, storing off", value: median(figures.unkept) }, limit: { least: 0.9 }, note },
      {
        ...row,
        rival: { what: "Socket.IO, Prisma create for each", value: median(figures.create) },
        limit: { least: 12 },
      },
    ];
  },
};

async function messagesPerSecond(world: World, open: OpenRoom, share = 1): Promise<number> {
  const rooms = await Promise.all(Array.from({ length: world.scaled(ROOMS) }, () => open(PEOPLE)));
  const messages = Math.max(10, world.scaled(MESSAGES) / share);
  try {
    const seconds = await press(rooms, { messages, window: WINDOW });
    return (rooms.length * messages) / seconds;
  } finally {
    for (const peer of rooms.flat()) peer.close();
  }
}
