import type { Job, JobStore } from "./jobs.ts";
import { Rounds } from "./rounds.ts";

/** How often to look for work of nodes that died. */
const LOOK_MS = 30_000;
/** Telling somebody takes seconds. */
const TELLING_MS = 60_000;

/** Finds work that was interrupted by the end of a node, and tells whoever waits for it. */
export class Recovery {
  readonly #jobs: JobStore;
  readonly #recover: (job: Job) => Promise<void>;
  readonly #onFailure: (error: unknown) => void;
  readonly #rounds: Rounds;

  constructor(options: {
    jobs: JobStore;
    recover: (job: Job) => Promise<void>;
    onFailure: (error: unknown) => void;
  }) {
    this.#jobs = options.jobs;
    this.#recover = options.recover;
    this.#onFailure = options.onFailure;
    this.#rounds = new Rounds({ every: LOOK_MS, work: () => this.#tellAll(), onFailure: options.onFailure });
  }

  start(): void {
    this.#rounds.start();
    void this.look();
  }

  /** Resolves when everything that lay about is told. */
  look(): Promise<void> {
    return this.#rounds.round();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  async #tellAll(): Promise<void> {
    for (let found = await this.#jobs.takeOver(TELLING_MS); found; found = await this.#jobs.takeOver(TELLING_MS)) {
      await this.#recover(found.job).catch(this.#onFailure);
      // Once, whatever comes of it: a workspace that is gone would be told for ever.
      await this.#jobs.end(found.id);
    }
  }
}
