import type { Prisma, PrismaClient } from "@openmates-share/prisma";
import { type Bytes, type ChatId, idBytes, LIMITS, type LinkId } from "@openmates-share/protocol/wire";
import { type AccessRequest, type Gate, hashOf } from "../access/gate.ts";
import type { Revocations } from "../access/revocations.ts";
import { accountBytes } from "../accounts/account-id.ts";
import { chatNotFound, WireFailure } from "../http/failure.ts";

/**
 * Counts who opens a link: only when somebody says so who shows it (R7). A device says it once, with a ticket of its own;
 * with that ticket it may come back, also when the link's limit is reached. The first one to open a named link has it.
 */
export class Views {
  readonly #database: PrismaClient;
  readonly #gate: Gate;
  readonly #revocations: Revocations;
  readonly #now: () => number;

  constructor(options: { database: PrismaClient; gate: Gate; revocations: Revocations; now?: () => number }) {
    this.#database = options.database;
    this.#gate = options.gate;
    this.#revocations = options.revocations;
    this.#now = options.now ?? Date.now;
  }

  /** Doing it again with the same ticket counts nothing. @throws WireFailure `not_found`, also when no view is left; `bad_request` */
  async count(request: AccessRequest): Promise<void> {
    const { chat } = request;
    const link = await this.#gate.requireShown(request);
    const full = await this.#database.$transaction((transaction) =>
      this.#countIn(transaction, { ...request, chat, shown: link }),
    );
    // Nobody else gets in: a public card would invite to nothing.
    if (full) this.#revocations.publish({ type: "preview-changed", chat });
  }

  /** Whether this was the last view. The link's row is locked: of two at once, one is the last. */
  async #countIn(
    transaction: Prisma.TransactionClient,
    { chat, account, link, shown }: AccessRequest & { shown: LinkId },
  ): Promise<boolean> {
    const [chatId, id] = [idBytes(chat), idBytes(shown)];
    const [row] = await transaction.$queryRaw<{ views: number; view_limit: number | null; audience: string }[]>`
      select views, view_limit, audience from links
      where chat_id = ${chatId} and id = ${id} and revoked_at is null for no key update`;
    if (!row) throw chatNotFound();
    const ticket = link?.ticket ?? null;
    if (ticket && (await hasTicket(transaction, { chat, link: shown, ticket }))) return false;
    if (row.view_limit !== null && row.views >= row.view_limit) throw chatNotFound();
    if (row.view_limit !== null && !ticket) {
      throw new WireFailure("bad_request", "This link counts its readers: it takes a bearer with a ticket.");
    }
    const day = new Date(new Date(this.#now()).toISOString().slice(0, 10));
    await transaction.link.updateMany({
      where: { chatId, id },
      data: { views: { increment: 1 }, lastOpenedOn: day },
    });
    if (row.audience === "named" && account) {
      await transaction.link.updateMany({
        where: { chatId, id, accountId: null },
        data: { accountId: accountBytes(account) },
      });
    }
    // Whoever takes a view of those that there are gets in by its ticket: of them none is left out.
    if (ticket && (row.view_limit !== null || row.views < LIMITS.tickets)) {
      await transaction.linkTicket.create({ data: { chatId, linkId: id, ticketHash: hashOf(ticket) } });
    }
    return row.views + 1 === row.view_limit;
  }
}

async function hasTicket(
  transaction: Prisma.TransactionClient,
  { chat, link, ticket }: { chat: ChatId; link: LinkId; ticket: Bytes },
): Promise<boolean> {
  const where = { chatId: idBytes(chat), linkId: idBytes(link), ticketHash: hashOf(ticket) };
  return (await transaction.linkTicket.count({ where })) > 0;
}
