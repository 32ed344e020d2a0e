import { canPin, NOT_PINNED } from "../cores.ts";
import { openOurRoom } from "../load/our-room.ts";
import type { OpenRoom } from "../load/peer.ts";
import { openPlainRoom } from "../load/plain-room.ts";
import { type Pressure, press } from "../load/press.ts";
import type { Measurement } from "../measurement.ts";
import { cpuSeconds } from "../process-figures.ts";
import { median, takeRounds } from "../rounds.ts";
import type { Row } from "../row.ts";
import type { World } from "../world.ts";

const RECEIVERS = 100;
const RIVAL = "Socket.IO, two binary fields, default parser, nothing stored";

export const deliveries: Measurement = {
  name: "deliveries",
  title: "Deliveries to 100 receivers in one room, 1 KB, ours committed first",
  async run(world) {
    world.takeLoadCore();
    const ours = await world.pinnedServer();
    const plain = await world.rival("plain-socketio");
    const row = async (what: string, pressure: Pressure, least: number): Promise<Row> => {
      const cpu = { ours: [] as number[], plain: [] as number[] };
      const figures = await takeRounds({
        ours: () =>
          deliveriesPerSecond(world, { pressure, pid: ours.pid, cpu: cpu.ours }, (size) => openOurRoom(ours.url, size)),
        plain: () =>
          deliveriesPerSecond(world, { pressure, pid: plain.pid, cpu: cpu.plain }, (size) =>
            openPlainRoom(plain.ready, size),
          ),
      });
      const micro = (all: readonly number[]) => (median(all) * 1e6).toFixed(1);
      const note = `server's processor time ${micro(cpu.ours)} µs each, rival's ${micro(cpu.plain)} µs; of ${figures.ours.length}: ${figures.ours.map(Math.round).join(", ")}${canPin() ? "" : `; ${NOT_PINNED}`}`;
      const rival = { what: RIVAL, value: median(figures.plain) };
      return { what, value: median(figures.ours), unit: "per second", rival, limit: { least }, note };
    };
    return [
      await row("eight people writing, each waits for its own", { messages: 800, window: 8, writers: 8 }, 2.5),
      await row("in a burst: 1,000 messages at once", { messages: 1_000, window: 1_000, writers: 10 }, 20),
    ];
  },
};

/** What else runs on a core takes wall time, but is not counted as a process's own. */
interface Pressed {
  readonly pressure: Pressure;
  readonly pid: number;
  /** Takes the processor's seconds for one delivery. */
  readonly cpu: number[];
}

async function deliveriesPerSecond(world: World, { pressure, pid, cpu }: Pressed, open: OpenRoom): Promise<number> {
  const size = Math.max(10, world.scaled(RECEIVERS));
  const room = await open(size);
  const messages = Math.max(20, world.scaled(pressure.messages));
  try {
    const before = await cpuSeconds(pid);
    const seconds = await press([room], { ...pressure, messages });
    cpu.push(((await cpuSeconds(pid)) - before) / (size * messages));
    return (size * messages) / seconds;
  } finally {
    for (const peer of room) peer.close();
  }
}
