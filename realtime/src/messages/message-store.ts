import { Prisma, type PrismaClient, runPrepared } from "@openmates-share/prisma";
import {
  type AmendmentPage,
  type ChatId,
  emptyTranscript,
  HEAD_LENGTH,
  ID_LENGTH,
  idBytes,
  idFromBytes,
  LIMITS,
  type MessageId,
  type MessagePage,
  ownBytes,
  type PagePlace,
  type SenderId,
  type Spine,
  type StoredMessage,
} from "@openmates-share/protocol/wire";

export interface ReadRequest {
  readonly chat: ChatId;
  /** The last number the reader may see. */
  readonly through: number;
}

export type PageRequest = ReadRequest & PagePlace & { readonly limit?: number };

/** A page in one row: making an object of each message's row takes Prisma six times as long. */
interface Packed {
  /** Null for an empty page, as all that follows. */
  readonly seqs: readonly number[] | null;
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
   * Consecutive messages up to `through`, oldest first, bounded by LIMITS.pageMessages and pageBytes (one message always
   * fits): those after a number, before one, or around a number or message, where a message that the reader can't see
   * counts as none. When there is nothing at that place, the page is empty and its `before` is the place at `through`.
   */
  async page(request: PageRequest): Promise<MessagePage> {
    const { chat, through, limit = LIMITS.pageMessages } = request;
    const range = await this.#range(request);
    const count = Math.min(limit, LIMITS.pageMessages);
    const low = Math.max(range.from, range.at - count - 1);
    const high = Math.min(range.to, range.at + count);
    // Lengths are summed first, on what stands in the rows' own pages, nearest to the place first, so that only what
    // fits is read.
    const [page] = await runPrepared<Packed & { before: Uint8Array | null }>(
      this.#database,
      Prisma.sql`
      with sized as (
        select seq, sum(octet_length(envelope)) over nearest as bytes, row_number() over nearest as rank
        from messages
        where chat_id = ${idBytes(chat)}::bytea and seq > ${low}::int and seq <= ${high}::int
        window nearest as (order by abs(seq - ${range.at}::int), seq)
      ), bounds as (
        select coalesce(min(seq) - 1, ${range.from}::int) as low, coalesce(max(seq), ${range.from}::int) as high
        from sized where rank = 1 or (rank <= ${count}::int and bytes <= ${LIMITS.pageBytes}::int)
      )
      select (select head from messages where chat_id = ${idBytes(chat)}::bytea and seq = (select low from bounds)) as before,
             ${PACKED}
      from messages
      where chat_id = ${idBytes(chat)}::bytea and seq > (select low from bounds) and seq <= (select high from bounds)`,
    );
    if (!page) throw new Error("An aggregate always has a row.");
    const messages = [...unpack(page)];
    const seq = (messages[0]?.seq ?? range.from + 1) - 1;
    const before = page.before ? { seq, head: ownBytes(page.before) } : await emptyTranscript(chat);
    return { messages, before, through };
  }

  /** What the heads after number `after` are made of. */
  async spine({ chat, after, through }: ReadRequest & { after: number }): Promise<Spine> {
    const from = Math.min(after, through);
    const to = Math.min(through, from + LIMITS.spineEntries);
    const [spine] = await this.#database.$queryRaw<{ entries: Uint8Array | null }[]>(Prisma.sql`
      select string_agg(id || substring(int2send(kind) from 2) || digest, '' order by seq) as entries
      from messages where chat_id = ${idBytes(chat)}::bytea and seq > ${from}::int and seq <= ${to}::int`);
    return { after: from, entries: ownBytes(spine?.entries ?? new Uint8Array(0)), through };
  }

  /** The amendments after number `after`, oldest first, bounded as a page is. */
  async amendments({ chat, after, through }: ReadRequest & { after: number }): Promise<AmendmentPage> {
    const [page] = await this.#database.$queryRaw<Packed[]>(Prisma.sql`
      with sized as (
        select seq, sum(octet_length(envelope)) over (order by seq) as bytes
        from (
          select seq, envelope from messages
          where chat_id = ${idBytes(chat)}::bytea and kind = 5 and seq > ${after}::int and seq <= ${through}::int
          order by seq limit ${LIMITS.pageMessages}::int
        ) candidates
      )
      select ${PACKED} from messages
      where chat_id = ${idBytes(chat)}::bytea and kind = 5 and seq > ${after}::int and seq <= (
        select coalesce(max(seq) filter (where bytes <= ${LIMITS.pageBytes}::int), min(seq), 0) from sized
      )`);
    return { messages: page ? [...unpack(page)] : [], through };
  }

  /**
   * Messages that somebody reading up to `through` sees as such: without amendments, and without what was erased. There is an
   * index for each of the two, so that nobody counts the messages themselves.
   */
  async count({ chat, through }: ReadRequest): Promise<number> {
    const [row] = await this.#database.$queryRaw<{ others: number }[]>(Prisma.sql`
      select (select count(*) from messages where chat_id = ${idBytes(chat)}::bytea and kind = 5 and seq <= ${through}::int)::int
             + (select count(*) from messages where chat_id = ${idBytes(chat)}::bytea and erased_by <= ${through}::int)::int as others`);
    return through - (row?.others ?? 0);
  }

  /** The numbers that a page may have (over `from`, up to `to`), and the one that it begins from. */
  async #range(request: PageRequest): Promise<{ from: number; to: number; at: number }> {
    const { chat, through } = request;
    if ("after" in request) {
      const from = Math.min(request.after, through);
      return { from, to: through, at: from + 1 };
    }
    if ("before" in request) {
      const to = Math.min(Math.max(request.before - 1, 0), through);
      return { from: 0, to, at: to };
    }
    const { around } = request;
    const seq = typeof around === "number" ? around : (await this.find({ chat, message: around }))?.seq;
    return { from: 0, to: through, at: seq !== undefined && seq >= 1 && seq <= through ? seq : 1 };
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

const PACKED = Prisma.sql`
  array_agg(seq order by seq) as seqs,
  array_agg(octet_length(envelope) order by seq) as lengths,
  array_agg((extract(epoch from stored_at) * 1000)::float8 order by seq) as times,
  string_agg(id || sender || head || envelope, '' order by seq) as packed`;

function* unpack({ seqs, lengths, times, packed }: Packed): Iterable<StoredMessage> {
  if (!seqs || !lengths || !times || !packed) return;
  let at = 0;
  const take = (length: number) => {
    at += length;
    return ownBytes(packed.subarray(at - length, at));
  };
  for (const [index, seq] of seqs.entries()) {
    yield {
      seq,
      id: idFromBytes<MessageId>(take(ID_LENGTH)),
      sender: idFromBytes<SenderId>(take(ID_LENGTH)),
      head: take(HEAD_LENGTH),
      envelope: take(lengths[index] ?? 0),
      storedAt: times[index] ?? 0,
    };
  }
}
