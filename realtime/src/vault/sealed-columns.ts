import { type Bytes, toBase64url } from "@openmates-share/protocol/wire";
import { identityContext } from "../accounts/sign-in.ts";
import { addressContext } from "../links/list-links.ts";
import type { VaultKeyName } from "./vault.ts";

/** A place in the database where something is kept under the vault's keys. */
export interface SealedColumn {
  readonly table: string;
  /** The columns of its primary key. */
  readonly primaryKey: readonly string[];
  readonly column: string;
  /** What the row's things were sealed with. */
  sealedWith(primaryKey: readonly PrimaryKeyValue[]): { readonly key: VaultKeyName; readonly context: string };
}

export type PrimaryKeyValue = Bytes | string;

/** All of them: what is not here would be lost with the key it was sealed under. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  {
    table: "chats",
    primaryKey: ["id"],
    column: "preview",
    sealedWith: ([id]) => ({ key: "shared-content-metadata", context: idOf(id) }),
  },
  {
    table: "embeds",
    primaryKey: ["id"],
    column: "preview",
    sealedWith: ([id]) => ({ key: "shared-content-metadata", context: idOf(id) }),
  },
  {
    table: "service_keys",
    primaryKey: ["name"],
    column: "sealed",
    sealedWith: ([name]) => ({
      key: name === "mate" ? "service-signing-key" : "account-addresses",
      context: String(name),
    }),
  },
  {
    table: "identities",
    primaryKey: ["id"],
    column: "sealed",
    sealedWith: ([id]) => ({ key: "account-addresses", context: identityContext(bytesOf(id)) }),
  },
  {
    table: "links",
    primaryKey: ["chat_id", "id"],
    column: "address_sealed",
    sealedWith: ([chat, id]) => ({ key: "account-addresses", context: addressContext(bytesOf(chat), bytesOf(id)) }),
  },
];

function idOf(value: PrimaryKeyValue | undefined): string {
  return toBase64url(bytesOf(value));
}

function bytesOf(value: PrimaryKeyValue | undefined): Bytes {
  if (value instanceof Uint8Array) return value;
  throw new TypeError("ids are bytes");
}
