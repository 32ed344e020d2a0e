import type { Bytes } from "@openmates-share/protocol/wire";

export type VaultKeyName = "shared-content-metadata" | "service-signing-key";

export declare class Vault {
  /** AES-256-GCM under the newest version of the named key; `context` says what it is for and must be given again. */
  seal(request: { key: VaultKeyName; context: string; plaintext: Uint8Array }): Promise<Bytes>;
  /** @throws VaultError `unknown_version` or `cannot_open` */
  open(request: { key: VaultKeyName; context: string; sealed: Uint8Array }): Promise<Bytes>;
}
