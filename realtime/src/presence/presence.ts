import type { ChatId, SenderId } from "@openmates-share/protocol/wire";

/** Most senders that anybody is told at once; later changes come one by one. */
export const PRESENT_AT_MOST = 200;

export interface Whereabouts {
  readonly chat: ChatId;
  readonly sender: SenderId;
}

/**
 * Who is in which chat, counted in sockets over all nodes: a sender with two tabs is there until the second closes. Every
 * call costs the same however many are present. Losing the shared store is no error: a node then answers from what it
 * knows itself, and tells the store again when it is back.
 */
export interface Presence {
  /** Counts one socket more; true when the sender was not there before. */
  enter(place: Whereabouts): Promise<boolean>;
  /** Counts one socket less; true when the sender is gone now. Without a matching `enter` nothing happens. */
  leave(place: Whereabouts): Promise<boolean>;
  /** Some of those present, at most PRESENT_AT_MOST. */
  present(chat: ChatId): Promise<readonly SenderId[]>;
  /** Tells of changes that no `enter` or `leave` made: a node ended without a word, or is back after an absence. */
  onChange(listener: (place: Whereabouts, present: boolean) => void): void;
  stop(): Promise<void>;
}
