import { type DBSchema, type IDBPDatabase, openDB } from "idb";

export interface Sealed {
  readonly nonce: Uint8Array<ArrayBuffer>;
  readonly ciphertext: Uint8Array<ArrayBuffer>;
}

interface Schema extends DBSchema {
  /** Under `device`: the AES-GCM key that never leaves the browser. */
  keys: { key: string; value: CryptoKey };
  secrets: { key: string; value: Sealed };
}

export type Database = IDBPDatabase<Schema>;

/** Opens this origin's database. Rejects where the browser lets pages store nothing. */
export async function openDatabase(name = "openmates-share"): Promise<Database> {
  const database = await openDB<Schema>(name, 1, {
    upgrade(created) {
      created.createObjectStore("keys");
      created.createObjectStore("secrets");
    },
    // Another tab brings a newer version: letting go here is what lets it go on.
    blocking: () => database.close(),
  });
  return database;
}
