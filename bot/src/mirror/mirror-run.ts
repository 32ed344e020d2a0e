import { ClientError, type Room } from "@openmates-share/client";
import type { Slots } from "../delivery/slots.ts";
import { BotError } from "../errors.ts";
import type { Workspace } from "../workspace.ts";
import { endMirror } from "./end-mirror.ts";
import { type Mirror, type MirrorStore, notHeld } from "./mirror.ts";
import { pauseMirror, resumeMirror, tellOfOwner } from "./pause-mirror.ts";
import type { Side } from "./side.ts";
import { type EndReason, troubleOf } from "./trouble.ts";
import { takeTurn } from "./turn.ts";

/** How long a node may be silent before another takes its mirrors over. */
export const LEASE_MS = 30_000;
/** What happens in quick succession is brought over together. */
const GATHER_MS = 300;
/** After a failure, and twice as long after every further one; both sides may be down for long. */
const AGAIN_MS = 5_000;
const AGAIN_MOST_MS = 60_000;
/** A thread of thousands, where Slack lets an app read little at a time, takes as long as sharing it. */
const TURN_MS = 30 * 60 * 1000;
/** Slack does not always tell: new messages are looked for after so long without a word of it, at the cost of one request. */
const LOOK_MS = 10 * 60 * 1000;
/** And edits and deletions that it did not tell of are looked for after so long, where anything happens at all. */
const COMPARE_MS = 60 * 60 * 1000;

export interface RunSetup {
  readonly mirror: Mirror;
  readonly store: MirrorStore;
  /** Who holds the mirror. */
  readonly node: string;
  readonly enter: () => Promise<Workspace>;
  /** There also when the bot is let in no more. */
  readonly sharing: Pick<Workspace["sharing"], "reopen">;
  /** Whole comparisons: a few at a time, for Slack counts what is read. */
  readonly comparisons: Slots;
  readonly onFailure: (error: unknown) => void;
}

/** One mirror, worked on by this node: whenever something happens on either side, it is brought to the other. */
export class MirrorRun {
  readonly #setup: RunSetup;
  readonly #ending = new AbortController();
  #room: Room | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #working: Promise<void> | null = null;
  #again = false;
  #failures = 0;
  #seen = "";
  #looked = 0;
  /** What happened before this node had the mirror, it may not have been told. */
  #compared = Number.NEGATIVE_INFINITY;

  constructor(setup: RunSetup) {
    this.#setup = setup;
  }

  /** Something has happened. */
  poke(milliseconds = GATHER_MS): void {
    if (this.#stopped) return;
    if (this.#working !== null) this.#again = true;
    else this.#timer ??= setTimeout(() => this.#begin(), milliseconds);
  }

  /** Time has passed. */
  pass(): void {
    if (Date.now() - this.#looked > LOOK_MS) this.poke();
  }

  /** Resolves when what was heard of is brought over, or could not be. */
  async idle(): Promise<void> {
    if (this.#timer !== undefined && this.#working === null) this.#begin();
    while (this.#working !== null) await this.#working;
  }

  /** What is under way is given up; whoever comes next goes on with it. */
  async stop(): Promise<void> {
    this.#ending.abort();
    clearTimeout(this.#timer);
    this.#leave();
    await this.#working;
  }

  get #stopped(): boolean {
    return this.#ending.signal.aborted;
  }

  #begin(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#again = false;
    this.#working = this.#work().then((pause) => {
      this.#working = null;
      if (this.#stopped) return;
      if (pause !== null) this.#timer = setTimeout(() => this.#begin(), pause);
      else if (this.#again) this.#begin();
    });
  }

  /** Resolves with how long to wait before it is tried again; null when there is nothing to be tried. */
  async #work(): Promise<number | null> {
    try {
      await this.#turn();
      this.#failures = 0;
      return null;
    } catch (error) {
      if (this.#stopped) return null;
      this.#setup.onFailure(error);
      await this.#deal(error).catch(this.#setup.onFailure);
      this.#failures += 1;
      return Math.min(AGAIN_MS * 2 ** (this.#failures - 1), AGAIN_MOST_MS);
    }
  }

  async #turn(): Promise<void> {
    const workspace = await this.#setup.enter();
    const room = await this.#follow(workspace);
    await tellOfOwner(this.#sideOf(workspace, room));
    const now = Date.now();
    const compare = now - this.#compared > COMPARE_MS;
    const look = now - this.#looked > LOOK_MS;
    const turn = () => takeTurn(this.#sideOf(workspace, room), { compare, look });
    await (compare ? this.#setup.comparisons.run(turn) : turn());
    if (look || compare) this.#looked = now;
    if (compare) this.#compared = now;
    await resumeMirror(this.#sideOf(workspace, room));
  }

  /** Pauses or ends the mirror in words where that is what has happened; all else may pass. */
  async #deal(error: unknown): Promise<void> {
    const room = this.#room;
    const trouble = troubleOf(error, room);
    // A chat that was closed is heard of again by its room; one that failed is opened anew.
    if (error instanceof ClientError && trouble.type !== "paused") this.#leave();
    if (trouble.type === "passing") return;
    if (trouble.type === "ended") await this.#end(trouble.by);
    else if (room) await pauseMirror(this.#sideOf(await this.#setup.enter(), room), trouble.by);
  }

  async #end(by: EndReason): Promise<void> {
    const { mirror, store, enter, sharing } = this.#setup;
    const workspace = by === "removed" ? null : await enter();
    await endMirror({ workspace, sharing, store, mirror, by });
  }

  #sideOf(workspace: Workspace, room: Room): Side {
    const { mirror, store, node, onFailure } = this.#setup;
    const signal = AbortSignal.any([this.#ending.signal, AbortSignal.timeout(TURN_MS)]);
    const hold = async () => {
      signal.throwIfAborted();
      // Counted from before it was asked for: others may count from later, never from earlier.
      const until = Date.now() + LEASE_MS;
      if (await store.hold(mirror, node, LEASE_MS)) return until;
      throw notHeld();
    };
    return { workspace, store, mirror: { ...mirror, node }, room, signal, hold, onFailure };
  }

  async #follow(workspace: Workspace): Promise<Room> {
    // Whose a chat is, a room is told when it is opened.
    if (this.#room?.state.handedOver) this.#leave();
    if (this.#room) return this.#room;
    const room = await workspace.sharing.reopen(this.#setup.mirror.chat);
    if (this.#stopped) {
      room.close();
      throw new BotError("not_mirrored", "This mirror was let go of.");
    }
    this.#room = room;
    room.subscribe(({ messages, connection, closed, handedOver }) => {
      // Whatever is written there, edits and reactions too, is one more message of the chat.
      const seen = JSON.stringify([connection, messages.through, closed, handedOver]);
      if (seen === this.#seen) return;
      this.#seen = seen;
      // What was tried in vain may go by now.
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.poke();
    });
    return room;
  }

  #leave(): void {
    this.#room?.close();
    this.#room = null;
  }
}
