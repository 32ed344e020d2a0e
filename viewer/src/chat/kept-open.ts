import type { Room } from "@openmates-share/client";

/** For what was written last to go out, where the line stands. Milliseconds. */
const LAST_WORDS = 10_000;

const ends = new WeakMap<Room, Promise<unknown>>();

/** Has a room outlive its screen until something is done that needs it. */
export function keepOpen(room: Room, end: Promise<void>): void {
  ends.set(room, Promise.all([ends.get(room), end]));
}

/** Closes a room whose screen is left; what was written there a moment ago goes out first. */
export function closeRoom(room: Room): void {
  if (isSending(room)) keepOpen(room, lastWords(room));
  const end = ends.get(room);
  if (end === undefined) room.close();
  else void end.then(() => room.close());
}

/** Without a line it waits on the device, until the chat is open again. */
function isSending({ state }: Room): boolean {
  return state.connection === "live" && state.pending.some((message) => message.state === "waiting");
}

function lastWords(room: Room): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      unsubscribe();
      resolve();
    };
    const timer = setTimeout(end, LAST_WORDS);
    const unsubscribe = room.subscribe(() => {
      if (!isSending(room)) end();
    });
  });
}
