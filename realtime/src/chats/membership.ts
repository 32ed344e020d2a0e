import { Prisma, type PrismaClient, runPrepared } from "@openmates-share/prisma";
import {
  type ChatId,
  idBytes,
  LIMITS,
  type LinkAccess,
  type LinkId,
  type SenderId,
} from "@openmates-share/protocol/wire";
import type { Access } from "../access/access.ts";
import type { AccessRequest, Gate } from "../access/gate.ts";
import type { Revocations } from "../access/revocations.ts";
import { type AccountId, accountBytes } from "../accounts/account-id.ts";
import { OneRoundTrip } from "../database/one-round-trip.ts";
import { packedIds } from "../database/packed-ids.ts";
import { WireFailure } from "../http/failure.ts";
import { NO_OFFER } from "./successions.ts";

export interface JoinRequest {
  readonly chat: ChatId;
  readonly account: AccountId;
  /** Null for the owner and for members who are in already. */
  readonly link: LinkAccess | null;
  readonly sender: SenderId;
  /** What the gate has said about this very request. */
  readonly access?: Access;
}

type Joining = Pick<JoinRequest, "chat" | "account" | "sender"> & { readonly link: LinkId };
type Outcome = "in" | "full" | "taken";

/** Who writes in a chat besides its owner. */
export class Membership {
  readonly #database: PrismaClient;
  readonly #gate: Gate;
  readonly #revocations: Revocations;
  readonly #joins = new OneRoundTrip((joins: readonly Joining[]) => this.#join(joins));

  constructor(options: { database: PrismaClient; gate: Gate; revocations: Revocations }) {
    this.#database = options.database;
    this.#gate = options.gate;
    this.#revocations = options.revocations;
  }

  /**
   * Makes the account a member of the chat, writing as `sender`, which it has proved to be (SPEC T92); doing it again
   * changes nothing. The gate is asked here, unless it has just answered: only a live collaborative link lets anybody in
   * who is not in. Returns whether anything changed.
   * @throws WireFailure `not_found`, `forbidden` (read-only link; another sender than before; somebody else's; full)
   */
  async join(request: JoinRequest): Promise<boolean> {
    const { chat, account, sender } = request;
    const access = request.access ?? (await this.#gate.check(request));
    if (access.role !== "reader") {
      if (access.sender !== sender) throw new WireFailure("forbidden", "You write in this chat as another sender.");
      return false;
    }
    if (access.linkMode !== "collaborative" || access.shown === null) {
      throw new WireFailure("forbidden", "This link lets you read, not write.");
    }
    const joined = await this.#joins.ask({ chat, account, sender, link: access.shown });
    if (joined === "full") throw new WireFailure("forbidden", `A chat has ${LIMITS.members} members at most.`);
    if (joined === "taken") throw new WireFailure("forbidden", "You cannot write in this chat as this sender.");
    return true;
  }

  /**
   * Ends one's own membership, on every server at once. Nobody put this person out: by a link that goes on they may come
   * back. @throws WireFailure `not_found`, `forbidden` (the owner, who can hand the chat over or delete it; readers)
   */
  async leave(request: AccessRequest): Promise<void> {
    const { chat, account } = request;
    const { role, sender } = await this.#gate.check(request);
    if (role !== "member" || sender === null || account === null) {
      throw new WireFailure("forbidden", "Only members can leave a chat. An owner can hand it over, or delete it.");
    }
    const chatId = idBytes(chat);
    const gone = { sender: idBytes(sender), removedAt: null };
    await this.#database.$transaction([
      this.#database.member.deleteMany({ where: { chatId, accountId: accountBytes(account), ...gone } }),
      this.#database.chat.updateMany({ where: { id: chatId, offeredTo: gone.sender }, data: NO_OFFER }),
    ]);
    this.#revocations.publish({ type: "member-removed", chat, sender });
    this.#revocations.publish({ type: "chat-changed", chat });
  }

  async #join(joins: readonly Joining[]): Promise<readonly Outcome[]> {
    const pack = (id: (join: Joining) => string) => packedIds(joins.map(id));
    const [row] = await runPrepared<{ joined: readonly Outcome[] }>(
      this.#database,
      Prisma.sql`
      select join_chats(${pack(({ chat }) => chat)}, ${pack(({ account }) => account)}, ${pack(({ sender }) => sender)},
        ${pack(({ link }) => link)}, ${LIMITS.members}) as joined`,
    );
    return row?.joined ?? [];
  }
}
