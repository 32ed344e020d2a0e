import { ClientError } from "./errors.ts";
import type { RoomState } from "./room-state.ts";

/** Hands out the states of a room: at most one new value for everything that happens in one go. */
export class StateFeed {
  readonly #take: () => RoomState;
  readonly #listeners = new Set<(state: RoomState) => void>();
  /** Tells those who wait for something that the room was closed. */
  readonly #waiting = new Set<(error: ClientError) => void>();
  #state: RoomState;
  #publishing = false;
  #closed = false;

  /** `take` makes the state as it is now. */
  constructor(take: () => RoomState) {
    this.#take = take;
    this.#state = take();
  }

  get state(): RoomState {
    return this.#state;
  }

  subscribe(listener: (state: RoomState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(): void {
    if (this.#publishing || this.#closed) return;
    this.#publishing = true;
    queueMicrotask(() => {
      this.#publishing = false;
      if (this.#closed) return;
      this.#state = this.#take();
      for (const listener of this.#listeners) listener(this.#state);
    });
  }

  /** Resolves with the first state for which it holds. @throws ClientError `aborted`, or `not_found` once the chat has ended */
  async until(holds: (state: RoomState) => boolean, signal?: AbortSignal): Promise<RoomState> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        unsubscribe();
        this.#waiting.delete(fail);
        signal?.removeEventListener("abort", onAbort);
        finish();
      };
      const fail = (error: ClientError) => settle(() => reject(error));
      const onAbort = () => fail(new ClientError("aborted", "This was cancelled."));
      const check = (state: RoomState) => {
        if (holds(state)) settle(() => resolve(state));
        else if (state.connection === "ended") fail(chatEnded());
        else if (this.#closed) fail(closed());
      };
      const unsubscribe = this.subscribe(check);
      this.#waiting.add(fail);
      signal?.addEventListener("abort", onAbort);
      if (signal?.aborted) onAbort();
      else check(this.#state);
    });
  }

  close(): void {
    this.#closed = true;
    for (const tell of [...this.#waiting]) tell(closed());
    this.#listeners.clear();
  }
}

export function chatEnded(): ClientError {
  return new ClientError("not_found", "This chat has ended.");
}

function closed(): ClientError {
  return new ClientError("aborted", "This chat was closed.");
}
