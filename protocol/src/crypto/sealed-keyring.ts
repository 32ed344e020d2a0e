import { type Bytes, concat, randomBytes, utf8 } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { label } from "../labels.ts";
import { type Frame, pad, SMALLEST, unpad } from "../padding.ts";
import { decrypt, encrypt, hkdf, importAesKey, KEY_LENGTH, NONCE_LENGTH, pbkdf2, TAG_LENGTH } from "../primitives.ts";
import { LIMITS } from "../wire/limits.ts";

/** OWASP's floor for PBKDF2-HMAC-SHA-256 (Password Storage Cheat Sheet, 2023). Fixed by the protocol: nobody can lower it. */
const ITERATIONS = 600_000;
const VERSION = 1;
const SALT_LENGTH = 16;
const HEADER_LENGTH = 2 + SALT_LENGTH;
const FRAME: Frame = { overhead: 0, smallest: SMALLEST.keyring };

/** What a sealed keyring is for: kept on the server for one's devices, or a file. One is not taken for the other. */
export const KEYRING_USE = { synced: 1, file: 2 } as const;
export type KeyringUse = keyof typeof KEYRING_USE;

/** What a passphrase gives, with the salt that took part. May be kept, so that nobody is asked again. */
export interface KeyringKey {
  /** 16 bytes. */
  readonly salt: Bytes;
  /** 32 bytes. */
  readonly raw: Bytes;
}

/** Takes a good part of a second. @throws ProtocolError `malformed` for an empty passphrase or a salt of another length */
export async function deriveKeyringKey(options: { passphrase: string; salt: Bytes }): Promise<KeyringKey> {
  const { passphrase, salt } = options;
  if (passphrase === "") throw new ProtocolError("malformed", "A passphrase is not empty.");
  if (salt.length !== SALT_LENGTH) throw new ProtocolError("malformed", "The salt of a keyring has 16 bytes.");
  const key = await pbkdf2({
    password: utf8(passphrase.normalize("NFC")),
    salt: concat(label("keyringSalt"), salt),
    iterations: ITERATIONS,
  });
  return { salt, raw: await hkdf({ key, salt, info: label("keyringKey"), length: KEY_LENGTH }) };
}

/** A key from a passphrase and a new salt. */
export function createKeyringKey(passphrase: string): Promise<KeyringKey> {
  return deriveKeyringKey({ passphrase, salt: randomBytes(SALT_LENGTH) });
}

/** @throws ProtocolError `too_large` */
export async function sealKeyring(options: { key: KeyringKey; use: KeyringUse; body: Bytes }): Promise<Bytes> {
  const { key, use, body } = options;
  const header = concat(Uint8Array.of(VERSION, KEYRING_USE[use]), key.salt);
  const nonce = randomBytes(NONCE_LENGTH);
  const additionalData = concat(label("keyring"), header);
  const aes = await importAesKey(key.raw);
  const sealed = concat(header, nonce, await encrypt({ key: aes, nonce, additionalData }, pad(body, FRAME)));
  if (sealed.length > LIMITS.keyring) throw tooLarge();
  return sealed;
}

/** The salt of a sealed keyring. @throws ProtocolError `too_large`, `malformed`, `unsupported_version`, `unsupported_kind` */
export function keyringSalt(options: { sealed: Bytes; use: KeyringUse }): Bytes {
  const { sealed, use } = options;
  if (sealed.length > LIMITS.keyring) throw tooLarge();
  if (sealed.length === 0) throw malformed();
  if (sealed[0] !== VERSION) throw new ProtocolError("unsupported_version", "These keys are of a newer version.");
  if (sealed.length < HEADER_LENGTH + NONCE_LENGTH + TAG_LENGTH) throw malformed();
  if (sealed[1] !== KEYRING_USE[use]) {
    throw new ProtocolError("unsupported_kind", "These keys were sealed for another use.");
  }
  return sealed.slice(2, HEADER_LENGTH);
}

/** @throws ProtocolError as `keyringSalt`, `wrong_key` (also for a key from another salt), `bad_padding` */
export async function openKeyring(options: { key: KeyringKey; use: KeyringUse; sealed: Bytes }): Promise<Bytes> {
  const { key, use, sealed } = options;
  keyringSalt({ sealed, use });
  const nonce = sealed.slice(HEADER_LENGTH, HEADER_LENGTH + NONCE_LENGTH);
  const additionalData = concat(label("keyring"), sealed.subarray(0, HEADER_LENGTH));
  const aes = await importAesKey(key.raw);
  const padded = await decrypt({ key: aes, nonce, additionalData }, sealed.subarray(HEADER_LENGTH + NONCE_LENGTH));
  return unpad(padded, FRAME);
}

function malformed(): ProtocolError {
  return new ProtocolError("malformed", "These are no sealed keys.");
}

function tooLarge(): ProtocolError {
  return new ProtocolError("too_large", "These are more keys than fit.");
}
