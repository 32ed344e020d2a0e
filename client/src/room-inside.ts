import type { Role } from "@openmates-share/protocol/wire";
import type { Connection } from "./connection.ts";
import type { History } from "./history.ts";
import type { People } from "./people.ts";
import type { RoomSetup } from "./room-setup.ts";
import type { RoomMessage, RoomState } from "./room-state.ts";
import type { Transcript } from "./transcript.ts";

/** A room, as its parts see it that are loaded when somebody writes: readers need none of them. */
export interface RoomInside {
  readonly setup: RoomSetup;
  readonly transcript: Transcript;
  readonly history: History;
  readonly people: People;
  readonly answers: RoomState["answers"];
  readonly role: Role;
  /** Whether the server knows us in this chat at the moment. */
  readonly isLive: boolean;
  /** What this person writes under; null before they have one. */
  name: string | null;
  /** A message that is here or is brought for it; undefined when there is none of that id. @throws ClientError */
  find(id: RoomMessage["id"]): Promise<RoomMessage | undefined>;
  /** What this person has said about a message and models and what is not stored yet; null for nothing. */
  withheldHere(id: RoomMessage["id"]): boolean | null;
  /** All messages, page by page, kept nowhere. @throws ClientError */
  readAll(): AsyncIterable<readonly RoomMessage[]>;
  /** @throws ClientError `not_allowed` for readers, and in a chat that has ended */
  requireWriter(): void;
  /** @throws ClientError `unreachable` while the server would not know us in this chat, `not_found` once it has ended */
  liveLine(): Connection;
  /** Joins once more: the server does not know us here. */
  comeInAgain(): void;
  /** Puts work behind what has arrived and is being worked off. */
  enqueue(work: () => Promise<void>): void;
  /** Something of the state is another. */
  changed(): void;
}
