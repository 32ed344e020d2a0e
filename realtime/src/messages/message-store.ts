import { Prisma, type PrismaClient } from "@openmates-share/prisma";
import {
  type ChatId,
  emptyTranscript,
  ID_LENGTH,
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

/** A page in one row: making an object of each message's row takes Prisma six times as long. */
interface Packed {
  /** Head at the number in front of the page; null in front of the first message. */
  readonly before: Uint8Array | null;
  /** Null for an empty page, as all that follows. */
  readonly first: number | null;
  readonly lengths: readonly number[] | null;
  /** Milliseconds since 1970. */
  readonly times: readonly number[] | null;
  /** id (16), sender (16), head (32) and envelope of each. */
  readonly packed: Uint8Array | null;
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
    // Lengths are summed first, on what stands in the rows' own pages, so that only what fits is read.
    const [page] = await this.#database.$queryRaw<Packed[]>(Prisma.sql`
      with sized as (
        select seq, sum(octet_length(envelope)) over (order by seq) as bytes
        from (
          select seq, envelope from messages
          where chat_id = ${idBytes(chat)}::bytea and seq > ${from}::int and seq <= ${through}::int
          order by seq limit ${count}::int
        ) candidates
      )
      select (select head from messages where chat_id = ${idBytes(chat)}::bytea and seq = ${from}::int) as before,
             min(seq) as first,
             array_agg(octet_length(envelope) order by seq) as lengths,
             array_agg((extract(epoch from stored_at) * 1000)::float8 order by seq) as times,
             string_agg(id || sender || head || envelope, '' order by seq) as packed
      from messages
      where chat_id = ${idBytes(chat)}::bytea and seq > ${from}::int and seq <= (
        select coalesce(max(seq) filter (where bytes <= ${LIMITS.pageBytes}::int), min(seq), ${from}::int) from sized
      )`);
    if (!page) throw new Error("An aggregate always has a row.");
    const before = page.before ? { seq: from, head: ownBytes(page.before) } : await emptyTranscript(chat);
    return { messages: [...unpack(page)], before, through };
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

function* unpack({ first, lengths, times, packed }: Packed): Iterable<StoredMessage> {
  if (first === null || !lengths || !times || !packed) return;
  let at = 0;
  const take = (length: number) => {
    at += length;
    return ownBytes(packed.subarray(at - length, at));
  };
  for (const [index, length] of lengths.entries()) {
    yield {
      seq: first + index,
      id: idFromBytes<MessageId>(take(ID_LENGTH)),
      sender: idFromBytes<SenderId>(take(ID_LENGTH)),
      head: take(HEAD_LENGTH),
      envelope: take(length),
      storedAt: times[index] ?? 0,
    };
  }
}

const HEAD_LENGTH = 32;
