import { type AskId, ClientError, type Room, type RoomState } from "@openmates-share/client";
import { AnswerPrinter } from "../answer-printer.ts";
import type { Terminal } from "../terminal.ts";

/** Resolves with the stored answer's last word. @throws ClientError when it fails or is cut off */
export function printAnswer(options: {
  terminal: Terminal;
  room: Room;
  ask: AskId;
  signal: AbortSignal;
}): Promise<void> {
  const { terminal, room, ask, signal } = options;
  const printer = new AnswerPrinter(terminal);
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      unsubscribe();
      signal.removeEventListener("abort", stop);
      printer.end().then(finish, reject);
    };
    const stop = () => settle(() => reject(new ClientError("aborted", "This was cancelled.")));
    const look = (state: RoomState) => {
      try {
        if (printer.take(state, ask)) settle(resolve);
      } catch (error) {
        settle(() => reject(error));
      }
    };
    const unsubscribe = room.subscribe(look);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    else look(room.state);
  });
}
