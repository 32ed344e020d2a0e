import { BotError } from "../errors.ts";
import type { CardStore } from "../stores/card-store.ts";
import type { Workspaces } from "../workspace.ts";
import { refreshCard } from "./refresh-cards.ts";

const LOOK_MS = 60_000;
/** Cards that one look compares; each is a few requests. */
const AT_ONCE = 20;

/** Compares cards with what their links show, now and then: owners change and end chats elsewhere, too. */
export class CardSweep {
  readonly #cards: CardStore;
  readonly #workspaces: Pick<Workspaces, "enter">;
  readonly #onFailure: (error: unknown) => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #running: Promise<void> | null = null;

  constructor(options: {
    cards: CardStore;
    workspaces: Pick<Workspaces, "enter">;
    onFailure: (error: unknown) => void;
  }) {
    this.#cards = options.cards;
    this.#workspaces = options.workspaces;
    this.#onFailure = options.onFailure;
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.look(), LOOK_MS).unref();
  }

  /** Resolves when those that are due have been compared. */
  look(): Promise<void> {
    this.#running ??= this.#compare()
      .catch(this.#onFailure)
      .finally(() => {
        this.#running = null;
      });
    return this.#running;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#running;
  }

  async #compare(): Promise<void> {
    for (const card of await this.#cards.due(AT_ONCE)) {
      try {
        await refreshCard(await this.#workspaces.enter({ team: card.team }), card);
      } catch (error) {
        this.#onFailure(error);
        if (error instanceof BotError && error.code === "not_installed") await this.#cards.dropTeam(card.team);
      }
    }
  }
}
