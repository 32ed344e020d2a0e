import { quantile } from "../rounds.ts";
import { type BarePeer, openBareRoom, stampIn } from "./bare-room.ts";
import { type OurPeer, openChat, openOurRoom, stampOf } from "./our-room.ts";
import { MESSAGE_BYTES } from "./press.ts";

/** What somebody who writes now and then needs: a message made and sent at once, and when one came. */
interface PacedPeer {
  say(): void;
  close(): void;
}

export interface Pace {
  /** Of all rooms together. */
  readonly messagesPerSecond: number;
  readonly seconds: number;
}

/** Calls back with how long each delivery took, in milliseconds. */
type OnDelivery = (milliseconds: number) => void;

export type OpenPaced = (size: number, onDelivery: OnDelivery) => Promise<readonly PacedPeer[]>;

/**
 * Has messages written at an even pace, whatever the server does, by everybody in turn.
 * @returns the median time from writing to each delivery, in milliseconds
 */
export async function medianDelivery(open: OpenPaced, options: Pace & { rooms: number; people: number }) {
  const { messagesPerSecond, seconds } = options;
  const times: number[] = [];
  const rooms = await Promise.all(
    Array.from({ length: options.rooms }, () => open(options.people, (time) => times.push(time))),
  );
  const peers = rooms[0]?.flatMap((_, at) => rooms.map((room) => room[at] as PacedPeer)) ?? [];
  const total = Math.round(messagesPerSecond * seconds);
  const start = performance.now();
  let said = 0;
  await new Promise<void>((resolve) => {
    const tick = () => {
      const due = Math.min(total, ((performance.now() - start) / 1000) * messagesPerSecond);
      for (; said < due; said += 1) peers[said % peers.length]?.say();
      // Sleeping in between: the database is on this core too, and must not wait for one that only looks at the clock.
      if (said < total) setTimeout(tick, TICK_MS);
      else setTimeout(resolve, SETTLE_MS);
    };
    tick();
  });
  for (const peer of peers) peer.close();
  if (times.length === 0) throw new Error("No message was delivered.");
  return quantile(times, 0.5);
}

/** Milliseconds; messages that are due in one go out together. */
const TICK_MS = 1;

/** What the last deliveries may take. */
const SETTLE_MS = 300;

export function ourPaced(server: string): OpenPaced {
  return async (size, onDelivery) => {
    const peers = await openOurRoom(server, size);
    for (const peer of peers) watch(peer, onDelivery);
    return peers.map(paced);
  };
}

/** One who writes on the first server; whose deliveries count are all on the second. */
export function ourPacedAcross(writersAt: string, readersAt: string): OpenPaced {
  return async (size, onDelivery) => {
    const { owner, member } = await openChat(writersAt);
    const others = await Promise.all(
      Array.from({ length: size - 1 }, async () => {
        const peer = await member(readersAt);
        watch(peer, onDelivery);
        return peer;
      }),
    );
    const writer = paced(owner);
    return [writer, ...others.map((peer) => ({ say: () => writer.say(), close: () => peer.close() }))];
  };
}

function watch(peer: OurPeer, onDelivery: OnDelivery): void {
  peer.onEvent = (event, payload) => {
    if (event !== "messages") return;
    const now = performance.now();
    const { messages } = payload as { messages: readonly { envelope: Uint8Array }[] };
    for (const { envelope } of messages) onDelivery(now - stampOf(envelope));
  };
}

function paced(peer: OurPeer): PacedPeer {
  return {
    say: () => peer.send(peer.prepare({ size: MESSAGE_BYTES, stamp: performance.now() })),
    close: () => peer.close(),
  };
}

export function barePaced(server: string): OpenPaced {
  return async (size, onDelivery) => {
    const peers = await openBareRoom(server, size);
    return peers.map((peer: BarePeer) => {
      peer.onPayload = (payload) => onDelivery(performance.now() - stampIn(payload));
      return {
        say: () => peer.send(peer.prepare({ size: MESSAGE_BYTES, stamp: performance.now() })),
        close: () => peer.close(),
      };
    });
  };
}
