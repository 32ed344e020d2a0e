import { Prisma, type PrismaClient } from "@openmates-share/prisma";
import { type Bytes, type EmbedId, idBytes, KIND, type MessageId } from "@openmates-share/protocol/wire";
import type { AccessRequest, Gate } from "../access/gate.ts";
import type { Revocations } from "../access/revocations.ts";
import { type AccountId, accountBytes } from "../accounts/account-id.ts";
import { chatNotFound, WireFailure } from "../http/failure.ts";

/**
 * Takes the ciphertext of messages away that somebody took back. A tombstone stays (SPEC T9), and with it the history's
 * heads. The server can't read the redaction; readers check that it says so (SPEC T10). Nor can it read which embeds stood
 * in the message and in no other, so whoever takes it back names them (SPEC F13).
 */
export class Erasures {
  readonly #database: PrismaClient;
  readonly #gate: Gate;
  readonly #revocations: Revocations;

  constructor(options: { database: PrismaClient; gate: Gate; revocations: Revocations }) {
    this.#database = options.database;
    this.#gate = options.gate;
    this.#revocations = options.revocations;
  }

  /**
   * At once, or as soon as the amendment is in the shared part when the message is. Doing it again is no error. Of the
   * embeds named only those of this person's go, or all of this chat's when this is its owner.
   * @throws WireFailure `not_found`; `forbidden` when the amendment is not of this person's, or the message is another's
   * and this is not the owner
   */
  async erase(
    request: AccessRequest & { message: MessageId; amendment: MessageId; embeds: readonly EmbedId[] },
  ): Promise<void> {
    const { chat, message, amendment, account } = request;
    const { role, sender } = await this.#gate.check(request);
    if (sender === null) throw notYours();
    const id = idBytes(chat);
    const count = await this.#database.$transaction(async (database) => {
      // An update of the shared part waits, so that it sees this or this sees it.
      const [row] = await database.$queryRaw<{ shared: number }[]>(Prisma.sql`
        select shared_through as shared from chats where id = ${id}::bytea for no key update`);
      if (!row) throw chatNotFound();
      const marked = await database.$executeRaw(Prisma.sql`
        update messages target set erased_by = coalesce(target.erased_by, amendment.seq)
        from messages amendment
        where target.chat_id = ${id}::bytea and target.id = ${idBytes(message)}::bytea
          and amendment.chat_id = target.chat_id and amendment.id = ${idBytes(amendment)}::bytea
          and amendment.kind = ${KIND.amendment}::int and amendment.sender = ${idBytes(sender)}::bytea
          and amendment.seq > target.seq
          and target.kind in (${KIND.content}::int, ${KIND.reply}::int)
          and (target.kind = ${KIND.content}::int and target.sender = amendment.sender or ${role === "owner"}::boolean)`);
      await database.$executeRaw(Prisma.sql`
        update messages set envelope = ${TOMBSTONE}
        where chat_id = ${id}::bytea and id = ${idBytes(message)}::bytea
          and (erased_by <= ${row.shared}::int or (erased_by is not null and seq > ${row.shared}::int))`);
      if (marked > 0 && request.embeds.length > 0 && account !== null) {
        const of = { chat: id, message: idBytes(message), shared: row.shared };
        await eraseEmbeds(database, { ...of, embeds: request.embeds.map(idBytes), account, isOwner: role === "owner" });
      }
      return marked;
    });
    if (count === 0) throw notYours();
    for (const embed of request.embeds) this.#revocations.publish({ type: "embed-changed", embed });
  }
}

/** Marks them with what took the message away, and erases what may go by now. */
async function eraseEmbeds(
  database: Prisma.TransactionClient,
  erasure: {
    chat: Bytes;
    message: Bytes;
    shared: number;
    embeds: readonly Bytes[];
    account: AccountId;
    isOwner: boolean;
  },
): Promise<void> {
  const { chat, message, shared, embeds, account, isOwner } = erasure;
  const theirs = Prisma.sql`
    embed.chat_id = ${chat}::bytea and embed.id = any(${embeds}::bytea[])
    and (embed.owner_account = ${accountBytes(account)}::bytea or ${isOwner}::boolean)`;
  await database.$executeRaw(Prisma.sql`
    update embeds embed set erased_by = target.erased_by from messages target
    where ${theirs} and target.chat_id = embed.chat_id and target.id = ${message}::bytea`);
  await database.$executeRaw(Prisma.sql`
    delete from embeds embed using messages target
    where ${theirs} and target.chat_id = embed.chat_id and target.id = ${message}::bytea
      and (embed.erased_by <= ${shared}::int or target.seq > ${shared}::int)`);
}

/**
 * What becomes of erased messages, and of the embeds that went with them, when the shared part moves up to a number, in the same transaction.
 * @throws WireFailure `conflict` when a reader would meet a tombstone without the word on it
 */
export async function eraseShared(
  database: Prisma.TransactionClient,
  { id, through }: { id: Bytes; through: number },
): Promise<void> {
  const [row] = await database.$queryRaw<{ cut: boolean }[]>(Prisma.sql`
    select exists(
      select from messages
      where chat_id = ${id}::bytea and erased_by > ${through}::int and seq <= ${through}::int
        and get_byte(envelope, 0) = 0
    ) as cut`);
  if (row?.cut) {
    throw new WireFailure("conflict", "A message was deleted meanwhile. Please update the shared chat again.");
  }
  await database.$executeRaw(Prisma.sql`
    update messages set envelope = ${TOMBSTONE}
    where chat_id = ${id}::bytea and erased_by <= ${through}::int and get_byte(envelope, 0) <> 0`);
  await database.$executeRaw(Prisma.sql`
    delete from embeds where chat_id = ${id}::bytea and erased_by <= ${through}::int`);
}

/** What stays of a message (SPEC T9). */
const TOMBSTONE = Prisma.sql`'\\x00'::bytea || substring(int2send(kind) from 2) || digest`;

function notYours(): WireFailure {
  return new WireFailure("forbidden", "This message is not yours to erase, or nothing says that you took it back.");
}
