import * as v from "valibot";
import type { Bytes } from "../bytes.ts";
import { WRAPPED_REPLY_KEY_LENGTH } from "./envelope.ts";
import type { WireError } from "./errors.ts";
import {
  askIdSchema,
  bytesSchema,
  chatIdSchema,
  epochSchema,
  idSchema,
  type MessagePage,
  messageIdSchema,
  outgoingMessageSchema,
  type Receipt,
  type StoredMessage,
  senderIdSchema,
  seqSchema,
} from "./http.ts";
import type { AskId, ChatId, MessageId, SenderId, StreamId } from "./ids.ts";
import { LIMITS } from "./limits.ts";
import { SENDER_CLAIM_LENGTH } from "./sender-claim.ts";

/** Socket.IO events (MessagePack parser, path `/socket`). Every event of a client is acknowledged with a `Result`. */

export const SOCKET_PATH = "/socket";

export type Result<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly error: WireError };

/**
 * Handshake: `auth: { session }`, null for people who only read. Joining names the link in addition, unless the person is
 * a member already.
 */
export const handshakeSchema = v.object({ session: v.nullable(v.pipe(v.string(), v.maxLength(200))) });

export const joinSchema = v.strictObject({
  chat: chatIdSchema,
  /** `bearerOfLink`; null for members and the owner. */
  link: v.nullable(v.pipe(v.string(), v.maxLength(200))),
  /** Who this client writes as; null to read only. */
  sender: v.nullable(senderIdSchema),
  /** Of that sender (SPEC T92); who writes in the chat already needs none. */
  claim: v.exactOptional(v.nullable(bytesSchema({ min: SENDER_CLAIM_LENGTH, max: SENDER_CLAIM_LENGTH }))),
  /** The last number this client has; it gets what came after. */
  after: seqSchema,
});
export const sendSchema = v.strictObject({ chat: chatIdSchema, message: outgoingMessageSchema });
export const historySchema = v.strictObject({ chat: chatIdSchema, after: seqSchema });
export const typingSchema = v.strictObject({ chat: chatIdSchema, typing: v.boolean() });
export const readSchema = v.strictObject({ chat: chatIdSchema, seq: seqSchema });
export const leaveSchema = v.strictObject({ chat: chatIdSchema });
export const stopSchema = v.strictObject({ chat: chatIdSchema, ask: askIdSchema });

export const SPEAKER_ROLES = ["user", "assistant"] as const;
/** One message as the model gets it, in clear. */
export const contextEntrySchema = v.strictObject({
  role: v.picklist(SPEAKER_ROLES),
  name: v.pipe(v.string(), v.maxLength(LIMITS.name)),
  text: v.string(),
});
export type ContextEntry = v.InferOutput<typeof contextEntrySchema>;

export const askSchema = v.strictObject({
  chat: chatIdSchema,
  ask: askIdSchema,
  /** The stored message that mentions the mate. */
  message: messageIdSchema,
  /** Fresh for every attempt; the server forgets it with the answer. */
  replyKey: bytesSchema({ min: 32, max: 32 }),
  /** The same under the chat key of `epoch`. */
  wrappedReplyKey: bytesSchema({ min: WRAPPED_REPLY_KEY_LENGTH, max: WRAPPED_REPLY_KEY_LENGTH }),
  epoch: epochSchema,
  /** Oldest first. */
  context: v.pipe(v.array(contextEntrySchema), v.minLength(1), v.maxLength(LIMITS.contextMessages)),
  model: v.nullable(v.pipe(v.string(), v.maxLength(LIMITS.modelName))),
});

const streamIdSchema = idSchema<StreamId>();

/** A member begins to answer their own mention with a model of their own (SPEC A9). */
export const answerSchema = v.strictObject({
  chat: chatIdSchema,
  ask: askIdSchema,
  /** The stored message that mentions the mate. */
  message: messageIdSchema,
  /** The reply key under the chat key of `epoch`; the key itself stays with the member. */
  wrappedReplyKey: bytesSchema({ min: WRAPPED_REPLY_KEY_LENGTH, max: WRAPPED_REPLY_KEY_LENGTH }),
  epoch: epochSchema,
});

/** Sealed pieces of that answer, to be passed on to the room. */
export const relaySchema = v.strictObject({
  chat: chatIdSchema,
  ask: askIdSchema,
  stream: streamIdSchema,
  /** Of the first one; pieces come in order and without gaps. */
  index: seqSchema,
  pieces: v.pipe(
    v.array(bytesSchema({ min: LIMITS.relayedPieceLeast, max: LIMITS.relayedPiece })),
    v.minLength(1),
    v.maxLength(LIMITS.relayedPieces),
  ),
});

/** How that answer ended. */
export const settleSchema = v.strictObject({
  chat: chatIdSchema,
  ask: askIdSchema,
  stream: streamIdSchema,
  end: v.variant("type", [
    /** The answer as a message of that member's, with the ask's id. */
    v.strictObject({ type: v.literal("answered"), stopped: v.boolean(), message: outgoingMessageSchema }),
    v.strictObject({ type: v.literal("failed"), fault: v.picklist(["unreachable", "refused_key", "other"]) }),
    v.strictObject({ type: v.literal("interrupted") }),
  ]),
});

export type AnswerRequest = v.InferInput<typeof answerSchema>;
export type RelayRequest = v.InferInput<typeof relaySchema>;
export type SettleRequest = v.InferInput<typeof settleSchema>;

export type JoinRequest = v.InferInput<typeof joinSchema>;
export type SendRequest = v.InferInput<typeof sendSchema>;
export type AskRequest = v.InferInput<typeof askSchema>;

/** How an ask stands. `answered` and `stopped` have a stored reply; `interrupted` and `failed` may be tried again. */
export type AskState =
  | { readonly state: "running"; readonly stream: StreamId; readonly wrappedReplyKey: Bytes; readonly epoch: number }
  | { readonly state: "answered" }
  | { readonly state: "stopped" }
  | { readonly state: "interrupted" }
  /** The provider refused; `message` is a sentence for the room and never quotes content. */
  | {
      readonly state: "failed";
      readonly message: string;
      readonly fault: AskFault;
      /** Seconds until the provider may be asked again; null: at once. An attempt before that is refused with `mate_busy`. */
      readonly retryAfter: number | null;
    };

/** Why an ask failed. Readers take one that they do not know for `other`. */
export const ASK_FAULTS = [
  /** The provider does not accept the server's key, or knows no such model: only who runs the server can help. */
  "refused_key",
  "no_such_model",
  "busy",
  /** More was sent than the model takes, even of the fewest messages. */
  "too_long",
  "filtered",
  "broken",
  "unreachable",
  "stalled",
  "empty",
  /** Somebody stopped it before there was anything to store. */
  "stopped",
  "other",
] as const;
export type AskFault = (typeof ASK_FAULTS)[number];

/** How much may still be asked today, by the allowance of which the least is left. */
export interface AskQuota {
  readonly of: "person" | "chat" | "server";
  readonly left: number;
  readonly most: number;
  /** Seconds until the next day begins. */
  readonly opensIn: number;
}

/** The mate has taken an ask. */
export interface Asked {
  /** Null where nothing is counted. */
  readonly quota: AskQuota | null;
}

export interface AskStatus {
  readonly chat: ChatId;
  readonly ask: AskId;
  readonly message: MessageId;
  /** Who answers with a model of their own; null where the mate does. */
  readonly by: SenderId | null;
  readonly status: AskState;
}

/** One sealed piece of an answer (SPEC section 9). */
export interface Delta {
  readonly chat: ChatId;
  readonly ask: AskId;
  readonly stream: StreamId;
  /** From 0, without gaps. */
  readonly index: number;
  readonly sealed: Bytes;
}

/** How far somebody has read. */
export interface ReadMark {
  readonly sender: SenderId;
  readonly seq: number;
}

export interface Joined {
  readonly role: "owner" | "member" | "reader";
  /** What came after the number asked for; more by `history` when `page.through` is beyond the last one. */
  readonly page: MessagePage;
  /** How far the owner has shared, no less than what the page may show. */
  readonly sharedThrough: number;
  /** The owner's sealed end of that part. */
  readonly seal: Bytes | null;
  /** The owner alone writes. */
  readonly closed: boolean;
  /** As in `OpenedChat`. */
  readonly successions: Bytes;
  readonly offeredTo: SenderId | null;
  /** Senders that are here now, at most 200. */
  readonly present: readonly SenderId[];
  /** How far people have read: one's own first, then the furthest, at most `LIMITS.readMarks`. */
  readonly reads: readonly ReadMark[];
  /** Asks that are running, interrupted or failed, with what was streamed so far. */
  readonly asks: readonly (AskStatus & { readonly deltas: readonly Delta[] })[];
}

export interface ClientToServerEvents {
  join: (request: JoinRequest, reply: (result: Result<Joined>) => void) => void;
  leave: (request: { chat: ChatId }, reply: (result: Result<object>) => void) => void;
  send: (request: SendRequest, reply: (result: Result<Receipt>) => void) => void;
  history: (request: { chat: ChatId; after: number }, reply: (result: Result<{ page: MessagePage }>) => void) => void;
  typing: (request: { chat: ChatId; typing: boolean }, reply: (result: Result<object>) => void) => void;
  /** How far one has read: it only grows, and is told to everybody who takes part. */
  read: (request: { chat: ChatId; seq: number }, reply: (result: Result<object>) => void) => void;
  ask: (request: AskRequest, reply: (result: Result<Asked>) => void) => void;
  answer: (request: AnswerRequest, reply: (result: Result<{ stream: StreamId }>) => void) => void;
  relay: (request: RelayRequest, reply: (result: Result<object>) => void) => void;
  settle: (request: SettleRequest, reply: (result: Result<object>) => void) => void;
  stop: (request: { chat: ChatId; ask: AskId }, reply: (result: Result<object>) => void) => void;
}

/** What changed about a chat as a whole; the reader asks again for what it needs. */
export interface ChatChanged {
  readonly chat: ChatId;
  readonly sharedThrough: number;
  readonly seal: Bytes | null;
  /** The owner alone writes. */
  readonly closed: boolean;
  /** As in `OpenedChat`. */
  readonly successions: Bytes;
  readonly offeredTo: SenderId | null;
}

export interface ServerToClientEvents {
  /** New messages of one chat, in order; several that one commit brought come together. */
  messages: (batch: { chat: ChatId; messages: readonly StoredMessage[] }) => void;
  delta: (batch: { deltas: readonly Delta[] }) => void;
  ask: (status: AskStatus) => void;
  /** To the member alone who answers with a model of their own: somebody has stopped it. */
  halt: (change: { chat: ChatId; ask: AskId; stream: StreamId }) => void;
  presence: (change: { chat: ChatId; sender: SenderId; present: boolean }) => void;
  typing: (change: { chat: ChatId; sender: SenderId; typing: boolean }) => void;
  /** Several people's marks together; of each the newest. */
  read: (batch: { chat: ChatId; reads: readonly ReadMark[] }) => void;
  changed: (change: ChatChanged) => void;
  /** Access ended: the client forgets the room and shows the one not-found answer. */
  removed: (change: { chat: ChatId }) => void;
}
