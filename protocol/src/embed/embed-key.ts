import { type Bytes, concat, randomBytes } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { label } from "../labels.ts";
import { decrypt, encrypt, hkdf, importAesKey, KEY_LENGTH, NONCE_LENGTH } from "../primitives.ts";
import { VERSION } from "../wire/envelope.ts";
import { WRAPPED_KEY_LENGTH } from "../wire/http.ts";
import { type EmbedId, idBytes, type LinkId } from "../wire/ids.ts";

/** The keys that an embed's key stands for, ready to use. */
export interface EmbedKey {
  readonly embed: EmbedId;
  /** The 32 bytes themselves: to be written into messages and wrapped for links, never to be used as a key directly. */
  readonly raw: Bytes;
  readonly headerKey: CryptoKey;
  readonly labelKey: CryptoKey;
  /** What the header's signature says about the key (SPEC F5). */
  readonly commitment: Bytes;
}

/** What a link hands to its readers. */
export interface UnwrappedEmbedKey {
  readonly embedKey: EmbedKey;
  /** Ed25519 of whoever made the embed; it travels with the key, where the server cannot exchange it. */
  readonly owner: Bytes;
}

export async function createEmbedKey(embed: EmbedId): Promise<EmbedKey> {
  return loadEmbedKey({ embed, raw: randomBytes(KEY_LENGTH) });
}

/** @throws ProtocolError `malformed` unless `raw` has 32 bytes. */
export async function loadEmbedKey({ embed, raw }: { embed: EmbedId; raw: Bytes }): Promise<EmbedKey> {
  if (raw.length !== KEY_LENGTH) throw new ProtocolError("malformed", "An embed's key has 32 bytes.");
  const derive = (name: "embedHeaderKey" | "labelKey" | "embedCommitment") =>
    hkdf({ key: raw, salt: idBytes(embed), info: label(name), length: KEY_LENGTH });
  const [headerKey, labelKey, commitment] = await Promise.all([
    derive("embedHeaderKey").then(importAesKey),
    derive("labelKey").then(importAesKey),
    derive("embedCommitment"),
  ]);
  return { embed, raw, headerKey, labelKey, commitment };
}

/** `version ‖ nonce ‖ AES-256-GCM(wrap key, embed key ‖ owner's public key)` (SPEC F9). */
export async function wrapEmbedKey(options: {
  embedKey: EmbedKey;
  owner: Bytes;
  link: LinkId;
  wrapKey: CryptoKey;
}): Promise<Bytes> {
  const { embedKey, owner, link, wrapKey } = options;
  if (owner.length !== KEY_LENGTH) throw new ProtocolError("malformed", "A public key has 32 bytes.");
  const nonce = randomBytes(NONCE_LENGTH);
  const additionalData = wrapBytes(embedKey.embed, link);
  const sealed = await encrypt({ key: wrapKey, nonce, additionalData }, concat(embedKey.raw, owner));
  return concat(Uint8Array.of(VERSION), nonce, sealed);
}

/**
 * @throws ProtocolError `wrong_key` (wrong link, or a password is missing or wrong: indistinguishable on purpose),
 * `malformed`, `unsupported_version`
 */
export async function unwrapEmbedKey(options: {
  wrapped: Bytes;
  embed: EmbedId;
  link: LinkId;
  wrapKey: CryptoKey;
}): Promise<UnwrappedEmbedKey> {
  const { wrapped, embed, link, wrapKey } = options;
  if (wrapped.length === 0) throw new ProtocolError("malformed", "This is not a wrapped key.");
  // The version first: a newer one may well have another length.
  if (wrapped[0] !== VERSION) {
    throw new ProtocolError("unsupported_version", "This link was made by a newer version. Please update.");
  }
  if (wrapped.length !== WRAPPED_KEY_LENGTH) throw new ProtocolError("malformed", "This is not a wrapped key.");
  const nonce = wrapped.slice(1, 1 + NONCE_LENGTH);
  const additionalData = wrapBytes(embed, link);
  const keys = await decrypt({ key: wrapKey, nonce, additionalData }, wrapped.subarray(1 + NONCE_LENGTH));
  return { embedKey: await loadEmbedKey({ embed, raw: keys.slice(0, KEY_LENGTH) }), owner: keys.slice(KEY_LENGTH) };
}

function wrapBytes(embed: EmbedId, link: LinkId): Bytes {
  return concat(label("wrappedEmbedKey"), idBytes(embed), idBytes(link));
}
