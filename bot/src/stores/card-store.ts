/** A card under a pasted link: where it is, and a hash of what it said. The link is not part of it. */
export interface CardSpot {
  readonly team: string;
  readonly channel: string;
  readonly ts: string;
  readonly thread: string | null;
  /** `chat` or `embed`, a space, and its id. */
  readonly subject: string;
}

export interface KeptCard extends CardSpot {
  readonly said: Uint8Array;
}

export interface CardStore {
  /** Adds it, or keeps what it says now. */
  keep(card: KeptCard): Promise<void>;
  of(which: { team: string; subject: string }): Promise<readonly KeptCard[]>;
  /** Some that nobody has looked at for a while, now looked at by the caller alone. */
  due(limit: number): Promise<readonly KeptCard[]>;
  drop(spot: CardSpot): Promise<void>;
  /** All of a workspace. */
  dropTeam(team: string): Promise<void>;
  /** The channel has another id from now on. */
  moveChannel(move: { team: string; from: string; to: string }): Promise<void>;
}

/** Cards are kept true for so long; older ones are history. */
export const CARD_KEPT_MS = 3 * 24 * 60 * 60 * 1000;
/** How often a card is compared with what its link shows. */
export const CARD_CHECK_MS = 10 * 60 * 1000;
