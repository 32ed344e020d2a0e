import type { PrismaClient } from "@openmates-share/prisma";
import { type ChatId, idBytes, LIMITS, type LinkAccess, type SenderId } from "@openmates-share/protocol/wire";
import type { Gate } from "../access/gate.ts";
import { type AccountId, accountBytes } from "../accounts/account-id.ts";
import { WireFailure } from "../http/failure.ts";

export interface JoinRequest {
  readonly chat: ChatId;
  readonly account: AccountId;
  /** Null for the owner and for members who are in already. */
  readonly link: LinkAccess | null;
  readonly sender: SenderId;
}

/** Who writes in a chat besides its owner. */
export class Membership {
  readonly #database: PrismaClient;
  readonly #gate: Gate;

  constructor(options: { database: PrismaClient; gate: Gate }) {
    this.#database = options.database;
    this.#gate = options.gate;
  }

  /**
   * Makes the account a member of the chat, writing as `sender`; doing it again changes nothing. The gate is asked here:
   * only a live collaborative link lets anybody in who is not in.
   * @throws WireFailure `not_found`, `forbidden` (read-only link; another sender than before; somebody else's; full)
   */
  async join(request: JoinRequest): Promise<void> {
    const { chat, account, sender } = request;
    const access = await this.#gate.check(request);
    if (access.role !== "reader") {
      if (access.sender !== sender) throw new WireFailure("forbidden", "You write in this chat as another sender.");
      return;
    }
    if (access.linkMode !== "collaborative" || access.shown === null) {
      throw new WireFailure("forbidden", "This link lets you read, not write.");
    }
    const member = { chat: idBytes(chat), account: accountBytes(account), sender: idBytes(sender) };
    const link = idBytes(access.shown);
    // The chat's row is locked so that two who come at once see each other's senders and the limit.
    const joined = await this.#database.$transaction(async (transaction) => {
      const [owner] = await transaction.$queryRaw<{ owner_sender: Uint8Array; members: number }[]>`
        select owner_sender, (select count(*)::int from members
          where chat_id = chats.id and removed_at is null and account_id <> ${member.account}) as members
        from chats where id = ${member.chat} for no key update`;
      if (!owner || owner.members >= LIMITS.members) return "full";
      const rows = await transaction.$executeRaw`
        insert into members (chat_id, account_id, sender, link_id)
        select ${member.chat}, ${member.account}, ${member.sender}, ${link}
        where ${member.sender}::bytea <> ${owner.owner_sender}::bytea and not exists (
          select from members
          where chat_id = ${member.chat} and sender = ${member.sender} and account_id <> ${member.account})
        on conflict (chat_id, account_id) do update set link_id = excluded.link_id, removed_at = null
        where members.sender = excluded.sender`;
      await transaction.link.updateMany({
        where: { chatId: member.chat, id: link, audience: "named", accountId: null },
        data: { accountId: member.account },
      });
      return rows === 1 ? "in" : "taken";
    });
    if (joined === "full") throw new WireFailure("forbidden", `A chat has ${LIMITS.members} members at most.`);
    if (joined === "taken") throw new WireFailure("forbidden", "You cannot write in this chat as this sender.");
  }
}
