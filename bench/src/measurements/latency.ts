import { canPin, NOT_PINNED } from "../cores.ts";
import { barePaced, medianDelivery, type OpenPaced, ourPaced, ourPacedAcross } from "../load/pace.ts";
import type { Measurement } from "../measurement.ts";
import { median, takeRounds } from "../rounds.ts";

const ROOMS = 10;
const PEOPLE = 10;
/** With ten people in a room, 10,000 deliveries. */
const PER_SECOND = 1_000;
const SECONDS = 4;
/** The same in one room, where the last of them waits for all others. */
const LARGE_ROOM = 100;
/** Between nodes it is the way that counts, and not the load. */
const ACROSS_PER_SECOND = 100;

export const latency: Measurement = {
  name: "latency",
  title: "From writing to reading, rooms of 10 people and of 100, 1 KB",
  async run(world) {
    world.takeLoadCore();
    const ours = await world.pinnedServer();
    const unkept = await world.rival("unkept-server", await world.serverEnv());
    const bare = await world.rival("bare-ws");
    const seconds = Math.max(0.2, SECONDS / world.divisor);
    const timed = (open: OpenPaced) => () =>
      medianDelivery(open, { rooms: ROOMS, people: PEOPLE, messagesPerSecond: PER_SECOND, seconds });
    const figures = await takeRounds({
      ours: timed(ourPaced(ours.url)),
      unkept: timed(ourPaced(unkept.ready)),
      bare: timed(barePaced(bare.ready)),
    });
    const large = { rooms: 1, people: LARGE_ROOM, messagesPerSecond: (PER_SECOND * PEOPLE) / LARGE_ROOM, seconds };
    const inLarge = await takeRounds({
      ours: () => medianDelivery(ourPaced(ours.url), large),
      bare: () => medianDelivery(barePaced(bare.ready), large),
    });
    const redisUrl = await world.redisUrl();
    const [a, b] = [await world.freshServer({ redisUrl }), await world.freshServer({ redisUrl })];
    const pace = { rooms: 4, people: 3, messagesPerSecond: ACROSS_PER_SECOND, seconds };
    const nodes = await takeRounds({
      same: () => medianDelivery(ourPacedAcross(a.url, a.url), pace),
      across: () => medianDelivery(ourPacedAcross(a.url, b.url), pace),
    });
    const pinned = canPin() ? "" : `; ${NOT_PINNED}`;
    const of = (all: readonly number[]) => `of ${all.length}: ${all.map((one) => one.toFixed(2)).join(", ")}${pinned}`;
    const rival = { what: "bare ws, nothing stored", value: median(figures.bare) };
    return [
      {
        what: "p50 at 10,000 deliveries a second, committed",
        value: median(figures.ours),
        unit: "ms",
        rival,
        limit: { most: 1.3 },
        note: `what is more than with storing off is the commit's way to PostgreSQL and back; ${of(figures.ours)}`,
      },
      {
        what: "the same with storing off",
        value: median(figures.unkept),
        unit: "ms",
        rival,
        note: of(figures.unkept),
      },
      {
        what: `p50 at as many, in one room of ${LARGE_ROOM}, committed`,
        value: median(inLarge.ours),
        unit: "ms",
        rival: { what: "bare ws, nothing stored", value: median(inLarge.bare) },
        limit: { most: 1.3 },
        note: of(inLarge.ours),
      },
      {
        what: "p50 from one node to another",
        value: median(nodes.across),
        unit: "ms",
        rival: { what: "on the same node", value: median(nodes.same) },
        limit: { most: 1.7 },
        note: `${ACROSS_PER_SECOND} messages a second, both nodes on one core; ${of(nodes.across)}`,
      },
    ];
  },
};
