import { ClientError, type Room, type RoomState } from "@openmates-share/client";
import type { ChatLog } from "./chat-log.ts";

/** Shows what is new of a room as it comes, until the chat ends or the signal says so. */
export function follow(options: {
  room: Room;
  log: ChatLog;
  show: (lines: string[], state: RoomState) => Promise<void> | void;
  signal: AbortSignal;
}): Promise<void> {
  const { room, log, show, signal } = options;
  return new Promise((resolve, reject) => {
    let work = Promise.resolve();
    const end = (settle: () => void) => {
      unsubscribe();
      signal.removeEventListener("abort", stop);
      settle();
    };
    const stop = () => end(resolve);
    const look = () => {
      work = work.then(step).catch((error: unknown) => end(() => reject(error)));
    };
    const step = async () => {
      if (signal.aborted) return;
      await bring(room, log);
      const { state } = room;
      await show(log.take(state), state);
      if (state.integrity.state === "violated") {
        throw new ClientError(state.integrity.code, `This is not what was shared: ${state.integrity.message}`);
      }
      if (state.connection === "ended") throw new ClientError("not_found", "This chat has ended.");
    };
    const unsubscribe = room.subscribe(look);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    else look();
  });
}

/** What is to be shown and is not here. What can't be had now comes with the next news. */
async function bring(room: Room, log: ChatLog): Promise<void> {
  const missing = log.missing(room.state);
  if (missing === null) return;
  await room.load(missing, room.state.messages.through).catch((error: unknown) => {
    if (!(error instanceof ClientError) || !error.retryable) throw error;
  });
}
