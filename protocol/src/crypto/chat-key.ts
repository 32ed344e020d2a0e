import { type Bytes, concat, randomBytes, u32be } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { label } from "../labels.ts";
import { decrypt, encrypt, hkdf, importAesKey, KEY_LENGTH, NONCE_LENGTH } from "../primitives.ts";
import { VERSION } from "../wire/envelope.ts";
import { WRAPPED_KEY_LENGTH } from "../wire/http.ts";
import { type ChatId, idBytes, type LinkId } from "../wire/ids.ts";
import { LIMITS } from "../wire/limits.ts";

/** The keys that a chat key of one epoch stands for, ready to use. */
export interface ChatKey {
  readonly chat: ChatId;
  readonly epoch: number;
  /** The 32 bytes themselves: to be wrapped for links and kept on the device, never to be used as a key directly. */
  readonly raw: Bytes;
  readonly envelopeKey: CryptoKey;
  readonly replyWrapKey: CryptoKey;
  readonly labelKey: CryptoKey;
}

/** What a link hands to its readers. */
export interface UnwrappedKey {
  readonly chatKey: ChatKey;
  /** Ed25519 of the owner, whose seals count. It travels with the key, where the server cannot exchange it. */
  readonly owner: Bytes;
}

export async function createChatKey(chat: ChatId, epoch = 1): Promise<ChatKey> {
  return loadChatKey({ chat, epoch, raw: randomBytes(KEY_LENGTH) });
}

/** @throws ProtocolError `malformed` unless `raw` has 32 bytes and the epoch is one. */
export async function loadChatKey({ chat, epoch, raw }: { chat: ChatId; epoch: number; raw: Bytes }): Promise<ChatKey> {
  if (raw.length !== KEY_LENGTH) throw new ProtocolError("malformed", "A chat key has 32 bytes.");
  requireEpochNumber(epoch);
  const derive = async (name: "envelopeKey" | "replyWrapKey" | "labelKey") =>
    importAesKey(await hkdf({ key: raw, salt: idBytes(chat), info: label(name), length: KEY_LENGTH }));
  const [envelopeKey, replyWrapKey, labelKey] = await Promise.all([
    derive("envelopeKey"),
    derive("replyWrapKey"),
    derive("labelKey"),
  ]);
  return { chat, epoch, raw, envelopeKey, replyWrapKey, labelKey };
}

/** `version ‖ nonce ‖ AES-256-GCM(wrap key, chat key ‖ owner's public key)` (SPEC section 4). */
export async function wrapChatKey(options: {
  chatKey: ChatKey;
  owner: Bytes;
  link: LinkId;
  wrapKey: CryptoKey;
}): Promise<Bytes> {
  const { chatKey, owner, link, wrapKey } = options;
  if (owner.length !== KEY_LENGTH) throw new ProtocolError("malformed", "A public key has 32 bytes.");
  const nonce = randomBytes(NONCE_LENGTH);
  const additionalData = wrapBytes({ chat: chatKey.chat, link, epoch: chatKey.epoch });
  const sealed = await encrypt({ key: wrapKey, nonce, additionalData }, concat(chatKey.raw, owner));
  return concat(Uint8Array.of(VERSION), nonce, sealed);
}

/**
 * @throws ProtocolError `wrong_key` (wrong link, or a password is missing or wrong: indistinguishable on purpose),
 * `malformed`, `unsupported_version`
 */
export async function unwrapChatKey(options: {
  wrapped: Bytes;
  chat: ChatId;
  link: LinkId;
  epoch: number;
  wrapKey: CryptoKey;
}): Promise<UnwrappedKey> {
  const { wrapped, chat, link, epoch, wrapKey } = options;
  requireEpochNumber(epoch);
  if (wrapped.length === 0) throw new ProtocolError("malformed", "This is not a wrapped key.");
  // The version first: a newer one may well have another length.
  if (wrapped[0] !== VERSION) {
    throw new ProtocolError("unsupported_version", "This link was made by a newer version. Please update.");
  }
  if (wrapped.length !== WRAPPED_KEY_LENGTH) throw new ProtocolError("malformed", "This is not a wrapped key.");
  const nonce = wrapped.slice(1, 1 + NONCE_LENGTH);
  const additionalData = wrapBytes({ chat, link, epoch });
  const keys = await decrypt({ key: wrapKey, nonce, additionalData }, wrapped.subarray(1 + NONCE_LENGTH));
  return {
    chatKey: await loadChatKey({ chat, epoch, raw: keys.slice(0, KEY_LENGTH) }),
    owner: keys.slice(KEY_LENGTH),
  };
}

function requireEpochNumber(epoch: number): void {
  if (!Number.isInteger(epoch) || epoch < 1 || epoch > LIMITS.epoch) {
    throw new ProtocolError("malformed", "Epochs count from 1.");
  }
}

function wrapBytes({ chat, link, epoch }: { chat: ChatId; link: LinkId; epoch: number }): Bytes {
  return concat(label("wrappedKey"), idBytes(chat), idBytes(link), u32be(epoch));
}
