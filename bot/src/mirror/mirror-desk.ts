import { randomUUID } from "node:crypto";
import type { Workspaces } from "../workspace.ts";
import { type Mirror, type MirrorPlace, type MirrorStore, placeName } from "./mirror.ts";
import { MirrorRun } from "./mirror-run.ts";

/** How long a node may be silent before another takes its mirrors over. */
const LEASE_MS = 30_000;
/** How often to look for mirrors without a node, and for what other nodes have heard of. */
const LOOK_MS = 5_000;

/** The mirrors that this node works on. */
export class MirrorDesk {
  readonly #node = randomUUID();
  readonly #store: MirrorStore;
  readonly #workspaces: Pick<Workspaces, "enter">;
  readonly #onFailure: (error: unknown) => void;
  readonly #runs = new Map<string, { run: MirrorRun; mirror: Mirror; poked: number }>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #looking: Promise<void> | null = null;
  #stopped = false;

  constructor(options: {
    store: MirrorStore;
    workspaces: Pick<Workspaces, "enter">;
    onFailure: (error: unknown) => void;
  }) {
    this.#store = options.store;
    this.#workspaces = options.workspaces;
    this.#onFailure = options.onFailure;
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.look(), LOOK_MS).unref();
    void this.look();
  }

  /** Takes over what nobody works on, lets go of what has ended, and hears what others have heard. */
  look(): Promise<void> {
    this.#looking ??= this.#look()
      .catch(this.#onFailure)
      .finally(() => {
        this.#looking = null;
      });
    return this.#looking;
  }

  /** Something has happened in a thread: of all nodes the one that works on it gets to know. */
  async poke(place: MirrorPlace): Promise<void> {
    if (!(await this.#store.poke(place))) return;
    this.#runs.get(placeName(place))?.run.poke();
  }

  /** Resolves when what was heard of is brought over. */
  async idle(): Promise<void> {
    await this.look();
    for (const { run } of [...this.#runs.values()]) await run.idle();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#looking;
    await Promise.all([...this.#runs.values()].map(({ run }) => run.stop()));
    this.#runs.clear();
    await this.#store.release(this.#node);
  }

  async #look(): Promise<void> {
    if (this.#stopped) return;
    const mirrors = await this.#store.lease(this.#node, LEASE_MS);
    const names = new Set(mirrors.map(placeName));
    for (const [name, { run }] of [...this.#runs]) {
      if (names.has(name)) continue;
      this.#runs.delete(name);
      await run.stop();
    }
    for (const mirror of mirrors) await this.#hear(mirror);
  }

  async #hear(mirror: Mirror): Promise<void> {
    const name = placeName(mirror);
    const held = this.#runs.get(name) ?? { run: this.#newRun(mirror), mirror, poked: 0 };
    this.#runs.set(name, held);
    const poked = await this.#store.pokedAt(mirror);
    if (poked === null || poked <= held.poked) return;
    held.poked = poked;
    held.run.poke();
  }

  #newRun(mirror: Mirror): MirrorRun {
    const enter = () => this.#workspaces.enter({ team: mirror.team });
    return new MirrorRun({ mirror, store: this.#store, enter, onFailure: this.#onFailure });
  }
}
