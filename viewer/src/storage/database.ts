export interface Sealed {
  readonly nonce: Uint8Array<ArrayBuffer>;
  readonly ciphertext: Uint8Array<ArrayBuffer>;
}

/** What lies in each store, under a name. */
interface Stored {
  /** Under `device`: the AES-GCM key that never leaves the browser. */
  keys: CryptoKey;
  secrets: Sealed;
}

/** This origin's IndexedDB, as promises. */
export class Database {
  readonly #inner: IDBDatabase;

  constructor(inner: IDBDatabase) {
    this.#inner = inner;
    // Another tab brings a newer version: letting go here is what lets it go on.
    inner.onversionchange = () => inner.close();
  }

  get name(): string {
    return this.#inner.name;
  }

  get<Store extends keyof Stored>(store: Store, name: string): Promise<Stored[Store] | undefined> {
    return settled<Stored[Store] | undefined>(this.#read(store).get(name));
  }

  /** Names within a range, sorted. */
  names(store: keyof Stored, range: IDBKeyRange): Promise<string[]> {
    // Only strings are ever put under.
    return settled(this.#read(store).getAllKeys(range)) as Promise<string[]>;
  }

  /** Replaces what was there. */
  put<Store extends keyof Stored>(store: Store, name: string, value: Stored[Store]): Promise<void> {
    return this.#write(store, (open) => open.put(value, name));
  }

  /** Rejects when something is there. */
  add<Store extends keyof Stored>(store: Store, name: string, value: Stored[Store]): Promise<void> {
    return this.#write(store, (open) => open.add(value, name));
  }

  delete(store: keyof Stored, name: string): Promise<void> {
    return this.#write(store, (open) => open.delete(name));
  }

  close(): void {
    this.#inner.close();
  }

  #read(store: keyof Stored): IDBObjectStore {
    return this.#inner.transaction(store).objectStore(store);
  }

  /** One transaction for one change; `strict` waits for the disk, not for the cache. */
  async #write(store: keyof Stored, change: (open: IDBObjectStore) => IDBRequest): Promise<void> {
    const transaction = this.#inner.transaction(store, "readwrite", { durability: "strict" });
    change(transaction.objectStore(store));
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
  }
}

/** Opens this origin's database. Rejects where the browser lets pages store nothing. */
export async function openDatabase(name = "openmates-share"): Promise<Database> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    for (const store of ["keys", "secrets"] satisfies (keyof Stored)[]) request.result.createObjectStore(store);
  };
  return new Database(await settled(request));
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
