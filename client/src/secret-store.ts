/**
 * Where a device keeps what must not leave it: session, identity, chat keys. Each app brings its own (IndexedDB wrapped
 * by a non-extractable key, a file only its owner can read, a table sealed by the bot's key).
 */
export interface SecretStore {
  get(name: string): Promise<Uint8Array | null>;
  /** Whole or not at all; resolves when a crash can no longer undo it. */
  set(name: string, value: Uint8Array): Promise<void>;
  delete(name: string): Promise<void>;
  /** Names beginning with `prefix`, in any order. */
  names(prefix: string): Promise<readonly string[]>;
  /**
   * Does the work while nobody else who shares this store works under that name. Left out where a store belongs to one
   * process, and in browsers, whose tabs take turns by `navigator.locks`.
   */
  exclusively?<T>(name: string, work: () => Promise<T>): Promise<T>;
  /**
   * Tells when somebody else who shares this store (another tab) has changed what lies under names with that beginning;
   * returns how to stop. Left out where nobody does, or nobody would hear of it.
   */
  watch?(prefix: string, changed: () => void): () => void;
}
