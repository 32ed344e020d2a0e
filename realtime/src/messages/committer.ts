import type { PrismaClient } from "@openmates-share/prisma";
import type { ChatId, OutgoingMessage, Receipt, StoredMessage } from "@openmates-share/protocol/wire";
import type { AccountId } from "../accounts/account-id.ts";

/** Who writes: a person, or the mate, which alone may store replies. */
export type Author = { readonly type: "account"; readonly account: AccountId } | { readonly type: "mate" };

export interface AppendRequest {
  readonly chat: ChatId;
  readonly author: Author;
  readonly message: OutgoingMessage;
}

/** Messages of one chat in the order of their numbers. */
export interface CommittedBatch {
  readonly chat: ChatId;
  readonly messages: readonly StoredMessage[];
}

export declare class Committer {
  constructor(options: { database: PrismaClient });
  /**
   * Resolves when the message is committed; for an id that is stored already with the same bytes, with where it stands.
   * @throws WireFailure `bad_request`, `too_large`, `forbidden`, `conflict`, `not_found` (chat deleted), `unavailable`
   */
  append(request: AppendRequest): Promise<Receipt>;
  /**
   * Tells what was committed by this process, synchronously after each commit. A message that was sent again comes again
   * (in a batch of its own), since its first telling may have been lost with a crash; receivers go by the numbers.
   */
  onCommitted(listener: (batches: readonly CommittedBatch[]) => void): () => void;
  /** Finishes what was accepted, then refuses with `unavailable`. */
  stop(): Promise<void>;
}
