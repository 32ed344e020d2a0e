import type { ChatId, LinkAccess, SenderId } from "@openmates-share/protocol/wire";
import type { PrismaClient } from "@openmates-share/prisma";
import type { AccountId } from "../accounts/account-id.ts";

export declare class Membership {
  constructor(options: { database: PrismaClient; now?: () => number });
  /**
   * Makes the account a member of the chat, writing as `sender`; doing it again changes nothing. Asks the gate's rules
   * itself: only a live collaborative link lets anybody in. The owner and members who are in already need none.
   * @throws WireFailure `not_found`, `forbidden` (read-only link; another sender than before; somebody else's sender; full)
   */
  join(request: { chat: ChatId; account: AccountId; link: LinkAccess | null; sender: SenderId }): Promise<void>;
}
