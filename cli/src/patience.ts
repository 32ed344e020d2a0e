import { ClientError, type Room, type RoomState } from "@openmates-share/client";

/** Without any news for so long the server counts as gone: a script must end. Milliseconds. */
const PATIENCE = 30_000;

/** Waits for something of a room as long as news keep coming in. @throws ClientError `unreachable`, `aborted` */
export async function withPatience<T>(options: {
  room: Room;
  signal: AbortSignal;
  wait: (signal: AbortSignal) => Promise<T>;
  patience?: number;
}): Promise<T> {
  const { room, signal, wait, patience = PATIENCE } = options;
  const gaveUp = new AbortController();
  let timer = setTimeout(() => gaveUp.abort(), patience);
  let seen = newsOf(room.state);
  const unsubscribe = room.subscribe((state) => {
    if (newsOf(state) === seen) return;
    seen = newsOf(state);
    clearTimeout(timer);
    timer = setTimeout(() => gaveUp.abort(), patience);
  });
  try {
    return await wait(AbortSignal.any([signal, gaveUp.signal]));
  } catch (cause) {
    if (!gaveUp.signal.aborted) throw cause;
    throw new ClientError("unreachable", "The server does not answer any more.", { cause, retryable: true });
  } finally {
    clearTimeout(timer);
    unsubscribe();
  }
}

/** What counts as news: messages and pieces of answers, not that the line went down and up. */
function newsOf({ messages, integrity, answers }: RoomState): string {
  const checked = integrity.state === "checking" ? integrity.checked : "";
  return `${messages.through} ${messages.loaded.length} ${checked} ${answers.map(({ state, text }) => `${state}${text.length}`).join()}`;
}
