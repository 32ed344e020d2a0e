import type { Room } from "@openmates-share/client";

const ends = new WeakMap<Room, Promise<unknown>>();

/** Has a room outlive its screen until something is done that needs it. */
export function keepOpen(room: Room, end: Promise<void>): void {
  ends.set(room, Promise.all([ends.get(room), end]));
}

export function closeRoom(room: Room): void {
  const end = ends.get(room);
  if (end === undefined) room.close();
  else void end.then(() => room.close());
}
