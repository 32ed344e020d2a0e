import { type Bytes, ownBytes } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import { label } from "./labels.ts";
import { sign, verify } from "./primitives.ts";
import { type Identity, senderIdOf } from "./signed.ts";

export type { Identity } from "./signed.ts";
export { senderIdOf } from "./signed.ts";

/** An identity as it is kept on a device or in a file: PKCS #8 and the raw public key. */
export interface StoredIdentity {
  readonly privateKey: Bytes;
  readonly publicKey: Bytes;
}

const { subtle } = globalThis.crypto;

/**
 * Whether this platform has what the protocol needs: WebCrypto (in browsers only over HTTPS or on localhost) with
 * Ed25519 (Chrome 137, Firefox 129, Safari 17, Node 20). To be asked before anything else, for a plain sentence.
 */
export async function supportsProtocol(): Promise<boolean> {
  try {
    return Boolean(await subtle.generateKey("Ed25519", false, ["sign", "verify"]));
  } catch {
    return false;
  }
}

/** A new Ed25519 identity, with the bytes to keep it by. */
export async function createIdentity(): Promise<{ identity: Identity; stored: StoredIdentity }> {
  // TypeScript's DOM types know only CryptoKey | CryptoKeyPair for an algorithm given by name.
  const pair = (await subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const stored = {
    privateKey: new Uint8Array(await subtle.exportKey("pkcs8", pair.privateKey)),
    publicKey: new Uint8Array(await subtle.exportKey("raw", pair.publicKey)),
  };
  return { identity: await loadIdentity(stored), stored };
}

/** @throws ProtocolError `malformed` for bytes that are no such key, or for halves of two different ones. */
export async function loadIdentity(stored: StoredIdentity): Promise<Identity> {
  const privateKey = await importPrivateKey(stored.privateKey);
  const publicKey = new Uint8Array(stored.publicKey);
  const identity = { privateKey, publicKey, sender: await senderIdOf(publicKey) };
  if (!(await isOneKey(identity))) throw notAnIdentity();
  return identity;
}

async function importPrivateKey(pkcs8: Bytes): Promise<CryptoKey> {
  try {
    return await subtle.importKey("pkcs8", ownBytes(pkcs8), "Ed25519", false, ["sign"]);
  } catch (cause) {
    throw notAnIdentity(cause);
  }
}

/** With halves of two keys everything would be signed so that nobody can read it, and nobody would know why. */
async function isOneKey({ privateKey, publicKey }: Identity): Promise<boolean> {
  const data = label("keyPair");
  return verify({ publicKey, signature: await sign(privateKey, data), data });
}

function notAnIdentity(cause?: unknown): ProtocolError {
  return new ProtocolError("malformed", "This is not a stored identity.", { cause });
}
