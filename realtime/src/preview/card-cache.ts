import type { Revocation, Revocations } from "../access/revocations.ts";

export interface LoadedCard<Card> {
  /** Null for what has none. */
  readonly card: Card | null;
  /** When it stops being shared by itself, milliseconds since 1970; null for never. */
  readonly until: number | null;
}

const SIZE = 5_000;
/** Without word from other nodes (no Redis) a card is stale for this long at most, in milliseconds. */
const AGE = 60_000;

/**
 * Public cards of what was asked for last, emptied by whatever changes who may see them. What has no card counts alike.
 * `Id` is what they are asked for by, such as ChatId.
 */
export class CardCache<Id extends string, Card> {
  readonly #cards = new Map<Id, { readonly card: Card | null; readonly until: number }>();
  /** Loads under way: a card that changes while it is loaded must not be kept. */
  readonly #loading = new Map<Id, Promise<LoadedCard<Card>>>();
  readonly #stop: () => void;

  /** `changed` tells whose card a revocation is about: null for none, "all" when it may be any. */
  constructor(options: { revocations: Revocations; changed: (revocation: Revocation) => Id | "all" | null }) {
    this.#stop = options.revocations.subscribe((revocation) => this.#drop(options.changed(revocation)));
  }

  /** What is known at this moment: undefined when it would have to be loaded. */
  peek(id: Id): Card | null | undefined {
    const known = this.#cards.get(id);
    return known && Date.now() < known.until ? known.card : undefined;
  }

  async get(id: Id, load: () => Promise<LoadedCard<Card>>): Promise<Card | null> {
    const known = this.peek(id);
    if (known !== undefined) return known;
    return (await (this.#loading.get(id) ?? this.#load(id, load))).card;
  }

  stop(): void {
    this.#stop();
    this.#cards.clear();
  }

  #drop(id: Id | "all" | null): void {
    for (const kept of [this.#cards, this.#loading]) {
      if (id === "all") kept.clear();
      else if (id !== null) kept.delete(id);
    }
  }

  async #load(id: Id, load: () => Promise<LoadedCard<Card>>): Promise<LoadedCard<Card>> {
    const running = load();
    this.#loading.set(id, running);
    const unchanged = () => this.#loading.get(id) === running;
    try {
      const loaded = await running;
      if (unchanged()) this.#remember(id, loaded);
      return loaded;
    } finally {
      if (unchanged()) this.#loading.delete(id);
    }
  }

  #remember(id: Id, { card, until }: LoadedCard<Card>): void {
    for (const oldest of this.#cards.keys()) {
      if (this.#cards.size < SIZE) break;
      this.#cards.delete(oldest);
    }
    this.#cards.delete(id);
    this.#cards.set(id, { card, until: Math.min(Date.now() + AGE, until ?? Number.POSITIVE_INFINITY) });
  }
}

/** When the last of the links expires; null for never. */
export function lastExpiry(links: readonly { expiresAt: Date | null }[]): number | null {
  const times = links.map(({ expiresAt }) => expiresAt?.getTime() ?? Number.POSITIVE_INFINITY);
  const last = Math.max(...times);
  return Number.isFinite(last) ? last : null;
}
