import type { ChatId, LinkAccess } from "@openmates-share/protocol/wire";
import type { PrismaClient } from "@openmates-share/prisma";
import type { AccountId } from "../accounts/account-id.ts";
import type { Access } from "./access.ts";

export declare class Gate {
  constructor(options: { database: PrismaClient; now?: () => number });
  /** @throws WireFailure `not_found`, the one answer of R6 */
  check(request: { chat: ChatId; account: AccountId | null; link: LinkAccess | null }): Promise<Access>;
}
