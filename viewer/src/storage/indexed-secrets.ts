import type { SecretStore } from "@openmates-share/client";
import type { Database, Sealed } from "./database.ts";

const DEVICE_KEY = "device";
const NONCE_LENGTH = 12;

/**
 * Secrets in IndexedDB, each sealed by an AES-GCM key that the browser keeps and does not hand out: a copy of the
 * profile's files, or a script that reads the database, gets ciphertext. A secret's name is bound to it.
 */
export class IndexedSecrets implements SecretStore {
  readonly #database: Database;
  #key: Promise<CryptoKey> | null = null;
  #channel: BroadcastChannel | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  async get(name: string): Promise<Uint8Array | null> {
    const sealed = await this.#database.get("secrets", name);
    if (!sealed) return null;
    const key = await this.#deviceKey();
    const opened = await crypto.subtle.decrypt(parameters(name, sealed.nonce), key, sealed.ciphertext);
    return new Uint8Array(opened);
  }

  async set(name: string, value: Uint8Array): Promise<void> {
    const key = await this.#deviceKey();
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_LENGTH));
    const ciphertext = await crypto.subtle.encrypt(parameters(name, nonce), key, new Uint8Array(value));
    await this.#write((secrets) => secrets.put({ nonce, ciphertext: new Uint8Array(ciphertext) }, name));
    this.#tell(name);
  }

  async delete(name: string): Promise<void> {
    await this.#write((secrets) => secrets.delete(name));
    this.#tell(name);
  }

  async names(prefix: string): Promise<readonly string[]> {
    // U+FFFF sorts behind everything that a name may go on with.
    return this.#database.getAllKeys("secrets", IDBKeyRange.bound(prefix, `${prefix}\uffff`));
  }

  /** One transaction for one change; `strict` waits for the disk, not for the cache. */
  async #write(change: (secrets: SecretsStore) => Promise<unknown>): Promise<void> {
    const transaction = this.#database.transaction("secrets", "readwrite", { durability: "strict" });
    await Promise.all([change(transaction.store), transaction.done]);
  }

  /** Tells of changes by other tabs. */
  watch(prefix: string, changed: () => void): () => void {
    const channel = this.#openChannel();
    const hear = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === "string" && data.startsWith(prefix)) changed();
    };
    channel.addEventListener("message", hear);
    return () => channel.removeEventListener("message", hear);
  }

  /** Names alone: every page of this origin could listen. */
  #tell(name: string): void {
    this.#openChannel().postMessage(name);
  }

  /** One for speaking and hearing, so that nobody hears themselves. */
  #openChannel(): BroadcastChannel {
    this.#channel ??= new BroadcastChannel(`${this.#database.name} changes`);
    return this.#channel;
  }

  #deviceKey(): Promise<CryptoKey> {
    this.#key ??= this.#loadOrCreateKey().catch((error: unknown) => {
      this.#key = null;
      throw error;
    });
    return this.#key;
  }

  async #loadOrCreateKey(): Promise<CryptoKey> {
    const found = await this.#database.get("keys", DEVICE_KEY);
    if (found) return found;
    // Two tabs that start together must not each seal under a key of their own.
    return navigator.locks.request(`${this.#database.name} device key`, async () => {
      const meanwhile = await this.#database.get("keys", DEVICE_KEY);
      return meanwhile ?? this.#createKey();
    });
  }

  async #createKey(): Promise<CryptoKey> {
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const transaction = this.#database.transaction("keys", "readwrite", { durability: "strict" });
    await Promise.all([transaction.store.add(key, DEVICE_KEY), transaction.done]);
    return key;
  }
}

interface SecretsStore {
  put(value: Sealed, name: string): Promise<unknown>;
  delete(name: string): Promise<unknown>;
}

function parameters(name: string, iv: Uint8Array<ArrayBuffer>): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(name) };
}
