import { workingModal } from "../screens/share-modal.ts";
import type { Workspace } from "../workspace.ts";

/** Slack takes about one update of a view per second. */
const EVERY_MS = 2_000;

/** Shows in an open modal what is being done: now and then, one update at a time, and none after the end. */
export class Progress {
  readonly #slack: Workspace["slack"];
  readonly #viewId: string;
  #latest = 0;
  #sending: Promise<void> | null = null;

  constructor({ slack, viewId }: { slack: Workspace["slack"]; viewId: string }) {
    this.#slack = slack;
    this.#viewId = viewId;
    this.#latest = Date.now();
  }

  tell(doing: string): void {
    if (this.#sending || Date.now() - this.#latest < EVERY_MS) return;
    this.#latest = Date.now();
    // Whoever has closed the window need not see it.
    this.#sending = this.#slack
      .updateView({ id: this.#viewId, view: workingModal(doing) })
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => {
        this.#sending = null;
      });
  }

  /** Resolves when nothing is on its way any more: what is shown next stays. */
  async end(): Promise<void> {
    await this.#sending;
  }
}
