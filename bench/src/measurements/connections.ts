import { canPin, NOT_PINNED } from "../cores.ts";
import { COLLECTING, liveBytesOf } from "../live-memory.ts";
import { BarePeer } from "../load/bare-room.ts";
import { OurPeer } from "../load/our-room.ts";
import { PlainPeer } from "../load/plain-room.ts";
import type { Measurement } from "../measurement.ts";
import { cpuSeconds } from "../process-figures.ts";
import { MIN_ROUNDS, median } from "../rounds.ts";
import type { World } from "../world.ts";

const CONNECTIONS = 2_000;
/** Before any is counted: what is loaded and compiled with the first ones belongs to no connection. */
const WARMING = 400;
const AT_ONCE = 50;

/** What one connection takes: bytes, and seconds of the processor. */
interface Cost {
  readonly bytes: number;
  readonly cpu: number;
}

interface Open {
  readonly pid: number;
  connect(): Promise<{ close(): void }>;
  stop(): Promise<unknown>;
}

export const connections: Measurement = {
  name: "connections",
  title: "What a connection costs the server",
  async run(world) {
    world.takeLoadCore();
    const ours: Cost[] = [];
    const bare: Cost[] = [];
    const plain: Cost[] = [];
    // A process for every figure: memory that was used once is not given back.
    for (let round = 0; round < MIN_ROUNDS; round += 1) {
      ours.push(await costOf(await openOurs(world), world));
      bare.push(await costOf(await openBare(world), world));
      plain.push(await costOf(await openPlain(world), world));
    }
    const middle = (costs: readonly Cost[], of: keyof Cost) => median(costs.map((cost) => cost[of]));
    const note = `${world.scaled(CONNECTIONS)} connections, handshake made, in no room, what can be forgotten forgotten${canPin() ? "" : `; ${NOT_PINNED}`}`;
    const alone = `Socket.IO alone, with nothing of ours`;
    return [
      {
        what: "memory",
        value: middle(ours, "bytes"),
        unit: "bytes",
        rival: { what: "bare ws", value: middle(bare, "bytes") },
        limit: { most: 2.2 },
        note: `${note}; ${alone}: ${Math.round(middle(plain, "bytes"))} bytes`,
      },
      {
        what: "processor time to connect",
        value: middle(ours, "cpu") * 1e6,
        unit: "µs",
        rival: { what: "bare ws", value: middle(bare, "cpu") * 1e6 },
        limit: { most: 1.8 },
        note: `${note}; ${alone}: ${Math.round(middle(plain, "cpu") * 1e6)} µs`,
      },
    ];
  },
};

async function openOurs(world: World): Promise<Open> {
  const { url, pid, stop } = await world.freshServer({ env: COLLECTING });
  return { pid, stop, connect: () => OurPeer.connect(url, null) };
}

async function openBare(world: World): Promise<Open> {
  const { ready, pid, stop } = await world.rival("bare-ws", COLLECTING);
  return { pid, stop, connect: () => BarePeer.connect(ready, "room") };
}

async function openPlain(world: World): Promise<Open> {
  const { ready, pid, stop } = await world.rival("plain-socketio", COLLECTING);
  return { pid, stop, connect: () => PlainPeer.connect(ready) };
}

async function costOf({ pid, connect, stop }: Open, world: World): Promise<Cost> {
  const count = world.scaled(CONNECTIONS);
  const open = async (many: number) => {
    const peers: { close(): void }[] = [];
    for (let at = 0; at < many; at += AT_ONCE) {
      peers.push(...(await Promise.all(Array.from({ length: Math.min(AT_ONCE, many - at) }, connect))));
    }
    return peers;
  };
  for (const peer of await open(world.scaled(WARMING))) peer.close();
  const before = { bytes: await liveBytesOf(pid), cpu: await cpuSeconds(pid) };
  const peers = await open(count);
  // In this order: forgetting is no part of connecting.
  const cpu = await cpuSeconds(pid);
  const after = { bytes: await liveBytesOf(pid), cpu };
  for (const peer of peers) peer.close();
  await stop();
  return { bytes: (after.bytes - before.bytes) / count, cpu: (after.cpu - before.cpu) / count };
}
