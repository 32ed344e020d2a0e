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

/** Where the keys come from. */
export interface VaultKeySource {
  /** Newest first; at least one. */
  keys(): Promise<readonly VaultKey[]>;
  /** Asked when something is sealed under a key that was not there. */
  reload(): Promise<readonly VaultKey[]>;
}

const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
/** The version in front, unsigned, most significant byte first. */
export const VERSION_LENGTH = 4;

/**
 * Keeps what the server must be able to read but the database must not show. AES-256-GCM:
 * `key version (4 bytes) ‖ nonce (12) ‖ ciphertext ‖ tag (16)`. New things are sealed under the first key, old ones open
 * under the one they name: so keys rotate by putting a new one in front. Asynchronous, as a key service elsewhere would be.
 */
export class Vault {
  readonly #source: VaultKeySource;

  constructor(source: VaultKeySource) {
    this.#source = source;
  }

  /** What new things are sealed under. @throws VaultError `bad_keys` */
  async newest(): Promise<VaultKey> {
    const [newest] = await this.#source.keys();
    if (!newest) throw new VaultError("bad_keys", "The vault needs at least one key.");
    return newest;
  }

  /** @param request.context says what exactly this is, and has to be given again to open it */
  async seal(request: { key: VaultKeyName; context: string; plaintext: Uint8Array }): Promise<Bytes> {
    const { key, context, plaintext } = request;
    const nonce = randomBytes(NONCE_LENGTH);
    const newest = await this.newest();
    const cipher = createCipheriv("aes-256-gcm", derive(newest, key), nonce);
    cipher.setAAD(additionalData(key, context));
    const version = Buffer.alloc(VERSION_LENGTH);
    version.writeUInt32BE(newest.version);
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
    const decipher = createDecipheriv("aes-256-gcm", await this.#keyOf(key, sealed.readUInt32BE(0)), nonce);
    decipher.setAAD(additionalData(key, context));
    decipher.setAuthTag(sealed.subarray(-TAG_LENGTH));
    try {
      const ciphertext = sealed.subarray(VERSION_LENGTH + NONCE_LENGTH, -TAG_LENGTH);
      return ownBytes(Buffer.concat([decipher.update(ciphertext), decipher.final()]));
    } catch (cause) {
      throw new VaultError("cannot_open", "This was altered, or sealed for something else.", { cause });
    }
  }

  async #keyOf(name: VaultKeyName, version: number): Promise<Uint8Array> {
    const isIt = (key: VaultKey) => key.version === version;
    const key = (await this.#source.keys()).find(isIt) ?? (await this.#source.reload()).find(isIt);
    if (key) return derive(key, name);
    throw new VaultError("unknown_version", `The vault has no key of version ${version}. Add it to VAULT_KEY.`);
  }
}

/** Keys that never change. */
export function fixedKeys(keys: readonly VaultKey[]): VaultKeySource {
  return { keys: async () => keys, reload: async () => keys };
}

function derive({ key }: VaultKey, name: VaultKeyName): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", key, new Uint8Array(0), `openmates-share vault v1 ${name}`, 32));
}

function additionalData(name: VaultKeyName, context: string): Buffer {
  return Buffer.from(`${name}\0${context}`);
}
