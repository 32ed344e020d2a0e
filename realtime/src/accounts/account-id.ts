import { type Bytes, fromBase64url, toBase64url } from "@openmates-share/protocol/wire";

/** Names an account inside the server; it is never sent to anybody. 16 bytes, as text base64url. */
export type AccountId = string & { readonly idOf: "account" };

export function accountIdOf(bytes: Uint8Array): AccountId {
  return toBase64url(bytes) as AccountId;
}

export function accountBytes(account: AccountId): Bytes {
  const bytes = fromBase64url(account);
  if (bytes?.length !== 16) throw new TypeError("An account id is 16 bytes long.");
  return bytes;
}
