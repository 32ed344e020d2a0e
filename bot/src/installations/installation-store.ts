import type { Installed } from "./installed.ts";

/** Where installations are kept, for all nodes. */
export interface InstallationStore {
  find(id: string): Promise<Installed | null>;
  /** Adds it, or takes the place of the one before. */
  save(installed: Installed): Promise<void>;
  erase(id: string): Promise<void>;
  /**
   * Makes the caller the only one who may refresh this installation's token, for so many milliseconds; null when somebody
   * else is at it.
   */
  leaseRefresh(id: string, milliseconds: number): Promise<Installed | null>;
  /** Keeps the fresh tokens and gives the lease back; nothing happens where the app was removed meanwhile. */
  saveRefreshed(installed: Installed): Promise<void>;
  releaseRefresh(id: string): Promise<void>;
}

/** What an installer's browser carries to Slack and back. */
export interface InstallStateStore {
  /** @param hash of the state; the state itself is kept nowhere */
  add(hash: Uint8Array, milliseconds: number): Promise<void>;
  /** True once. */
  take(hash: Uint8Array): Promise<boolean>;
}
