import {
  type AmendmentPage,
  bytesSchema,
  CATEGORIES,
  type ChatKeys,
  chatIdSchema,
  type GuestSession,
  LIMITS,
  LINK_MODES,
  type MessagePage,
  type OpenedChat,
  outgoingMessageSchema,
  type PreviewCard,
  type ServiceInfo,
  SPINE_ENTRY_LENGTH,
  type Spine,
  type StoredMessage,
  SUCCESSIONS_LENGTH,
  senderIdSchema,
  seqSchema,
  WRAPPED_KEY_LENGTH,
} from "@openmates-share/protocol/wire";
import * as v from "valibot";
import { unreachable } from "./errors.ts";

/** The server's answers are checked like anybody's input: a broken or lying one must end in an error, not in a crash. */

/** @throws ClientError `unreachable`: whatever answered, it was not the server as it should be */
export function readAnswer<T>(schema: v.GenericSchema<unknown, T>, answer: unknown): T {
  const parsed = v.safeParse(schema, answer);
  if (parsed.success) return parsed.output;
  // Where, never what: the answer may be anybody's words.
  throw unreachable(new TypeError(`not an answer of ours: ${v.getDotPath(parsed.issues[0]) ?? "as a whole"}`));
}

const head = bytesSchema({ min: 32, max: 32 });
export const receiptSchema = v.object({ seq: seqSchema, head });

export const guestSessionSchema = v.object({ session: v.string() }) satisfies v.GenericSchema<unknown, GuestSession>;

export const storedMessageSchema = v.object({
  ...outgoingMessageSchema.entries,
  seq: seqSchema,
  head,
  storedAt: v.number(),
}) satisfies v.GenericSchema<unknown, StoredMessage>;

export const messagePageSchema = v.object({
  messages: v.array(storedMessageSchema),
  before: receiptSchema,
  through: seqSchema,
}) satisfies v.GenericSchema<unknown, MessagePage>;

export const spineSchema = v.object({
  after: seqSchema,
  entries: v.pipe(
    bytesSchema({ min: 0, max: LIMITS.spineEntries * SPINE_ENTRY_LENGTH }),
    v.check(({ length }) => length % SPINE_ENTRY_LENGTH === 0, "cut off"),
  ),
  through: seqSchema,
}) satisfies v.GenericSchema<unknown, Spine>;

export const amendmentPageSchema = v.object({
  messages: v.array(storedMessageSchema),
  through: seqSchema,
}) satisfies v.GenericSchema<unknown, AmendmentPage>;

export const SHARE_MODES = ["private", "shared_with_user", "public"] as const;
const wrappedKeysSchema = v.array(
  v.object({ epoch: v.number(), key: bytesSchema({ min: WRAPPED_KEY_LENGTH, max: WRAPPED_KEY_LENGTH }) }),
);

export const openedChatSchema = v.object({
  chat: chatIdSchema,
  role: v.picklist(["owner", "member", "reader"]),
  shareMode: v.picklist(SHARE_MODES),
  linkMode: v.nullable(v.picklist(LINK_MODES)),
  wrappedKeys: wrappedKeysSchema,
  seal: v.nullable(bytesSchema({ min: 1, max: LIMITS.seal })),
  sharedThrough: seqSchema,
  closed: v.boolean(),
  owner: senderIdSchema,
  successions: bytesSchema({ min: 0, max: SUCCESSIONS_LENGTH }),
  offeredTo: v.nullable(senderIdSchema),
  page: messagePageSchema,
}) satisfies v.GenericSchema<unknown, OpenedChat>;

const webAddress = v.pipe(
  v.string(),
  v.check((address) => /^https?:\/\//.test(address) && URL.canParse(address), "not an address"),
);

export const serviceInfoSchema = v.object({
  // Links that carry keys begin with it.
  publicUrl: webAddress,
  mate: v.object({
    name: v.string(),
    publicKey: v.string(),
    models: v.array(v.object({ id: v.string(), name: v.string() })),
    demo: v.boolean(),
  }),
  signIn: v.object({
    email: v.boolean(),
    google: v.nullable(
      v.object({
        clientId: v.string(),
        authorizeUrl: webAddress,
        desktopClientId: v.optional(v.nullable(v.string()), null),
      }),
    ),
  }),
}) satisfies v.GenericSchema<unknown, ServiceInfo>;

export const previewCardSchema = v.object({
  title: v.string(),
  summary: v.string(),
  category: v.nullable(v.picklist(CATEGORIES)),
  image: webAddress,
  generic: v.boolean(),
}) satisfies v.GenericSchema<unknown, PreviewCard>;

export const chatKeysSchema = v.object({ wrappedKeys: wrappedKeysSchema }) satisfies v.GenericSchema<unknown, ChatKeys>;
