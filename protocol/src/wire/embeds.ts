import * as v from "valibot";
import type { Bytes } from "../bytes.ts";
import {
  base64urlSchema,
  chatIdSchema,
  embedIdSchema,
  type LinkSummary,
  linkIdSchema,
  type Preview,
  type PreviewCard,
  WRAPPED_KEY_LENGTH,
} from "./http.ts";
import type { EmbedId } from "./ids.ts";
import { LIMITS } from "./limits.ts";

/** What an embed can be. Besides these, `skill-{app}-{skill}`; others are of a newer version and shown as files. */
export const EMBED_TYPES = [
  "website",
  "place",
  "event",
  "code",
  "application",
  "file",
  "sheet",
  "document",
  "image",
  "video",
  "audio",
  "pdf",
] as const;
export type EmbedType = (typeof EMBED_TYPES)[number];

/** What is encrypted at a time, in bytes: small enough to be verified before it is shown, large enough to cost little. */
export const EMBED_CHUNK = 256 << 10;
/** A chunk with its tag. */
export const SEALED_CHUNK = EMBED_CHUNK + 16;
/** What travels at a time: four chunks. The last part of an embed may be shorter. */
export const EMBED_PART = 4 * SEALED_CHUNK;

/** How many parts an embed of so many encrypted bytes has. */
export function partCount(sealedSize: number): number {
  return Math.ceil(sealedSize / EMBED_PART);
}

/** How many bytes the part of that number (from 0) has. */
export function partLength(sealedSize: number, part: number): number {
  return Math.min(EMBED_PART, sealedSize - part * EMBED_PART);
}

/** All chunks of the largest embed, with their tags. */
export const LARGEST_SEALED_EMBED = Math.ceil(LIMITS.embed / EMBED_CHUNK) * SEALED_CHUNK;

/** `POST /api/embeds`: announces an upload. */
export const createEmbedSchema = v.strictObject({
  embed: embedIdSchema,
  /** The chat it belongs to, whose readers may fetch it and with which it is erased; null for one on its own. */
  chat: v.nullable(chatIdSchema),
  /** Bytes of all its encrypted chunks together. */
  size: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(LARGEST_SEALED_EMBED)),
});
export type CreateEmbed = v.InferInput<typeof createEmbedSchema>;

/** What there is of an upload: the answer to `POST /api/embeds` and `GET /api/embeds/:embed/parts`. */
export interface EmbedUpload {
  readonly complete: boolean;
  /** Numbers of the parts that are stored, ascending; empty once it is complete. */
  readonly parts: readonly number[];
}

/** `POST /api/embeds/:embed/complete`: from here on nothing of it changes any more. */
export const completeEmbedSchema = v.strictObject({ header: base64urlSchema({ min: 1, max: LIMITS.embedHeader }) });

/** `GET /api/embeds/:embed` (MessagePack) */
export interface StoredEmbed {
  readonly embed: EmbedId;
  readonly header: Bytes;
  /** Bytes of all its encrypted chunks together. */
  readonly size: number;
  /** Whether it is the asker's own. */
  readonly owner: boolean;
  /** For the link that was shown; null for those who hold the embed's key already. */
  readonly wrappedKey: Bytes | null;
  /** When the asker's access ends by itself, milliseconds since 1970; null for never, and for the owner. */
  readonly until: number | null;
}

/** `POST /api/embeds/:embed/links` */
export const createEmbedLinkSchema = v.strictObject({
  link: linkIdSchema,
  /** SHA-256 of the access token: the token itself is only ever shown to open. */
  tokenHash: base64urlSchema({ min: 32, max: 32 }),
  wrappedKey: base64urlSchema({ min: WRAPPED_KEY_LENGTH, max: WRAPPED_KEY_LENGTH }),
  label: v.nullable(base64urlSchema({ min: 1, max: LIMITS.linkLabel })),
  /** Milliseconds since 1970, or null for none. */
  expiresAt: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(LIMITS.time))),
});
export type CreateEmbedLink = v.InferInput<typeof createEmbedLinkSchema>;

/** `GET /api/embeds/:embed/links`: for the owner. */
export type EmbedLinkSummary = Pick<LinkSummary, "link" | "label" | "createdAt" | "expiresAt" | "views">;

/** `PUT /api/embeds/:embed/preview`: in clear, because the owner chose a public card. */
export const embedPreviewSchema = v.strictObject({
  title: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(LIMITS.previewTitle)),
  summary: v.pipe(v.string(), v.trim(), v.maxLength(LIMITS.previewSummary)),
  type: v.picklist(EMBED_TYPES),
});
export type EmbedPreview = Omit<Preview, "category"> & { readonly type: EmbedType };

/** `GET /api/embeds/:embed/preview`: as of chats, with what the embed is; null in the generic card. */
export type EmbedCard = Omit<PreviewCard, "category"> & { readonly type: EmbedType | null };
