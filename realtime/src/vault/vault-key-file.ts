import { stat } from "node:fs/promises";
import type { VaultKey, VaultKeySource } from "./vault.ts";

/** How long a key file is taken to be as it was, in milliseconds: so soon does every node seal under a new key. */
export const KEY_FILE_PAUSE = 5_000;

/** The keys of a file that an operator may change while the server runs: looked at again when it has changed. */
export class VaultKeyFile implements VaultKeySource {
  readonly #path: string;
  readonly #read: () => Promise<readonly VaultKey[]>;
  #keys: readonly VaultKey[];
  #changedAt: number | null = null;
  #lookedAt = 0;

  private constructor(options: { path: string; read: () => Promise<readonly VaultKey[]>; keys: readonly VaultKey[] }) {
    this.#path = options.path;
    this.#read = options.read;
    this.#keys = options.keys;
  }

  /** @throws VaultError `bad_keys`, and what the file system says */
  static async open(options: { path: string; read: () => Promise<readonly VaultKey[]> }): Promise<VaultKeyFile> {
    const file = new VaultKeyFile({ ...options, keys: await options.read() });
    file.#changedAt = await changeOf(options.path);
    file.#lookedAt = Date.now();
    return file;
  }

  async keys(): Promise<readonly VaultKey[]> {
    return Date.now() - this.#lookedAt < KEY_FILE_PAUSE ? this.#keys : this.reload();
  }

  /** A file that is away or damaged for the moment changes nothing: the keys that are known still hold. */
  async reload(): Promise<readonly VaultKey[]> {
    this.#lookedAt = Date.now();
    const changedAt = await changeOf(this.#path);
    if (changedAt === null || changedAt === this.#changedAt) return this.#keys;
    const keys = await this.#read().catch(() => null);
    if (keys === null) return this.#keys;
    this.#changedAt = changedAt;
    this.#keys = keys;
    return keys;
  }
}

async function changeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
}
