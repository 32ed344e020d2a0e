import { type Bytes, concat, randomBytes } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import type { StoredIdentity } from "../identity.ts";
import { label } from "../labels.ts";
import { type Frame, pad, SMALLEST, unpad } from "../padding.ts";
import { decrypt, encrypt, hkdf, importAesKey, KEY_LENGTH, NONCE_LENGTH, TAG_LENGTH } from "../primitives.ts";

import { LIMITS } from "../wire/limits.ts";

const VERSION = 1;
const HEADER_LENGTH = 1 + KEY_LENGTH;
const FRAME: Frame = { overhead: 0, smallest: SMALLEST.message };
/** PKCS #8 around 32 bytes of a private key (RFC 8410): X25519. */
const X25519_PKCS8 = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20);
const P = 2n ** 255n - 19n;

const { subtle } = globalThis.crypto;

/**
 * Seals what an owner holds to the one person that an offer names (SPEC H9): their signing key, as a key of the other form
 * of its curve, with a fresh one. @throws ProtocolError `malformed` for a key that is no point, `too_large`
 */
export async function sealBequest(options: { offer: Bytes; to: Bytes; body: Bytes }): Promise<Bytes> {
  const { offer, to, body } = options;
  // TypeScript's DOM types know only CryptoKey | CryptoKeyPair for an algorithm given by name.
  const pair = (await subtle.generateKey("X25519", true, ["deriveBits"])) as CryptoKeyPair;
  const fresh = new Uint8Array(await subtle.exportKey("raw", pair.publicKey));
  const theirs = await importPublic(montgomeryOf(to));
  const key = await keyFrom({ privateKey: pair.privateKey, publicKey: theirs, fresh, offer });
  const nonce = randomBytes(NONCE_LENGTH);
  const header = concat(Uint8Array.of(VERSION), fresh);
  const sealed = await encrypt({ key, nonce, additionalData: placeOf(header, offer) }, pad(body, FRAME));
  const bequest = concat(header, nonce, sealed);
  if (bequest.length > LIMITS.bequest) throw new ProtocolError("too_large", "This is more than can be handed over.");
  return bequest;
}

/** @throws ProtocolError `too_large`, `malformed`, `unsupported_version`, `wrong_key`, `bad_padding` */
export async function openBequest(options: { offer: Bytes; mine: StoredIdentity; sealed: Bytes }): Promise<Bytes> {
  const { offer, mine, sealed } = options;
  if (sealed.length > LIMITS.bequest) throw new ProtocolError("too_large", "This is more than can be handed over.");
  if (sealed.length === 0) throw malformed();
  if (sealed[0] !== VERSION) throw new ProtocolError("unsupported_version", "This was made by a newer version.");
  if (sealed.length < HEADER_LENGTH + NONCE_LENGTH + TAG_LENGTH) throw malformed();
  const header = sealed.slice(0, HEADER_LENGTH);
  const fresh = header.slice(1);
  const publicKey = await importPublic(fresh);
  const key = await keyFrom({ privateKey: await privateOf(mine), publicKey, fresh, offer });
  const nonce = sealed.slice(HEADER_LENGTH, HEADER_LENGTH + NONCE_LENGTH);
  const ciphertext = sealed.subarray(HEADER_LENGTH + NONCE_LENGTH);
  return unpad(await decrypt({ key, nonce, additionalData: placeOf(header, offer) }, ciphertext), FRAME);
}

async function keyFrom(options: {
  privateKey: CryptoKey;
  publicKey: CryptoKey;
  fresh: Bytes;
  offer: Bytes;
}): Promise<CryptoKey> {
  const { privateKey, publicKey, fresh, offer } = options;
  const shared = await deriveShared(privateKey, publicKey);
  const info = concat(label("bequestKey"), fresh, offer);
  return importAesKey(await hkdf({ key: shared, salt: new Uint8Array(0), info, length: KEY_LENGTH }));
}

/** A point of small order gives nothing that is secret. @throws ProtocolError `wrong_key` */
async function deriveShared(privateKey: CryptoKey, publicKey: CryptoKey): Promise<Bytes> {
  try {
    return new Uint8Array(await subtle.deriveBits({ name: "X25519", public: publicKey }, privateKey, 8 * KEY_LENGTH));
  } catch (cause) {
    throw new ProtocolError("wrong_key", "This cannot be decrypted with that key.", { cause });
  }
}

function placeOf(header: Bytes, offer: Bytes): Bytes {
  return concat(label("bequest"), header, offer);
}

function importPublic(u: Bytes): Promise<CryptoKey> {
  return subtle.importKey("raw", u, "X25519", false, []);
}

/** The scalar that Ed25519 signs with (RFC 8032, section 5.1.5), for the other form of the curve. */
async function privateOf({ privateKey }: StoredIdentity): Promise<CryptoKey> {
  const seed = privateKey.slice(-KEY_LENGTH);
  const scalar = new Uint8Array(await subtle.digest("SHA-512", seed)).slice(0, KEY_LENGTH);
  return subtle.importKey("pkcs8", concat(X25519_PKCS8, scalar), "X25519", false, ["deriveBits"]);
}

/** u = (1 + y) / (1 − y) (RFC 7748, section 4.1). @throws ProtocolError `malformed` for y = 1, which has none */
function montgomeryOf(publicKey: Bytes): Bytes {
  const y = [...publicKey].reduceRight(
    (sum, byte, i) => (sum << 8n) | BigInt(i === KEY_LENGTH - 1 ? byte & 0x7f : byte),
    0n,
  );
  const divisor = modulo(1n - y);
  if (divisor === 0n) throw malformed();
  let u = modulo((1n + y) * power(divisor, P - 2n));
  return Uint8Array.from({ length: KEY_LENGTH }, () => {
    const byte = Number(u & 0xffn);
    u >>= 8n;
    return byte;
  });
}

function modulo(value: bigint): bigint {
  return ((value % P) + P) % P;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let [square, left] = [base, exponent]; left > 0n; left >>= 1n, square = modulo(square * square)) {
    if (left & 1n) result = modulo(result * square);
  }
  return result;
}

function malformed(): ProtocolError {
  return new ProtocolError("malformed", "This is nothing that was handed over.");
}
