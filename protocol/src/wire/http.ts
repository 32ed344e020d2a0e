import * as v from "valibot";
import { type Bytes, fromBase64url, ownBytes } from "../bytes.ts";
import { CATEGORIES, type Category } from "./categories.ts";
import { type AskId, type ChatId, type EmbedId, isId, type LinkId, type MessageId, type SenderId } from "./ids.ts";
import { LIMITS } from "./limits.ts";
import { SENDER_CLAIM_LENGTH } from "./sender-claim.ts";
import { OFFER_LENGTH, SUCCESSION_LENGTH } from "./succession.ts";
import { HEAD_LENGTH } from "./transcript.ts";

/**
 * Bodies of the HTTP API, as schemas (what the server checks) and types (what clients get). Bodies that carry messages
 * are MessagePack (`application/vnd.msgpack`), with bytes as bytes; all others are JSON, with bytes as base64url.
 */

export const MSGPACK = "application/vnd.msgpack";

export function idSchema<T extends string>() {
  return v.custom<T>(isId, "an id is 22 characters of base64url");
}
export const chatIdSchema = idSchema<ChatId>();
export const messageIdSchema = idSchema<MessageId>();
export const linkIdSchema = idSchema<LinkId>();
export const senderIdSchema = idSchema<SenderId>();
export const askIdSchema = idSchema<AskId>();
export const embedIdSchema = idSchema<EmbedId>();

/** Bytes in MessagePack: the reader's own copy. */
export function bytesSchema(limits: { min: number; max: number }) {
  return v.pipe(
    v.instance(Uint8Array),
    v.check((bytes) => bytes.length >= limits.min && bytes.length <= limits.max, "wrong number of bytes"),
    v.transform((bytes): Bytes => ownBytes(bytes)),
  );
}

/** Bytes in JSON. */
export function base64urlSchema(limits: { min: number; max: number }) {
  return v.pipe(
    v.string(),
    v.maxLength(Math.ceil((limits.max * 4) / 3)),
    v.rawTransform(({ dataset, addIssue, NEVER }): Bytes => {
      const bytes = fromBase64url(dataset.value);
      if (bytes && bytes.length >= limits.min && bytes.length <= limits.max) return bytes;
      addIssue({ message: "base64url without padding, of the right length, is expected" });
      return NEVER;
    }),
  );
}

/** A place in a transcript; 0 is in front of the first message. */
export const seqSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(LIMITS.seq));
/** From 1. */
export const epochSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(LIMITS.epoch));

/** version ‖ nonce ‖ (chat key ‖ owner's public key) ‖ tag */
export const WRAPPED_KEY_LENGTH = 1 + 12 + 64 + 16;
const wrappedKeySchema = base64urlSchema({ min: WRAPPED_KEY_LENGTH, max: WRAPPED_KEY_LENGTH });

export const LINK_MODES = ["read-only", "collaborative"] as const;
export type LinkMode = (typeof LINK_MODES)[number];
export type ShareMode = "private" | "shared_with_user" | "public";

/** `POST /api/guests`: a session for a device that nobody asked anything. */
export interface GuestSession {
  /** Bearer for everything this person does; shown once. */
  readonly session: string;
}

/** `POST /api/chats` */
export const createChatSchema = v.strictObject({
  chat: chatIdSchema,
  owner: senderIdSchema,
  /** The owner's (SPEC T92). */
  claim: base64urlSchema({ min: SENDER_CLAIM_LENGTH, max: SENDER_CLAIM_LENGTH }),
});
export type CreateChat = v.InferInput<typeof createChatSchema>;

/** A message on its way to the server. */
export const outgoingMessageSchema = v.strictObject({
  id: messageIdSchema,
  sender: senderIdSchema,
  envelope: bytesSchema({ min: 1, max: LIMITS.envelope }),
});
export type OutgoingMessage = v.InferOutput<typeof outgoingMessageSchema>;

/** `POST /api/chats/:chat/messages` (MessagePack): the owner's upload, a page at a time. */
export const uploadSchema = v.strictObject({
  messages: v.pipe(v.array(outgoingMessageSchema), v.minLength(1), v.maxLength(LIMITS.pageMessages)),
});

/** Where the server put a message. */
export interface Receipt {
  readonly seq: number;
  /** The transcript head with this message. */
  readonly head: Bytes;
}
export interface UploadReceipts {
  readonly receipts: readonly Receipt[];
}

/** A message as the server keeps it. */
export interface StoredMessage extends OutgoingMessage, Receipt {
  /** The server's clock, milliseconds since 1970; a hint only: the writer's time stands inside. */
  readonly storedAt: number;
}

/** Consecutive messages, oldest first (those of an `AmendmentPage` are not consecutive). */
export interface MessagePage {
  readonly messages: readonly StoredMessage[];
  /** Head in front of the first message, so that the page can be checked on its own. */
  readonly before: Receipt;
  /** The last number this reader may see. */
  readonly through: number;
}

/** Bytes of one entry of the spine: message id, kind, digest. */
export const SPINE_ENTRY_LENGTH = 16 + 1 + HEAD_LENGTH;

/**
 * `GET /api/chats/:chat/spine?after=N` (MessagePack): what the heads are made of, without the ciphertexts (SPEC T6). A
 * reader computes the heads from it and so knows every message's place before it has one of them.
 */
export interface Spine {
  /** The first entry is that of `after + 1`. */
  readonly after: number;
  /** SPINE_ENTRY_LENGTH each, at most LIMITS.spineEntries; fewer only at the end. */
  readonly entries: Bytes;
  /** The last number this reader may see. */
  readonly through: number;
}

/** `GET /api/chats/:chat/amendments?after=N` (MessagePack): the messages of kind 5 after a number, oldest first. */
export interface AmendmentPage {
  readonly messages: readonly StoredMessage[];
  readonly through: number;
}

/** Which page of a chat: what follows or precedes a number, or surrounds a number or a message. */
export type PagePlace =
  | { readonly after: number }
  | { readonly before: number }
  | { readonly around: number | MessageId };

/** `PUT /api/chats/:chat/shared`: moves the cut-off ("Update shared chat"). */
export const updateSharedSchema = v.strictObject({
  through: seqSchema,
  seal: base64urlSchema({ min: 1, max: LIMITS.seal }),
});
export type UpdateShared = v.InferInput<typeof updateSharedSchema>;

/** `PUT /api/chats/:chat/closed`: closes the chat to everybody's writing but the owner's, or opens it again. */
export const closeChatSchema = v.strictObject({ closed: v.boolean() });

/** `PUT /api/chats/:chat/offer`: offers the chat to a member (SPEC section 19). `DELETE` withdraws or declines it. */
export const offerSchema = v.strictObject({
  to: senderIdSchema,
  /** A collaborative link for everybody who has it, by which the owner stays. */
  link: linkIdSchema,
  offer: base64urlSchema({ min: OFFER_LENGTH, max: OFFER_LENGTH }),
  bequest: base64urlSchema({ min: 1, max: LIMITS.bequest }),
});
export type OfferChat = v.InferInput<typeof offerSchema>;

/** `GET /api/chats/:chat/offer` gives `{ pending }`: for the owner and for who may accept; null for everybody else. */
export interface PendingOffer {
  readonly to: SenderId;
  readonly link: LinkId;
  /** Base64url, both. */
  readonly offer: string;
  readonly bequest: string;
}

/** `POST /api/chats/:chat/successions`: accepts the offer. Owner, seal and successions change together. */
export const acceptOfferSchema = v.strictObject({
  succession: base64urlSchema({ min: SUCCESSION_LENGTH, max: SUCCESSION_LENGTH }),
  /** The same end of the shared part under the new owner's key; null for a chat that was never sealed. */
  seal: v.nullable(base64urlSchema({ min: 1, max: LIMITS.seal })),
  /** SHA-256 of the seal that it takes the place of. */
  replaces: v.nullable(base64urlSchema({ min: 32, max: 32 })),
});
export type AcceptOffer = v.InferInput<typeof acceptOfferSchema>;

/** `PUT /api/chats/:chat/preview`: title and summary in clear, because the owner chose a public card. */
export const previewSchema = v.strictObject({
  title: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(LIMITS.previewTitle)),
  summary: v.pipe(v.string(), v.trim(), v.maxLength(LIMITS.previewSummary)),
  category: v.picklist(CATEGORIES),
});
export type Preview = v.InferOutput<typeof previewSchema>;

/** Encrypted; null for none. */
const labelSchema = v.nullable(base64urlSchema({ min: 1, max: LIMITS.linkLabel }));
/** Milliseconds since 1970, or null for none. */
const expirySchema = v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(LIMITS.time)));
const viewLimitSchema = v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(LIMITS.views)));

export const ROTATION_LENGTH = 16;

/** `POST /api/chats/:chat/links` */
export const createLinkSchema = v.strictObject({
  link: linkIdSchema,
  /** SHA-256 of the access token: the token itself is only ever shown to open. */
  tokenHash: base64urlSchema({ min: 32, max: 32 }),
  mode: v.picklist(LINK_MODES),
  wrappedKeys: v.pipe(
    v.array(v.strictObject({ epoch: epochSchema, key: wrappedKeySchema })),
    v.minLength(1),
    v.maxLength(LIMITS.epochs),
    v.check((keys) => new Set(keys.map(({ epoch }) => epoch)).size === keys.length, "one key for each epoch"),
  ),
  label: labelSchema,
  expiresAt: expirySchema,
  /** How many may open it; null for any number. */
  viewLimit: v.optional(viewLimitSchema, null),
  /** The one person it is for, by e-mail address; null for everybody who has the link. */
  address: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(LIMITS.address))), null),
});
export type CreateLink = v.InferInput<typeof createLinkSchema>;

/** `PATCH /api/chats/:chat/links/:link`: what is not named stays. */
export const editLinkSchema = v.strictObject({
  mode: v.exactOptional(v.picklist(LINK_MODES)),
  label: v.exactOptional(labelSchema),
  expiresAt: v.exactOptional(expirySchema),
  viewLimit: v.exactOptional(viewLimitSchema),
});
export type EditLink = v.InferInput<typeof editLinkSchema>;

/**
 * `POST /api/chats/:chat/links/:link/invitations`: mails a named link to its person, with its key. The server keeps neither;
 * a mail that can't go out at once is not sent.
 */
export const invitationSchema = v.strictObject({ url: v.pipe(v.string(), v.maxLength(LIMITS.shareUrlCharacters)) });

/** Whom a link is for: everybody who has it, or the one person who proves that address. */
export type LinkAudience =
  | { readonly type: "public" }
  /** `accepted`: an account has opened it and keeps it, whatever becomes of the address. */
  | { readonly type: "named"; readonly address: string; readonly accepted: boolean };

/** `GET /api/chats/:chat/links`: links that were not revoked, newest first; for the owner. */
export interface LinkSummary {
  readonly link: LinkId;
  readonly mode: LinkMode;
  readonly audience: LinkAudience;
  /** Encrypted; base64url. */
  readonly label: string | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly viewLimit: number | null;
  readonly views: number;
  /** `2026-11-21`, by UTC; a day and no time, so that the list does not watch its readers. */
  readonly lastOpenedOn: string | null;
}

/** `GET /api/chats/:chat/epoch`: what the owner's device builds a new epoch on. */
export interface EpochState {
  /** The server's clock, by which links end; milliseconds since 1970. */
  readonly now: number;
  readonly epoch: number;
  /** Names the request that began this epoch; base64url, null in the first one. */
  readonly rotation: string | null;
  /** Base64url. */
  readonly seal: string | null;
  readonly sharedThrough: number;
  readonly lastSeq: number;
  readonly links: readonly LinkSummary[];
  readonly members: readonly MemberSummary[];
}

/** Somebody who writes in a chat besides its owner. */
export interface MemberSummary {
  readonly sender: SenderId;
  /** The link they came by. */
  readonly link: LinkId;
  readonly joinedAt: number;
}

/**
 * `POST /api/chats/:chat/epochs`: takes access away and begins a new epoch, all or nothing. Every link that is neither
 * revoked before nor here needs a wrapped key.
 */
export const rotateSchema = v.strictObject({
  /** The new one: the chat's now, plus 1. */
  epoch: v.pipe(epochSchema, v.minValue(2)),
  /** 16 random bytes; tells the device after a crash whether this is the rotation that happened. */
  rotation: base64urlSchema({ min: ROTATION_LENGTH, max: ROTATION_LENGTH }),
  wrappedKeys: v.pipe(
    v.array(v.strictObject({ link: linkIdSchema, key: wrappedKeySchema })),
    v.maxLength(LIMITS.links),
    v.check((keys) => new Set(keys.map(({ link }) => link)).size === keys.length, "one key for each link"),
  ),
  /** The end of the shared part once more, under the new epoch; null for a chat that was never sealed. */
  seal: v.nullable(base64urlSchema({ min: 1, max: LIMITS.seal })),
  revoke: v.pipe(v.array(linkIdSchema), v.maxLength(LIMITS.links)),
  remove: v.pipe(v.array(senderIdSchema), v.maxLength(LIMITS.members)),
});
export type Rotate = v.InferInput<typeof rotateSchema>;

/** `GET /api/chats/:chat/keys` (MessagePack): what the link shown gives, one for each epoch. */
export interface ChatKeys {
  readonly wrappedKeys: readonly WrappedKey[];
}

/** `GET /api/chats`: what the account owns, newest first. */
export interface OwnedChatSummary {
  readonly chat: ChatId;
  readonly createdAt: number;
  readonly shareMode: ShareMode;
  readonly lastSeq: number;
  readonly sharedThrough: number;
  /** Live links. */
  readonly links: number;
  /** Of the live ones, those that let nobody new in: opened by as many devices as may. */
  readonly fullLinks: number;
  /** Links that were not revoked but have expired. */
  readonly expiredLinks: number;
  /** Whether a live link lets people write. */
  readonly collaborative: boolean;
  readonly members: number;
  /** Whether there is a public card. */
  readonly preview: boolean;
}

export interface WrappedKey {
  readonly epoch: number;
  readonly key: Bytes;
}

/** What a person may do in a chat, as the server sees it. */
export type Role = "owner" | "member" | "reader";

/** `GET /api/chats/:chat` (MessagePack): everything to show the first screen, in one round trip. */
export interface OpenedChat {
  readonly chat: ChatId;
  readonly role: Role;
  readonly shareMode: ShareMode;
  /** The mode of the link used; null for the owner. */
  readonly linkMode: LinkMode | null;
  /** For the link used; empty for those who hold the chat key already. */
  readonly wrappedKeys: readonly WrappedKey[];
  /** The owner's sealed end of the shared part. */
  readonly seal: Bytes | null;
  readonly sharedThrough: number;
  /** The owner alone writes. */
  readonly closed: boolean;
  readonly owner: SenderId;
  /** Whose the chat has been after who made it, one behind the other (SPEC H6); empty for most. */
  readonly successions: Bytes;
  /** Whom the owner offers the chat; null for nobody, and for readers of the shared part. */
  readonly offeredTo: SenderId | null;
  readonly page: MessagePage;
}

/**
 * `GET /api/chats/:chat/link`: what a link tells whoever shows it, before they open it; nothing of what is in the chat.
 * Nobody is counted for it, and it needs no ticket.
 */
export interface LinkGlance {
  readonly mode: LinkMode;
  /** When the link ends by itself, milliseconds since 1970; null for never. */
  readonly expiresAt: number | null;
  /** How many messages it shows; what amends them (reactions, edits, people who join) is none. */
  readonly messages: number;
}

/** `GET /api/previews/:chat`: what a card may show; the same generic answer for a chat without preview and for no chat. */
export interface PreviewCard {
  readonly title: string;
  readonly summary: string;
  readonly category: Category | null;
  /** Absolute. */
  readonly image: string;
  readonly generic: boolean;
}

/** `GET /api/service`: what this server is. */
export interface ServiceInfo {
  readonly publicUrl: string;
  readonly mate: {
    readonly name: string;
    /** Ed25519, base64url: signs the replies. */
    readonly publicKey: string;
    readonly models: readonly { readonly id: string; readonly name: string }[];
    /** True when no model is configured and the built-in demo answers. */
    readonly demo: boolean;
  };
  /** The ways to sign in that this server offers. */
  readonly signIn: {
    readonly email: boolean;
    /** Where to send somebody who chooses Google, and as whom. */
    readonly google: {
      readonly clientId: string;
      readonly authorizeUrl: string;
      /** For programs that Google sends somebody back to on the same machine; null where that is not set up. */
      readonly desktopClientId: string | null;
    } | null;
  };
}
