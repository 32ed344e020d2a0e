import { type Bytes, ownBytes } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import { type Identity, senderIdOf } from "./signed.ts";

export type { Identity } from "./signed.ts";
export { senderIdOf } from "./signed.ts";

/** An identity as it is kept on a device or in a file: PKCS #8 and the raw public key. */
export interface StoredIdentity {
  readonly privateKey: Bytes;
  readonly publicKey: Bytes;
}

const { subtle } = globalThis.crypto;

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

/** @throws ProtocolError `malformed` for bytes that are no such key. */
export async function loadIdentity(stored: StoredIdentity): Promise<Identity> {
  try {
    const privateKey = await subtle.importKey("pkcs8", ownBytes(stored.privateKey), "Ed25519", false, ["sign"]);
    const publicKey = ownBytes(stored.publicKey);
    return { privateKey, publicKey, sender: await senderIdOf(publicKey) };
  } catch (cause) {
    throw new ProtocolError("malformed", "This is not a stored identity.", { cause });
  }
}
