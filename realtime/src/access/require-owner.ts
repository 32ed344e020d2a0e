import { equalBytes } from "@openmates-share/protocol/wire";
import { type AccountId, accountBytes } from "../accounts/account-id.ts";
import { WireFailure } from "../http/failure.ts";
import type { Access } from "./access.ts";

/** @throws WireFailure `forbidden`: whoever may read learns that the chat is there, and that it is not theirs. */
export function requireOwner(access: Access): void {
  if (!access.mayManage) throw notTheOwner();
}

/**
 * The same once the chat's row is locked: it may have been handed over since the gate was asked, and a seal or a key of the
 * old owner's must not come behind that. @throws WireFailure `forbidden`
 */
export function requireStillOwner(owner: Uint8Array, account: AccountId | null): void {
  if (account === null || !equalBytes(owner, accountBytes(account))) throw notTheOwner();
}

function notTheOwner(): WireFailure {
  return new WireFailure("forbidden", "Only the owner of this chat may do that.");
}
