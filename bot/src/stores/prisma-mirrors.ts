import type { ChatId, MessageId } from "@openmates-share/client";
import { Prisma, type PrismaClient } from "@openmates-share/prisma";
import * as v from "valibot";
import {
  type HeldPlace,
  type Mirror,
  type Mirrored,
  type MirroredFile,
  type MirrorPlace,
  type MirrorStore,
  notHeld,
  type PauseReason,
} from "../mirror/mirror.ts";

/** In the place of a message's time stamp. */
const ALL = "*";

export function prismaMirrors(database: PrismaClient): MirrorStore {
  const at = (place: MirrorPlace) => ({ teamId_channelId_threadTs: idOf(place) });
  return {
    ...leases(database),
    ...entries(database),
    async add(mirror) {
      const row = { ...idOf(mirror), chatId: bytesOf(mirror.chat), userId: mirror.user };
      const { count } = await database.botMirror.createMany({ data: [row], skipDuplicates: true });
      return count === 1;
    },
    async find(place) {
      const row = await database.botMirror.findUnique({ where: at(place) });
      return row && toMirror(row);
    },
    async remove(place) {
      return (await database.botMirror.deleteMany({ where: idOf(place) })).count === 1;
    },
    async removeTeam(team) {
      const rows = await database.$queryRaw<MirrorRow[]>`
        DELETE FROM bot_mirrors WHERE team_id = ${team}
        RETURNING team_id AS "teamId", channel_id AS "channelId", thread_ts AS "threadTs", chat_id AS "chatId",
          user_id AS "userId"`;
      return rows.map(toMirror);
    },
    async ofChannel({ team, channel }) {
      return (await database.botMirror.findMany({ where: { teamId: team, channelId: channel } })).map(toMirror);
    },
    /** What hangs on a mirror moves with it. */
    async moveChannel({ team, from, to }) {
      await database.botMirror.updateMany({ where: { teamId: team, channelId: from }, data: { channelId: to } });
    },
    async ofChat({ team, chat }) {
      return (await database.botMirror.findMany({ where: { teamId: team, chatId: bytesOf(chat) } })).map(toMirror);
    },
    async touch({ team, channel, thread }, ts) {
      const noted = await database.$executeRaw`
        INSERT INTO bot_touched (team_id, channel_id, thread_ts, ts)
        SELECT team_id, channel_id, thread_ts, ${ts} FROM bot_mirrors
        WHERE team_id = ${team} AND channel_id = ${channel} AND thread_ts = ${thread}`;
      return noted === 1;
    },
    async touched(place) {
      const rows = await database.botTouched.findMany({ where: idOf(place), orderBy: { id: "asc" } });
      const stamps = new Set(rows.map(({ ts }) => ts));
      return { all: stamps.delete(ALL), stamps: [...stamps], through: rows.at(-1)?.id ?? 0n };
    },
    async settle(place, through) {
      await database.botTouched.deleteMany({ where: { ...idOf(place), id: { lte: through } } });
    },
    async missed({ team, channel = null }) {
      await database.$executeRaw`
        INSERT INTO bot_touched (team_id, channel_id, thread_ts, ts)
        SELECT team_id, channel_id, thread_ts, ${ALL} FROM bot_mirrors
        WHERE team_id = ${team} AND (${channel}::text IS NULL OR channel_id = ${channel})`;
    },
    async progress(place) {
      const row = await database.botMirror.findUnique({ where: at(place) });
      return {
        chatThrough: row?.chatThrough ?? 0,
        slackThrough: row?.slackThrough ?? null,
        paused: (row?.paused ?? null) as PauseReason | null, // One when it was stored.
        ceded: row?.ceded ?? false,
      };
    },
    async advance(place, progress) {
      const { count } = await database.botMirror.updateMany({
        where: { ...idOf(place), node: place.node },
        data: progress,
      });
      if (count === 0) throw notHeld();
    },
  };
}

function leases(database: PrismaClient): Pick<MirrorStore, "lease" | "hold" | "release"> {
  return {
    /** One statement: of several nodes, each gets others. */
    async lease(node, milliseconds) {
      const until = `${milliseconds} milliseconds`;
      const rows = await database.$queryRaw<(MirrorRow & { touched: boolean })[]>`
        UPDATE bot_mirrors AS mirror SET node = ${node}, leased_until = now() + ${until}::interval
        WHERE (team_id, channel_id, thread_ts) IN (
          SELECT team_id, channel_id, thread_ts FROM bot_mirrors WHERE node = ${node} OR leased_until <= now()
          FOR UPDATE SKIP LOCKED)
        RETURNING team_id AS "teamId", channel_id AS "channelId", thread_ts AS "threadTs", chat_id AS "chatId",
          user_id AS "userId", EXISTS (
            SELECT 1 FROM bot_touched AS t WHERE t.team_id = mirror.team_id AND t.channel_id = mirror.channel_id
              AND t.thread_ts = mirror.thread_ts) AS touched`;
      return rows.map((row) => ({ ...toMirror(row), touched: row.touched }));
    },
    async hold({ team, channel, thread }, node, milliseconds) {
      const until = `${milliseconds} milliseconds`;
      const held = await database.$executeRaw`
        UPDATE bot_mirrors SET leased_until = now() + ${until}::interval
        WHERE team_id = ${team} AND channel_id = ${channel} AND thread_ts = ${thread} AND node = ${node}`;
      return held === 1;
    },
    async release(node) {
      await database.botMirror.updateMany({ where: { node }, data: { node: null, leasedUntil: new Date(0) } });
    },
  };
}

type EntryStore = Pick<
  MirrorStore,
  "threadOf" | "withFile" | "entry" | "entryAt" | "entries" | "unfinished" | "note" | "keep" | "drop"
>;

function entries(database: PrismaClient): EntryStore {
  const rowOf = (place: MirrorPlace, message: MessageId) => {
    const id = { ...idOf(place), messageId: bytesOf(message) };
    return database.botMirrored.findUnique({ where: { teamId_channelId_threadTs_messageId: id } });
  };
  return {
    async threadOf({ team, channel, ts }) {
      const row = await database.botMirrored.findFirst({ where: { teamId: team, channelId: channel, ts } });
      return row?.threadTs ?? null;
    },
    async withFile({ team, file }) {
      const has = JSON.stringify([{ file }]);
      return database.$queryRaw<(MirrorPlace & { ts: string })[]>`
        SELECT team_id AS team, channel_id AS channel, thread_ts AS thread, ts FROM bot_mirrored
        WHERE files @> ${has}::jsonb AND team_id = ${team} AND ts IS NOT NULL`;
    },
    async entry(place, message) {
      const row = await rowOf(place, message);
      return row && toMirrored(row);
    },
    async entryAt(place, ts) {
      const row = await database.botMirrored.findFirst({ where: { ...idOf(place), ts } });
      return row && toMirrored(row);
    },
    async entries(place) {
      return (await database.botMirrored.findMany({ where: idOf(place) })).map(toMirrored);
    },
    async unfinished(place) {
      const where = { ...idOf(place), OR: [{ ts: null }, { filesLeft: { gt: 0 } }] };
      return (await database.botMirrored.findMany({ where })).map(toMirrored);
    },
    async note(place, entry) {
      await put(database, { place, entry, known: Prisma.sql`NOTHING` });
      const row = await rowOf(place, entry.message);
      if (!row) throw notHeld();
      return toMirrored(row);
    },
    async keep(place, entry) {
      const known = Prisma.sql`UPDATE SET ts = EXCLUDED.ts, from_slack = EXCLUDED.from_slack, said = EXCLUDED.said,
        files_left = EXCLUDED.files_left, upload = EXCLUDED.upload, files = EXCLUDED.files`;
      if ((await put(database, { place, entry, known })) === 0) throw notHeld();
    },
    async drop(place, message) {
      const where = { ...idOf(place), messageId: bytesOf(message), mirror: { node: place.node } };
      const { count } = await database.botMirrored.deleteMany({ where });
      if (count === 0 && (await rowOf(place, message))) throw notHeld();
    },
  };
}

/** One statement, which finds the mirror in the hands of the node that writes, or writes nothing; returns how many it wrote. */
function put(
  database: PrismaClient,
  { place, entry, known }: { place: HeldPlace; entry: Mirrored; known: Prisma.Sql },
): Promise<number> {
  const { team, channel, thread, node } = place;
  const { message, ts, fromSlack, said, filesLeft, upload, files } = entry;
  return database.$executeRaw`
    INSERT INTO bot_mirrored
      (team_id, channel_id, thread_ts, message_id, ts, from_slack, said, files_left, upload, files)
    SELECT team_id, channel_id, thread_ts, ${bytesOf(message)}, ${ts}, ${fromSlack}, ${new Uint8Array(said)},
      ${filesLeft}, ${upload}, ${JSON.stringify(files)}::jsonb
    FROM bot_mirrors WHERE team_id = ${team} AND channel_id = ${channel} AND thread_ts = ${thread} AND node = ${node}
    FOR SHARE
    ON CONFLICT (team_id, channel_id, thread_ts, message_id) DO ${known}`;
}

interface MirrorRow {
  readonly teamId: string;
  readonly channelId: string;
  readonly threadTs: string;
  readonly chatId: Uint8Array;
  readonly userId: string;
}

function idOf({ team, channel, thread }: MirrorPlace) {
  return { teamId: team, channelId: channel, threadTs: thread };
}

function toMirror({ teamId, channelId, threadTs, chatId, userId }: MirrorRow): Mirror {
  // An id when it was stored.
  return { team: teamId, channel: channelId, thread: threadTs, chat: textOf(chatId) as ChatId, user: userId };
}

type MirroredRow = Omit<Mirrored, "message" | "files"> & { readonly messageId: Uint8Array; readonly files: unknown };

const filesSchema = v.array(v.object({ file: v.string(), embed: v.string() }));

function toMirrored(row: MirroredRow): Mirrored {
  const { messageId, ts, fromSlack, said, filesLeft, upload } = row;
  const files = v.parse(filesSchema, row.files) as MirroredFile[]; // Ids when they were stored, as the message's.
  return { message: textOf(messageId) as MessageId, ts, fromSlack, said, filesLeft, upload, files };
}

function bytesOf(id: ChatId | MessageId): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(id, "base64url"));
}

function textOf(id: Uint8Array): string {
  return Buffer.from(id).toString("base64url");
}
