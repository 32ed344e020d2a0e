import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { type Bytes, ownBytes } from "@openmates-share/protocol/wire";

/** What the vault keeps, each under keys of its own. */
export type VaultKeyName = "shared-content-metadata" | "service-signing-key" | "account-addresses";

export type VaultErrorCode =
  /** `VAULT_KEY` or the key file is not as described. */
  | "bad_keys"
  /** Sealed under a key that this process was not given. */
  | "unknown_version"
  /** Altered, or sealed for another purpose. */
  | "cannot_open";

export class VaultError extends Error {
  override readonly name = "VaultError";
  readonly code: VaultErrorCode;
  readonly retryable = false;

  constructor(code: VaultErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** One generation of the master key, from which the named keys are derived. */
export interface VaultKey {
  readonly version: number;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
const VERSION_LENGTH = 4;

/**
 * Keeps what the server must be able to read but the database must not show. AES-256-GCM:
 * `key version (4 bytes) ‖ nonce (12) ‖ ciphertext ‖ tag (16)`. New things are sealed under the first key, old ones open
 * under the one they name: so keys rotate by putting a new one in front. Asynchronous, as a key service elsewhere would be.
 */
export class Vault {
  readonly #keys: ReadonlyMap<number, Uint8Array>;
  readonly #newest: number;

  /** @param keys newest first; at least one */
  constructor(keys: readonly VaultKey[]) {
    const [newest] = keys;
    if (!newest) throw new VaultError("bad_keys", "The vault needs at least one key.");
    this.#keys = new Map(keys.map(({ version, key }) => [version, key]));
    this.#newest = newest.version;
  }

  /** @param request.context says what exactly this is, and has to be given again to open it */
  async seal(request: { key: VaultKeyName; context: string; plaintext: Uint8Array }): Promise<Bytes> {
    const { key, context, plaintext } = request;
    const nonce = randomBytes(NONCE_LENGTH);
    const cipher = createCipheriv("aes-256-gcm", this.#keyOf(key, this.#newest), nonce);
    cipher.setAAD(additionalData(key, context));
    const version = Buffer.alloc(VERSION_LENGTH);
    version.writeUInt32BE(this.#newest);
    return ownBytes(Buffer.concat([version, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]));
  }

  /** @throws VaultError `unknown_version`, `cannot_open` */
  async open(request: { key: VaultKeyName; context: string; sealed: Uint8Array }): Promise<Bytes> {
    const { key, context } = request;
    const sealed = Buffer.from(request.sealed);
    if (sealed.length < VERSION_LENGTH + NONCE_LENGTH + TAG_LENGTH) {
      throw new VaultError("cannot_open", "This is too short for anything the vault has sealed.");
    }
    const nonce = sealed.subarray(VERSION_LENGTH, VERSION_LENGTH + NONCE_LENGTH);
    const decipher = createDecipheriv("aes-256-gcm", this.#keyOf(key, sealed.readUInt32BE(0)), nonce);
    decipher.setAAD(additionalData(key, context));
    decipher.setAuthTag(sealed.subarray(-TAG_LENGTH));
    try {
      const ciphertext = sealed.subarray(VERSION_LENGTH + NONCE_LENGTH, -TAG_LENGTH);
      return ownBytes(Buffer.concat([decipher.update(ciphertext), decipher.final()]));
    } catch (cause) {
      throw new VaultError("cannot_open", "This was altered, or sealed for something else.", { cause });
    }
  }

  #keyOf(name: VaultKeyName, version: number): Uint8Array {
    const master = this.#keys.get(version);
    if (!master) {
      throw new VaultError("unknown_version", `The vault has no key of version ${version}. Add it to VAULT_KEY.`);
    }
    return new Uint8Array(hkdfSync("sha256", master, new Uint8Array(0), `openmates-share vault v1 ${name}`, 32));
  }
}

function additionalData(name: VaultKeyName, context: string): Buffer {
  return Buffer.from(`${name}\0${context}`);
}
