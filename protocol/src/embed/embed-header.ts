import * as v from "valibot";
import { type Bytes, concat, equalBytes, fromBase64url, randomBytes, toBase64url } from "../bytes.ts";
import { encodeJson, parseJson } from "../content/json.ts";
import { hashSchema, timeSchema } from "../content/position.ts";
import { ProtocolError } from "../errors.ts";
import { label } from "../labels.ts";
import { type Frame, pad, SMALLEST, unpad } from "../padding.ts";
import {
  decrypt,
  encrypt,
  KEY_LENGTH,
  NONCE_LENGTH,
  SIGNATURE_LENGTH,
  sha256,
  sign,
  TAG_LENGTH,
  verify,
} from "../primitives.ts";
import { type Identity, senderIdOf } from "../signed.ts";
import { VERSION } from "../wire/envelope.ts";
import { type ChatId, idBytes, type SenderId } from "../wire/ids.ts";
import { LIMITS } from "../wire/limits.ts";
import { chunkCount } from "./embed-content.ts";
import type { EmbedKey } from "./embed-key.ts";

/** What its maker says about an embed (SPEC F6). All of it is signed; names and types are hostile input to whatever shows them. */
export interface EmbedHeader {
  /** One of `EMBED_TYPES`, `skill-{app}-{skill}`, or of a newer version. */
  readonly type: string;
  readonly name: string;
  readonly mediaType: string;
  /** Bytes of the content, without padding. */
  readonly size: number;
  /** Pixels; null where there are none, or nobody looked. */
  readonly width: number | null;
  readonly height: number | null;
  /** Of code: its programming language. */
  readonly language: string | null;
  /** Milliseconds since 1970, by the maker's clock. */
  readonly time: number;
  /** SHA-256 of every chunk of the padded content, 32 bytes each, in order. */
  readonly digests: Bytes;
}

/** How its reader came to an embed, which says who must have made it. */
export type EmbedSource =
  /** By a link of its own, or as its maker: the Ed25519 key that came with the embed's key. */
  | { readonly type: "link"; readonly owner: Bytes }
  /** By a message of a chat: it must belong to that chat and be signed by who wrote the message. */
  | { readonly type: "message"; readonly chat: ChatId; readonly sender: SenderId };

export interface OpenedHeader {
  readonly header: EmbedHeader;
  /** Ed25519, 32 bytes, verified. */
  readonly publicKey: Bytes;
}

const SIGNED_OVERHEAD = SIGNATURE_LENGTH + KEY_LENGTH;
const FRAME: Frame = { overhead: SIGNED_OVERHEAD, smallest: SMALLEST.message };

const pixelsSchema = v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(LIMITS.pixels)));

const digestsSchema = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }): Bytes => {
    const bytes = fromBase64url(dataset.value);
    if (bytes && bytes.length % KEY_LENGTH === 0) return bytes;
    addIssue({ message: "hashes have 32 bytes each" });
    return NEVER;
  }),
);

const headerSchema = v.pipe(
  v.object({
    type: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,99}$/)),
    name: v.pipe(v.string(), v.maxLength(LIMITS.fileName)),
    mediaType: v.pipe(v.string(), v.maxLength(LIMITS.mediaType)),
    size: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(LIMITS.embed)),
    width: pixelsSchema,
    height: pixelsSchema,
    language: v.nullable(v.pipe(v.string(), v.maxLength(LIMITS.language))),
    time: timeSchema,
    chat: v.nullable(hashSchema),
    digests: digestsSchema,
  }),
  v.check(({ size, digests }) => digests.length === chunkCount(size) * KEY_LENGTH, "a hash for every chunk"),
);

/**
 * Signs, pads and encrypts (SPEC F3–F7).
 * @throws ProtocolError `malformed` for what readers would refuse
 */
export async function sealEmbedHeader(options: {
  embedKey: EmbedKey;
  identity: Identity;
  /** The chat it belongs to, or null. */
  chat: ChatId | null;
  header: EmbedHeader;
}): Promise<Bytes> {
  const { embedKey, identity, chat, header } = options;
  const place = placeBytes(embedKey);
  const json = encodeJson(headerSchema, {
    ...header,
    chat: chat && toBase64url(await chatTag(embedKey, chat)),
    digests: toBase64url(header.digests),
  });
  const signature = await sign(identity.privateKey, signedBytes({ embedKey, place, json }));
  const nonce = randomBytes(NONCE_LENGTH);
  const plaintext = concat(signature, identity.publicKey, pad(json, FRAME));
  const sealed = await encrypt({ key: embedKey.headerKey, nonce, additionalData: place }, plaintext);
  return concat(Uint8Array.of(VERSION), nonce, sealed);
}

/**
 * @throws ProtocolError `too_large`, `malformed`, `unsupported_version`, `wrong_key` (also for an embed of another chat),
 * `bad_padding`, `wrong_sender`, `bad_signature`
 */
export async function openEmbedHeader(options: {
  embedKey: EmbedKey;
  sealed: Uint8Array;
  source: EmbedSource;
}): Promise<OpenedHeader> {
  const { embedKey, sealed, source } = options;
  const place = placeBytes(embedKey);
  const plaintext = await decryptHeader({ embedKey, place, sealed });
  const signature = plaintext.slice(0, SIGNATURE_LENGTH);
  const publicKey = plaintext.slice(SIGNATURE_LENGTH, SIGNED_OVERHEAD);
  const json = unpad(plaintext.slice(SIGNED_OVERHEAD), FRAME);
  if (!(await isMaker(publicKey, source))) {
    throw new ProtocolError("wrong_sender", "This was not made by the person whose it is said to be.");
  }
  if (!(await verify({ publicKey, signature, data: signedBytes({ embedKey, place, json }) }))) {
    throw new ProtocolError("bad_signature", "The signature of this file is not valid.");
  }
  const { chat, ...header } = parseJson(headerSchema, json);
  if (source.type === "message" && !(chat && equalBytes(chat, await chatTag(embedKey, source.chat)))) {
    throw new ProtocolError("wrong_key", "This file belongs to another chat.");
  }
  return { header, publicKey };
}

async function decryptHeader(options: { embedKey: EmbedKey; place: Bytes; sealed: Uint8Array }): Promise<Bytes> {
  const { embedKey, place, sealed } = options;
  if (sealed.length > LIMITS.embedHeader)
    throw new ProtocolError("too_large", "What describes this file is too large.");
  if (sealed.length === 0) throw cutShort();
  if (sealed[0] !== VERSION) {
    throw new ProtocolError("unsupported_version", "This was made by a newer version. Please update.");
  }
  if (sealed.length < 1 + NONCE_LENGTH + TAG_LENGTH) throw cutShort();
  const nonce = new Uint8Array(sealed.subarray(1, 1 + NONCE_LENGTH));
  const box = { key: embedKey.headerKey, nonce, additionalData: place };
  const plaintext = await decrypt(box, sealed.subarray(1 + NONCE_LENGTH));
  if (plaintext.length < SIGNED_OVERHEAD) throw cutShort();
  return plaintext;
}

async function isMaker(publicKey: Bytes, source: EmbedSource): Promise<boolean> {
  if (source.type === "link") return equalBytes(publicKey, source.owner);
  return (await senderIdOf(publicKey)) === source.sender;
}

function cutShort(): ProtocolError {
  return new ProtocolError("malformed", "What describes this file is cut short.");
}

function placeBytes({ embed }: EmbedKey): Bytes {
  return concat(label("embedHeader"), Uint8Array.of(VERSION), idBytes(embed));
}

/** The commitment is signed because GCM opens under more than one key for whoever builds the ciphertext so. */
function signedBytes({ embedKey, place, json }: { embedKey: EmbedKey; place: Bytes; json: Bytes }): Bytes {
  return concat(label("embedSignature"), place, embedKey.commitment, json);
}

/** Says which chat to those who know it, and nothing to readers of the embed's own link. */
function chatTag(embedKey: EmbedKey, chat: ChatId): Promise<Bytes> {
  return sha256(label("embedChat"), embedKey.commitment, idBytes(chat));
}
