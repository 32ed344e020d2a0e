import { Prisma, type PrismaClient } from "@openmates-share/prisma";
import {
  type ChatId,
  emptyTranscript,
  idBytes,
  idFromBytes,
  LIMITS,
  type MessageId,
  type MessagePage,
  ownBytes,
  type SenderId,
  type StoredMessage,
} from "@openmates-share/protocol/wire";

export interface PageRequest {
  readonly chat: ChatId;
  /** The last number the reader has; 0 for none. */
  readonly after: number;
  /** The last number the reader may see. */
  readonly through: number;
  readonly limit?: number;
}

interface Row {
  readonly seq: number;
  readonly id: Uint8Array;
  readonly sender: Uint8Array;
  readonly envelope: Uint8Array | null;
  readonly head: Uint8Array;
  readonly stored_at: Date;
}

/** Reads stored messages, by number: the same cost at the start and at the end of a chat of any length. */
export class MessageStore {
  readonly #database: PrismaClient;

  constructor(options: { database: PrismaClient }) {
    this.#database = options.database;
  }

  /**
   * The messages after number `after`, up to `through`, oldest first, bounded by LIMITS.pageMessages and pageBytes (one
   * message always fits). When `after` is beyond `through`, the page is empty and its `before` is the place at `through`.
   */
  async page({ chat, after, through, limit = LIMITS.pageMessages }: PageRequest): Promise<MessagePage> {
    const from = Math.min(after, through);
    const count = Math.min(limit, LIMITS.pageMessages);
    // The row at `from` itself brings the head in front of the page. Lengths are summed first, on the rows' headers, so
    // that only what fits is read.
    const rows = await this.#database.$queryRaw<Row[]>(Prisma.sql`
      with page as (
        select seq, sum(octet_length(envelope)) over (order by seq) as bytes
        from (
          select seq, envelope from messages
          where chat_id = ${idBytes(chat)}::bytea and seq > ${from}::int and seq <= ${through}::int
          order by seq limit ${count}::int
        ) candidates
      )
      select seq, id, sender, head, stored_at, case when seq > ${from}::int then envelope end as envelope
      from messages
      where chat_id = ${idBytes(chat)}::bytea and seq >= ${from}::int and seq <= (
        select coalesce(max(seq) filter (where bytes <= ${LIMITS.pageBytes}::int), min(seq), ${from}::int) from page
      )
      order by seq`);
    const before = rows[0]?.seq === from ? { seq: from, head: ownBytes(rows[0].head) } : await emptyTranscript(chat);
    const messages = rows.flatMap((row) => (row.envelope === null ? [] : [storedMessage(row, row.envelope)]));
    return { messages, before, through };
  }

  /** Where a message stands and who wrote it; null when the chat has none of that id. */
  async find(request: { chat: ChatId; message: MessageId }): Promise<{ seq: number; sender: SenderId } | null> {
    const row = await this.#database.message.findUnique({
      where: { chatId_id: { chatId: idBytes(request.chat), id: idBytes(request.message) } },
      select: { seq: true, sender: true },
    });
    return row && { seq: row.seq, sender: idFromBytes<SenderId>(row.sender) };
  }
}

function storedMessage(row: Row, envelope: Uint8Array): StoredMessage {
  return {
    id: idFromBytes<MessageId>(row.id),
    sender: idFromBytes<SenderId>(row.sender),
    envelope: ownBytes(envelope),
    seq: row.seq,
    head: ownBytes(row.head),
    storedAt: row.stored_at.getTime(),
  };
}
