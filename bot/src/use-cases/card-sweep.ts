import { Rounds } from "../delivery/rounds.ts";
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
  readonly #rounds: Rounds;

  constructor(options: {
    cards: CardStore;
    workspaces: Pick<Workspaces, "enter">;
    onFailure: (error: unknown) => void;
  }) {
    this.#cards = options.cards;
    this.#workspaces = options.workspaces;
    this.#onFailure = options.onFailure;
    this.#rounds = new Rounds({ every: LOOK_MS, work: () => this.#compare(), onFailure: options.onFailure });
  }

  start(): void {
    this.#rounds.start();
  }

  /** Resolves when those that are due have been compared. */
  look(): Promise<void> {
    return this.#rounds.round();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
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
