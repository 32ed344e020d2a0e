import {
  bytesSchema,
  chatIdSchema,
  type GuestSession,
  LIMITS,
  LINK_MODES,
  type MessagePage,
  type OpenedChat,
  outgoingMessageSchema,
  type StoredMessage,
  senderIdSchema,
  seqSchema,
  type UploadReceipts,
  WRAPPED_KEY_LENGTH,
} from "@openmates-share/protocol/wire";
import * as v from "valibot";

/** The server's answers are checked like anybody's input: a broken or lying one must end in an error, not in a crash. */

const head = bytesSchema({ min: 32, max: 32 });
const receipt = v.object({ seq: seqSchema, head });

export const guestSessionSchema = v.object({ session: v.string() }) satisfies v.GenericSchema<unknown, GuestSession>;

export const uploadReceiptsSchema = v.object({ receipts: v.array(receipt) }) satisfies v.GenericSchema<
  unknown,
  UploadReceipts
>;

export const storedMessageSchema = v.object({
  ...outgoingMessageSchema.entries,
  seq: seqSchema,
  head,
  storedAt: v.number(),
}) satisfies v.GenericSchema<unknown, StoredMessage>;

export const messagePageSchema = v.object({
  messages: v.array(storedMessageSchema),
  before: receipt,
  through: seqSchema,
}) satisfies v.GenericSchema<unknown, MessagePage>;

export const openedChatSchema = v.object({
  chat: chatIdSchema,
  role: v.picklist(["owner", "member", "reader"]),
  shareMode: v.picklist(["private", "shared_with_user", "public"]),
  linkMode: v.nullable(v.picklist(LINK_MODES)),
  wrappedKeys: v.array(
    v.object({ epoch: v.number(), key: bytesSchema({ min: WRAPPED_KEY_LENGTH, max: WRAPPED_KEY_LENGTH }) }),
  ),
  seal: v.nullable(bytesSchema({ min: 1, max: LIMITS.seal })),
  sharedThrough: seqSchema,
  owner: senderIdSchema,
  page: messagePageSchema,
}) satisfies v.GenericSchema<unknown, OpenedChat>;
