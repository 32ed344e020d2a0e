import { type Bytes, ownBytes, toBase64url } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";

/** The few WebCrypto calls that everything is made of. Nothing here is exported from the package. */

export const NONCE_LENGTH = 12;
export const TAG_LENGTH = 16;
export const KEY_LENGTH = 32;
export const SIGNATURE_LENGTH = 64;

const subtle = globalThis.crypto.subtle;

export async function sha256(...parts: readonly Uint8Array[]): Promise<Bytes> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const input = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    input.set(part, offset);
    offset += part.length;
  }
  return new Uint8Array(await subtle.digest("SHA-256", input));
}

/** HKDF-SHA-256 (RFC 5869). */
export async function hkdf(options: { key: Bytes; salt: Bytes; info: Bytes; length: number }): Promise<Bytes> {
  const key = await subtle.importKey("raw", options.key, "HKDF", false, ["deriveBits"]);
  const parameters = { name: "HKDF", hash: "SHA-256", salt: options.salt, info: options.info };
  return new Uint8Array(await subtle.deriveBits(parameters, key, options.length * 8));
}

export async function pbkdf2(options: { password: Bytes; salt: Bytes; iterations: number }): Promise<Bytes> {
  const key = await subtle.importKey("raw", options.password, "PBKDF2", false, ["deriveBits"]);
  const parameters = { name: "PBKDF2", hash: "SHA-256", salt: options.salt, iterations: options.iterations };
  return new Uint8Array(await subtle.deriveBits(parameters, key, KEY_LENGTH * 8));
}

export async function importAesKey(raw: Bytes): Promise<CryptoKey> {
  return subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

interface AeadOptions {
  key: CryptoKey;
  nonce: Bytes;
  additionalData: Bytes;
}

/** AES-256-GCM; the 16-byte tag ends the result. */
export async function encrypt({ key, nonce, additionalData }: AeadOptions, plaintext: Bytes): Promise<Bytes> {
  return new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData }, key, plaintext));
}

/** @throws ProtocolError `wrong_key`, whatever the reason: GCM cannot tell a wrong key from altered bytes. */
export async function decrypt({ key, nonce, additionalData }: AeadOptions, sealed: Uint8Array): Promise<Bytes> {
  try {
    const parameters = { name: "AES-GCM", iv: nonce, additionalData };
    return new Uint8Array(await subtle.decrypt(parameters, key, ownBytes(sealed)));
  } catch (cause) {
    throw new ProtocolError("wrong_key", "This cannot be decrypted with that key.", { cause });
  }
}

export async function sign(privateKey: CryptoKey, data: Bytes): Promise<Bytes> {
  return new Uint8Array(await subtle.sign("Ed25519", privateKey, data));
}

/** Keys that were imported: a chat's few writers sign all of its messages. More than a chat may have members. */
const KEYS_KEPT = 1_024;
const verifyingKeys = new Map<string, Promise<CryptoKey>>();

function verifyingKey(publicKey: Bytes): Promise<CryptoKey> {
  const name = toBase64url(publicKey);
  const key = verifyingKeys.get(name) ?? subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
  if (verifyingKeys.size >= KEYS_KEPT) verifyingKeys.clear();
  verifyingKeys.set(name, key);
  return key;
}

export async function verify(options: { publicKey: Bytes; signature: Bytes; data: Bytes }): Promise<boolean> {
  try {
    const key = await verifyingKey(options.publicKey);
    return await subtle.verify("Ed25519", key, options.signature, options.data);
  } catch (error) {
    // Telling people that a message was forged because their browser is old would be a false alarm.
    if (error instanceof DOMException && error.name === "NotSupportedError") throw error;
    // An import fails for bytes that are no point of the curve: then nothing was signed with it.
    return false;
  }
}
