import type { Bytes, ClientToServerEvents, ServerToClientEvents, SessionId } from "@openmates-share/protocol/wire";
import type { DefaultEventsMap, Server, Socket } from "socket.io";
import type { AccountId } from "../accounts/account-id.ts";

export type ClientEvent = keyof ClientToServerEvents;

/** What comes in is anything at all until a handler's schema has seen it. */
type IncomingEvents = Record<ClientEvent, (...args: unknown[]) => void>;

/** Whom a socket speaks for, as the handshake found out. */
export interface LineData {
  /** Null for people who only read. */
  readonly account: AccountId | null;
  /** The session that the account came by; its end ends the connection. */
  readonly session: SessionId | null;
  /** SHA-256 of that session's bytes: what a claim of a sender is made for. */
  readonly tokenHash: Bytes | null;
  /** Whose rate limits count: the account, or the address of somebody without one. */
  readonly source: string;
}

/** A client's connection; one for all its chats. */
export type Line = Socket<IncomingEvents, ServerToClientEvents, DefaultEventsMap, LineData>;
export type Lines = Server<IncomingEvents, ServerToClientEvents, DefaultEventsMap, LineData>;

/** The answer to an event, as its sender gets it. */
export type AnswerTo<E extends ClientEvent> = Omit<
  Extract<Parameters<Parameters<ClientToServerEvents[E]>[1]>[0], { ok: true }>,
  "ok"
>;
