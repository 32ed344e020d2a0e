import type { ChatId, OutgoingMessage } from "@openmates-share/protocol/wire";
import type { AccountId } from "../accounts/account-id.ts";

/** Who writes: a person, or the mate, which alone may store replies. */
export type Author = { readonly type: "account"; readonly account: AccountId } | { readonly type: "mate" };

export interface AppendRequest {
  readonly chat: ChatId;
  readonly author: Author;
  readonly message: OutgoingMessage;
}
