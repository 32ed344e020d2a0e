import type { ContentRole, DraftPart, Forked, KeepOptions, Part } from "@openmates-share/client";
import type { MessageChanges } from "../chat/amending.ts";
import type { Speaker } from "../chat/speaker.ts";

/** A message as somebody reads it, whether it was shared or is a draft. */
export interface SpokenMessage {
  /** Its row in the list, from 0. */
  readonly index: number;
  readonly id: string;
  readonly role: ContentRole;
  readonly kind: Speaker["kind"];
  readonly speaker: string;
  readonly parts: readonly (Part | DraftPart)[];
  /** Milliseconds since 1970, or null. */
  readonly time: number | null;
  readonly model: string | null;
  /** When it was last edited, milliseconds since 1970; null or absent for what never was. */
  readonly edited?: number | null;
}

export interface ForkOptions {
  readonly through: number | null;
  readonly onProgress: (done: number, total: number) => void;
  readonly signal: AbortSignal;
}

export interface KeptPage {
  readonly file: Blob;
  /** Pictures and files that are not in it. */
  readonly leftOut: number;
}

/** What keys do for somebody who may write, and what there is to set. Messages by their ids. */
export interface WritingKeys {
  reply(id: string): void;
  edit(id: string): void;
  react(id: string): void;
  /** Goes to where one writes. */
  write(): void;
  notifications(): void;
}

/** Where the tools for reading get their messages from. */
export interface ReadingSource {
  readonly title: string;
  /** Rows, those included that nobody spoke. */
  readonly length: number;
  /** Whether people talk to each other in it, so that not all they say is asked of a model. */
  readonly together?: boolean;
  /**
   * Everything from a row on, in order, some at a time; the page can be used meanwhile.
   * Ends early, or throws, when it is aborted.
   */
  read(options: { signal: AbortSignal; from?: number }): AsyncIterable<readonly SpokenMessage[]>;
  /** A message that is at hand; null for others and for what nobody spoke. */
  at(index: number): SpokenMessage | null;
  /** Brings the rows between two, inclusive. Absent where all are there. */
  readonly load?: (first: number, last: number) => Promise<void>;
  /** The chat as a page that opens and proves it without a server. Absent where nothing is sealed. */
  readonly keep?: (options: KeepOptions) => Promise<KeptPage>;
  /** Copies it into a chat of one's own, up to a message's number or whole (null). Absent where nothing is sealed. */
  readonly fork?: (options: ForkOptions) => Promise<Forked>;
  /** A link for others that leads to a message; null when this device has none. Absent for what is not shared. */
  readonly linkTo?: (id: string) => Promise<string | null>;
  /** Null or absent for who only reads. */
  readonly writing?: WritingKeys | null;
  /** Shows who has reacted to a message; null where nobody has. Absent where nobody can. */
  readonly listReactions?: (id: string) => (() => void) | null;
  /** What this person may do to a message; null where they may do nothing. Absent where nothing of it is stored. */
  readonly changesTo?: (id: string) => MessageChanges | null;
}

/** So many messages are handed on between two looks at what the person does. */
export const CHUNK = 250;

/** Lets the page draw and answer before the work goes on. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
