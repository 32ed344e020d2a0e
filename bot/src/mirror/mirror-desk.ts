import { randomUUID } from "node:crypto";
import { Rounds } from "../delivery/rounds.ts";
import { Slots } from "../delivery/slots.ts";
import type { Workspaces } from "../workspace.ts";
import { type LeasedMirror, type Mirror, type MirrorPlace, type MirrorStore, placeName } from "./mirror.ts";
import { LEASE_MS, MirrorRun } from "./mirror-run.ts";

/** How often to look for mirrors without a node, and for what other nodes have heard of. */
const LOOK_MS = 5_000;
/** Threads that are read as a whole at the same time: after a start it may be all there are. */
const COMPARISONS = 4;

/** The mirrors that this node works on. */
export class MirrorDesk {
  readonly #node = randomUUID();
  readonly #store: MirrorStore;
  readonly #workspaces: Pick<Workspaces, "enter" | "sharingOf">;
  readonly #onFailure: (error: unknown) => void;
  readonly #runs = new Map<string, MirrorRun>();
  readonly #comparisons = new Slots({ atOnce: COMPARISONS, mostWaiting: Number.POSITIVE_INFINITY });
  readonly #rounds: Rounds;

  constructor(options: {
    store: MirrorStore;
    workspaces: Pick<Workspaces, "enter" | "sharingOf">;
    onFailure: (error: unknown) => void;
  }) {
    this.#store = options.store;
    this.#workspaces = options.workspaces;
    this.#onFailure = options.onFailure;
    this.#rounds = new Rounds({ every: LOOK_MS, work: () => this.#look(), onFailure: options.onFailure });
  }

  start(): void {
    this.#rounds.start();
    void this.look();
  }

  /** Takes over what nobody works on, lets go of what has ended, and hears what others have heard. */
  look(): Promise<void> {
    return this.#rounds.round();
  }

  /** Something has happened to a message of a thread: of all nodes the one that works on it gets to know. */
  async touch(place: MirrorPlace, ts: string): Promise<void> {
    if (await this.#store.touch(place, ts)) this.#runs.get(placeName(place))?.poke();
  }

  /** Slack did not tell of everything that has happened in a workspace, or in one of its channels. */
  async missed(where: { team: string; channel?: string }): Promise<void> {
    await this.#store.missed(where);
    await this.look();
  }

  /** Resolves when what was heard of is brought over. */
  async idle(): Promise<void> {
    await this.look();
    for (const run of [...this.#runs.values()]) await run.idle();
  }

  async stop(): Promise<void> {
    await this.#rounds.stop();
    await Promise.all([...this.#runs.values()].map((run) => run.stop()));
    this.#runs.clear();
    await this.#store.release(this.#node);
  }

  async #look(): Promise<void> {
    const mirrors = await this.#store.lease(this.#node, LEASE_MS);
    const names = new Set(mirrors.map(placeName));
    for (const [name, run] of [...this.#runs]) {
      if (names.has(name)) continue;
      this.#runs.delete(name);
      await run.stop();
    }
    for (const mirror of mirrors) this.#hear(mirror);
  }

  #hear(mirror: LeasedMirror): void {
    const name = placeName(mirror);
    const held = this.#runs.get(name);
    const run = held ?? this.#newRun(mirror);
    this.#runs.set(name, run);
    if (!held || mirror.touched) run.poke();
    else run.pass();
  }

  #newRun(mirror: Mirror): MirrorRun {
    const enter = () => this.#workspaces.enter({ team: mirror.team });
    return new MirrorRun({
      ...{ mirror, enter, node: this.#node, store: this.#store, sharing: this.#workspaces.sharingOf(mirror.team) },
      ...{ comparisons: this.#comparisons, onFailure: this.#onFailure },
    });
  }
}
