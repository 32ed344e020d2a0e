import type { Room } from "@openmates-share/client";
import type { Workspace } from "../workspace.ts";
import type { Mirror, MirrorStore } from "./mirror.ts";
import { reconcile } from "./reconcile.ts";

/** What happens in quick succession is brought over together. */
const GATHER_MS = 300;
/** After a failure; both sides may be down for long. */
const AGAIN_MS = 5_000;
const RECONCILE_MS = 5 * 60 * 1000;

/** One mirror, worked on by this node: whenever something happens on either side, both are made the same. */
export class MirrorRun {
  readonly #setup: {
    mirror: Mirror;
    store: MirrorStore;
    enter: () => Promise<Workspace>;
    onFailure: (error: unknown) => void;
  };
  #room: Room | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #working: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  #seen = "";

  constructor(setup: {
    mirror: Mirror;
    store: MirrorStore;
    enter: () => Promise<Workspace>;
    onFailure: (error: unknown) => void;
  }) {
    this.#setup = setup;
  }

  /** Something has happened. */
  poke(milliseconds = GATHER_MS): void {
    if (this.#stopped) return;
    if (this.#working !== null) this.#again = true;
    else this.#timer ??= setTimeout(() => this.#begin(), milliseconds);
  }

  /** Resolves when what was heard of is brought over, or could not be. */
  async idle(): Promise<void> {
    if (this.#timer !== undefined && this.#working === null) this.#begin();
    while (this.#working !== null) await this.#working;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#working;
    this.#room?.close();
    this.#room = null;
  }

  #begin(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#again = false;
    this.#working = this.#work()
      .then(
        () => this.#again,
        (error: unknown) => {
          this.#setup.onFailure(error);
          this.#room?.close();
          this.#room = null;
          this.#timer = this.#stopped ? undefined : setTimeout(() => this.#begin(), AGAIN_MS);
          return false;
        },
      )
      .then((again) => {
        this.#working = null;
        if (again && !this.#stopped) this.#begin();
      });
  }

  async #work(): Promise<void> {
    const { mirror, store, enter } = this.#setup;
    const workspace = await enter();
    this.#room ??= await this.#follow(workspace, mirror);
    const signal = AbortSignal.timeout(RECONCILE_MS);
    await reconcile({ workspace, store, mirror, room: this.#room, signal });
  }

  async #follow(workspace: Workspace, mirror: Mirror): Promise<Room> {
    const room = await workspace.sharing.reopen(mirror.chat);
    room.subscribe(({ messages, connection }) => {
      // Whatever is written there, edits and reactions too, is one more message of the chat.
      const seen = `${connection} ${messages.through}`;
      if (seen === this.#seen) return;
      this.#seen = seen;
      this.poke();
    });
    return room;
  }
}
