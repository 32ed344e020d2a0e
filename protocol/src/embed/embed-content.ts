import { type Bytes, concat, equalBytes, u32be } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { label } from "../labels.ts";
import { padme, SMALLEST } from "../padding.ts";
import { decrypt, encrypt, hkdf, importAesKey, KEY_LENGTH, sha256, TAG_LENGTH } from "../primitives.ts";
import { EMBED_CHUNK } from "../wire/embeds.ts";
import { type EmbedId, idBytes } from "../wire/ids.ts";
import { LIMITS } from "../wire/limits.ts";
import type { EmbedKey } from "./embed-key.ts";

/** An embed's content as its header describes it, ready to be sealed or opened chunk by chunk. */
export interface EmbedContent {
  readonly embed: EmbedId;
  readonly key: CryptoKey;
  /** Bytes, without padding. */
  readonly size: number;
  /** As in the header. */
  readonly digests: Bytes;
}

/** Where content comes from. */
export interface Readable {
  readonly size: number;
  /** The bytes from `from` up to, not including, `to`. */
  read(from: number, to: number): Promise<Bytes>;
}

/** Bytes of the content with its padding (SPEC F1). */
export function paddedSize(size: number): number {
  return padme(size, SMALLEST.embed);
}

/** How many chunks content of so many bytes has; at least one. */
export function chunkCount(size: number): number {
  return Math.ceil(paddedSize(size) / EMBED_CHUNK);
}

/** Bytes of all chunks with their tags: what is stored. */
export function sealedSize(size: number): number {
  return paddedSize(size) + chunkCount(size) * TAG_LENGTH;
}

/** The chunk of that number (from 0), with its padding. */
export async function readChunk(content: Readable, index: number): Promise<Bytes> {
  const from = index * EMBED_CHUNK;
  const length = chunkLength(content.size, index);
  const bytes = await content.read(Math.min(from, content.size), Math.min(from + length, content.size));
  if (bytes.length === length) return bytes;
  return concat(bytes, new Uint8Array(length - bytes.length));
}

/** One hash for all of the content: the same content has the same, whatever it is called and wherever it is. */
export function embedRoot(digests: Bytes): Promise<Bytes> {
  return sha256(label("embedContent"), digests);
}

/** The hashes of all chunks, for the header. @throws ProtocolError `too_large` */
export async function digestEmbed(content: Readable): Promise<Bytes> {
  if (content.size > LIMITS.embed) throw new ProtocolError("too_large", "This file is larger than 25 MB.");
  const digests: Bytes[] = [];
  for (let index = 0; index < chunkCount(content.size); index++) {
    digests.push(await sha256(await readChunk(content, index)));
  }
  return concat(...digests);
}

/**
 * The key depends on the hashes of the content (SPEC F8): sealing again gives the same bytes, so that an upload can go on
 * where it ended, and other content never meets the same key and nonce.
 */
export async function loadEmbedContent(
  embedKey: EmbedKey,
  { size, digests }: { size: number; digests: Bytes },
): Promise<EmbedContent> {
  const root = await embedRoot(digests);
  const info = concat(label("embedContentKey"), root);
  const raw = await hkdf({ key: embedKey.raw, salt: idBytes(embedKey.embed), info, length: KEY_LENGTH });
  return { embed: embedKey.embed, key: await importAesKey(raw), size, digests };
}

/** @throws ProtocolError `malformed` for a chunk that is not the one whose hash was taken: the file was changed meanwhile */
export async function sealChunk(content: EmbedContent, index: number, chunk: Bytes): Promise<Bytes> {
  if (!equalBytes(await sha256(chunk), digestOf(content, index))) {
    throw new ProtocolError("malformed", "The file was changed while it was read.");
  }
  return encrypt(boxOf(content, index), chunk);
}

/**
 * The content in a chunk, without padding. It is what its maker signed, at this place.
 * @throws ProtocolError `malformed` (number or length), `wrong_key`, `bad_signature` (not what was signed), `bad_padding`
 */
export async function openChunk(content: EmbedContent, index: number, sealed: Uint8Array): Promise<Bytes> {
  if (!Number.isInteger(index) || index < 0 || index >= chunkCount(content.size)) {
    throw new ProtocolError("malformed", "This file has no such chunk.");
  }
  if (sealed.length !== chunkLength(content.size, index) + TAG_LENGTH) {
    throw new ProtocolError("malformed", "A chunk of this file has a wrong length.");
  }
  const chunk = await decrypt(boxOf(content, index), sealed);
  if (!equalBytes(await sha256(chunk), digestOf(content, index))) {
    throw new ProtocolError("bad_signature", "A chunk of this file is not the one that was signed.");
  }
  const own = Math.max(0, Math.min(chunk.length, content.size - index * EMBED_CHUNK));
  if (chunk.subarray(own).some((byte) => byte !== 0)) {
    throw new ProtocolError("bad_padding", "The padding of this file is not what the protocol writes.");
  }
  return chunk.slice(0, own);
}

function chunkLength(size: number, index: number): number {
  return Math.min(EMBED_CHUNK, paddedSize(size) - index * EMBED_CHUNK);
}

function digestOf({ digests }: EmbedContent, index: number): Uint8Array {
  return digests.subarray(index * KEY_LENGTH, (index + 1) * KEY_LENGTH);
}

/** As in STREAM (Hoang et al., 2015) and age: the nonce is a counter and whether the end is reached. */
function boxOf({ embed, key, size }: EmbedContent, index: number) {
  const last = index === chunkCount(size) - 1 ? 1 : 0;
  const nonce = concat(new Uint8Array(7), u32be(index), Uint8Array.of(last));
  return { key, nonce, additionalData: concat(label("embedChunk"), idBytes(embed)) };
}
