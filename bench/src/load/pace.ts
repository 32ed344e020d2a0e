import { quantile } from "../rounds.ts";
import { openBareRoom } from "./bare-room.ts";
import { openChat, openOurRoom } from "./our-room.ts";
import { MESSAGE_BYTES } from "./press.ts";
import { stampFrame, stampsIn } from "./stamp.ts";

/** Somebody who writes now and then. */
interface PacedPeer {
  /** Makes so many messages, before anything is measured. */
  prepare(count: number): void;
  /** Sends the next one. */
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
  for (const peer of peers) peer.prepare(Math.ceil(total / peers.length));
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

/** What both sides' clients have in common. */
interface Speaker {
  prepare(options: { size: number }): Buffer;
  send(frame: Buffer): void;
  onPayload: ((payload: Buffer) => void) | null;
  close(): void;
}

export function ourPaced(server: string): OpenPaced {
  return async (size, onDelivery) => (await openOurRoom(server, size)).map((peer) => paced(hearing(peer, onDelivery)));
}

export function barePaced(server: string): OpenPaced {
  return async (size, onDelivery) => (await openBareRoom(server, size)).map((peer) => paced(hearing(peer, onDelivery)));
}

/** One who writes on the first server; whose deliveries count are all on the second. */
export function ourPacedAcross(writersAt: string, readersAt: string): OpenPaced {
  return async (size, onDelivery) => {
    const { owner, member } = await openChat(writersAt);
    const others = await Promise.all(
      Array.from({ length: size - 1 }, async () => hearing(await member(readersAt), onDelivery)),
    );
    const writer = paced(owner);
    return [writer, ...others.map((peer) => ({ ...writer, close: () => peer.close() }))];
  };
}

function hearing<S extends Speaker>(peer: S, onDelivery: OnDelivery): S {
  peer.onPayload = (payload) => {
    const now = performance.now();
    for (const stamp of stampsIn(payload)) onDelivery(now - stamp);
  };
  return peer;
}

function paced(peer: Speaker): PacedPeer {
  const frames: Buffer[] = [];
  return {
    prepare(count) {
      for (let made = 0; made < count; made += 1) frames.push(peer.prepare({ size: MESSAGE_BYTES }));
    },
    say() {
      const frame = frames.pop();
      if (!frame) throw new Error("All that was prepared is said.");
      stampFrame(frame, performance.now());
      peer.send(frame);
    },
    close: () => peer.close(),
  };
}
