import { Prisma, type PrismaClient, runPrepared } from "@openmates-share/prisma";
import {
  type ChatId,
  idBytes,
  idFromBytes,
  LIMITS,
  ownBytes,
  type ReadMark,
  type SenderId,
} from "@openmates-share/protocol/wire";

/** How far people have read, as the database keeps it. */
export class ReadMarks {
  readonly #database: PrismaClient;

  constructor({ database }: { database: PrismaClient }) {
    this.#database = database;
  }

  /** Of those who are in the chat now, `mine` first and then the furthest: as many as one is told of. */
  async of(chat: ChatId, mine: SenderId | null): Promise<readonly ReadMark[]> {
    const chatId = idBytes(chat);
    const first = mine ? idBytes(mine) : NOBODY;
    const rows = await runPrepared<{ sender: Uint8Array; seq: number }>(
      this.#database,
      Prisma.sql`
      select mark.sender, mark.seq from read_marks mark
      where mark.chat_id = ${chatId} and (
        exists (select from members member
          where member.chat_id = mark.chat_id and member.sender = mark.sender and member.removed_at is null)
        or exists (select from chats chat where chat.id = mark.chat_id and chat.owner_sender = mark.sender))
      order by mark.sender = ${first}::bytea desc, mark.seq desc
      limit ${LIMITS.readMarks}`,
    );
    return rows.map(({ sender, seq }) => ({ sender: idFromBytes<SenderId>(sender), seq }));
  }

  /** Marks only grow: a smaller one changes nothing. One statement, in the order of the keys, for any number of chats. */
  async keep(marks: readonly (ReadMark & { readonly chat: ChatId })[]): Promise<void> {
    const pack = (id: (mark: (typeof marks)[number]) => ChatId | SenderId) =>
      ownBytes(Buffer.concat(marks.map((mark) => idBytes(id(mark)))));
    await this.#database.$executeRaw(Prisma.sql`
      with mark as (
        select substring(${pack(({ chat }) => chat)}::bytea from (16 * i - 15)::int for 16) as chat_id,
               substring(${pack(({ sender }) => sender)}::bytea from (16 * i - 15)::int for 16) as sender,
               seq
        from unnest(${marks.map(({ seq }) => seq)}::int[]) with ordinality as row(seq, i))
      insert into read_marks (chat_id, sender, seq)
      select chat_id, sender, seq from mark
      where exists (select from chats where chats.id = mark.chat_id)
      order by chat_id, sender
      on conflict (chat_id, sender) do update set seq = excluded.seq where read_marks.seq < excluded.seq`);
  }
}

/** An id that nobody has. */
const NOBODY = new Uint8Array(16);
