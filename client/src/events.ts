import {
  ASK_FAULTS,
  type Asked,
  askIdSchema,
  bytesSchema,
  chatIdSchema,
  epochSchema,
  type Joined,
  LIMITS,
  messageIdSchema,
  type Receipt,
  type ServerToClientEvents,
  type StreamId,
  SUCCESSIONS_LENGTH,
  senderIdSchema,
  seqSchema,
  WRAPPED_REPLY_KEY_LENGTH,
} from "@openmates-share/protocol/wire";
import * as v from "valibot";
import { messagePageSchema, receiptSchema, storedMessageSchema } from "./responses.ts";

/** What the server says on the socket, checked like its answers over HTTP. */

type Event = keyof ServerToClientEvents;
export type Payload<E extends Event> = Parameters<ServerToClientEvents[E]>[0];

/** A stream's id is only ever compared. */
export const streamIdSchema = v.custom<StreamId>((id) => typeof id === "string" && id.length <= 64);

const askStateSchema = v.variant("state", [
  v.object({
    state: v.literal("running"),
    stream: streamIdSchema,
    wrappedReplyKey: bytesSchema({ min: WRAPPED_REPLY_KEY_LENGTH, max: WRAPPED_REPLY_KEY_LENGTH }),
    epoch: epochSchema,
  }),
  v.object({ state: v.literal("answered") }),
  v.object({ state: v.literal("stopped") }),
  v.object({ state: v.literal("interrupted") }),
  v.object({
    state: v.literal("failed"),
    message: v.string(),
    // A server of a later version may have more.
    fault: v.fallback(v.picklist(ASK_FAULTS), "other"),
    retryAfter: v.nullable(v.number()),
  }),
]);

const askStatusSchema = v.object({
  chat: chatIdSchema,
  ask: askIdSchema,
  message: messageIdSchema,
  by: v.nullable(senderIdSchema),
  status: askStateSchema,
});

const deltaSchema = v.object({
  chat: chatIdSchema,
  ask: askIdSchema,
  stream: streamIdSchema,
  index: seqSchema,
  sealed: bytesSchema({ min: 1, max: LIMITS.envelope }),
});

const sharedPart = {
  sharedThrough: seqSchema,
  seal: v.nullable(bytesSchema({ min: 1, max: LIMITS.seal })),
  closed: v.boolean(),
  successions: bytesSchema({ min: 0, max: SUCCESSIONS_LENGTH }),
  offeredTo: v.nullable(senderIdSchema),
};

const readMarkSchema = v.object({ sender: senderIdSchema, seq: seqSchema });

export const EVENT_SCHEMAS = {
  messages: v.object({ chat: chatIdSchema, messages: v.array(storedMessageSchema) }),
  delta: v.object({ deltas: v.array(deltaSchema) }),
  ask: askStatusSchema,
  halt: v.object({ chat: chatIdSchema, ask: askIdSchema, stream: streamIdSchema }),
  presence: v.object({ chat: chatIdSchema, sender: senderIdSchema, present: v.boolean() }),
  typing: v.object({ chat: chatIdSchema, sender: senderIdSchema, typing: v.boolean() }),
  read: v.object({ chat: chatIdSchema, reads: v.array(readMarkSchema) }),
  changed: v.object({ chat: chatIdSchema, ...sharedPart }),
  removed: v.object({ chat: chatIdSchema }),
} satisfies { [E in Event]: v.GenericSchema<unknown, Payload<E>> };

export const joinedSchema = v.object({
  role: v.picklist(["owner", "member", "reader"]),
  page: messagePageSchema,
  ...sharedPart,
  present: v.array(senderIdSchema),
  reads: v.array(readMarkSchema),
  asks: v.array(v.object({ ...askStatusSchema.entries, deltas: v.array(deltaSchema) })),
}) satisfies v.GenericSchema<unknown, Joined>;

export const sentSchema = receiptSchema satisfies v.GenericSchema<unknown, Receipt>;

export const askedSchema = v.object({
  quota: v.nullable(
    v.object({ of: v.picklist(["person", "chat", "server"]), left: v.number(), most: v.number(), opensIn: v.number() }),
  ),
}) satisfies v.GenericSchema<unknown, Asked>;
