import type { EmbedRef } from "@openmates-share/protocol/content";
import type { Identity } from "@openmates-share/protocol/crypto";
import {
  digestEmbed,
  type EmbedContent,
  type EmbedHeader,
  type EmbedKey,
  loadEmbedContent,
  loadEmbedKey,
  readChunk,
  sealChunk,
  sealEmbedHeader,
  sealedSize,
} from "@openmates-share/protocol/embed";
import {
  type ChatId,
  EMBED_CHUNK,
  EMBED_PART,
  LIMITS,
  partCount,
  partLength,
  SEALED_CHUNK,
  toBase64url,
} from "@openmates-share/protocol/wire";
import type { Credentials } from "../api.ts";
import { ClientError } from "../errors.ts";
import type { EmbedApi } from "./embed-api.ts";
import { embedTypeOf } from "./embed-draft.ts";
import { retrying } from "./retrying.ts";

/** A file to upload. */
export interface EmbedDraft {
  readonly blob: Blob;
  readonly name: string;
  /** Empty when nobody knows. */
  readonly mediaType: string;
  /** The chat it is for; null for one on its own. */
  readonly chat: ChatId | null;
  /** One of the embed types; found by media type and name unless told. */
  readonly type?: string;
  /** Pixels. */
  readonly width?: number | null;
  readonly height?: number | null;
  /** Of code. */
  readonly language?: string | null;
}

export interface UploadOptions {
  /** Bytes of the file. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Parts under way at once: enough to fill a line, and a few megabytes of memory. */
const AT_ONCE = 3;

/**
 * Encrypts and uploads what is not there yet. With the same reference, file and place it goes on where an earlier upload
 * broke off: the same bytes come out, for everything that varies depends on the content alone.
 */
export async function uploadEmbed(options: {
  api: EmbedApi;
  ref: EmbedRef;
  draft: EmbedDraft;
  identity: Identity;
  as: Credentials;
  upload: UploadOptions;
}): Promise<EmbedHeader> {
  const { api, ref, draft, identity, as } = options;
  const { onProgress, signal } = options.upload;
  const { blob, chat } = draft;
  requireNotTooLarge(blob);
  const embedKey = await loadEmbedKey({ embed: ref.id, raw: ref.key });
  const header = await describe(draft);
  const content = await loadEmbedContent(embedKey, header);
  const size = sealedSize(blob.size);
  const asking = { as, signal };
  const { complete, parts } = await retrying(signal, () => api.create({ embed: ref.id, chat, size }, asking));
  if (!complete) {
    const progress = new Progress({ total: blob.size, sealed: size, onProgress });
    for (const part of parts) progress.add(part);
    const missing = Array.from({ length: partCount(size) }, (_, index) => index).filter((i) => !parts.includes(i));
    await inTurns(missing, async (index) => {
      if (signal?.aborted) throw new ClientError("aborted", "The upload was cancelled.");
      const bytes = await sealPart({ content, blob, index });
      await retrying(signal, () => api.putPart(ref.id, { index, bytes, ...asking }));
      progress.add(index);
    });
    await finish({ api, embedKey, identity, chat, header, asking });
  }
  onProgress?.(blob.size, blob.size);
  return header;
}

async function finish(options: {
  api: EmbedApi;
  embedKey: EmbedKey;
  identity: Identity;
  chat: ChatId | null;
  header: EmbedHeader;
  asking: { as: Credentials; signal: AbortSignal | undefined };
}): Promise<void> {
  const { api, embedKey, identity, chat, header, asking } = options;
  // Sealed once, outside of the retries: an answer that was lost must not make another header of it.
  const sealed = await sealEmbedHeader({ embedKey, identity, chat, header });
  const completing = { header: toBase64url(sealed), ...asking };
  await retrying(asking.signal, () => api.complete(embedKey.embed, completing));
}

async function describe(draft: EmbedDraft): Promise<EmbedHeader> {
  const { blob, name, mediaType, type, width = null, height = null, language = null } = draft;
  return {
    type: type ?? embedTypeOf({ name, mediaType }),
    name: name.slice(0, LIMITS.fileName),
    mediaType: mediaType.slice(0, LIMITS.mediaType),
    size: blob.size,
    width,
    height,
    language,
    time: Date.now(),
    digests: await digestEmbed(readable(blob)),
  };
}

async function sealPart({ content, blob, index }: { content: EmbedContent; blob: Blob; index: number }) {
  const bytes = new Uint8Array(partLength(sealedSize(blob.size), index));
  const first = (index * EMBED_PART) / SEALED_CHUNK;
  for (let at = 0; at < bytes.length; at += SEALED_CHUNK) {
    const chunk = first + at / SEALED_CHUNK;
    bytes.set(await sealChunk(content, chunk, await readChunk(readable(blob), chunk)), at);
  }
  return bytes;
}

/** @throws ClientError `malformed`: a file that was moved or changed while it was being read */
function readable(blob: Blob) {
  return {
    size: blob.size,
    read: async (from: number, to: number) => {
      try {
        return new Uint8Array(await blob.slice(from, to).arrayBuffer());
      } catch (cause) {
        throw new ClientError("malformed", "The file can't be read any more. Was it moved or changed?", { cause });
      }
    },
  };
}

/** @throws ClientError `too_large` */
function requireNotTooLarge({ size }: { readonly size: number }): void {
  if (size > LIMITS.embed)
    throw new ClientError("too_large", "This file is larger than 25 MB, the most that can be shared.");
}

/** A few workers take one after the other; the first failure ends all of them. */
async function inTurns(items: readonly number[], work: (item: number) => Promise<void>): Promise<void> {
  const queue = items.values();
  let failed = false;
  const worker = async () => {
    for (const item of queue) {
      if (failed) return;
      await work(item).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  const results = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
  const failure = results.find((result) => result.status === "rejected");
  if (failure) throw failure.reason;
}

class Progress {
  readonly #options: { total: number; sealed: number; onProgress: UploadOptions["onProgress"] | undefined };
  #done = 0;

  constructor(options: { total: number; sealed: number; onProgress: UploadOptions["onProgress"] | undefined }) {
    this.#options = options;
  }

  add(part: number): void {
    const { total, sealed, onProgress } = this.#options;
    this.#done += (partLength(sealed, part) / SEALED_CHUNK) * EMBED_CHUNK;
    onProgress?.(Math.min(Math.floor(this.#done), total), total);
  }
}
