import type { ChatId, MessageId } from "@openmates-share/client";
import type { PrismaClient } from "@openmates-share/prisma";
import type { Mirror, Mirrored, MirrorPlace, MirrorStore } from "../mirror/mirror.ts";

export function prismaMirrors(database: PrismaClient): MirrorStore {
  const idOf = ({ team, channel, thread }: MirrorPlace) => ({ teamId: team, channelId: channel, threadTs: thread });
  return {
    async add(mirror) {
      const row = { ...idOf(mirror), chatId: bytesOf(mirror.chat), userId: mirror.user };
      const { count } = await database.botMirror.createMany({ data: [row], skipDuplicates: true });
      return count === 1;
    },
    async find(place) {
      const row = await database.botMirror.findUnique({ where: { teamId_channelId_threadTs: idOf(place) } });
      return row && toMirror(row);
    },
    async remove(place) {
      await database.botMirror.deleteMany({ where: idOf(place) });
    },
    async removeTeam(team) {
      await database.botMirror.deleteMany({ where: { teamId: team } });
    },
    /** One statement: of several nodes, each gets others. */
    async lease(node, milliseconds) {
      const until = `${milliseconds} milliseconds`;
      const rows = await database.$queryRaw<MirrorRow[]>`
        UPDATE bot_mirrors SET node = ${node}, leased_until = now() + ${until}::interval
        WHERE (team_id, channel_id, thread_ts) IN (
          SELECT team_id, channel_id, thread_ts FROM bot_mirrors WHERE node = ${node} OR leased_until <= now()
          FOR UPDATE SKIP LOCKED)
        RETURNING team_id AS "teamId", channel_id AS "channelId", thread_ts AS "threadTs", chat_id AS "chatId",
          user_id AS "userId"`;
      return rows.map(toMirror);
    },
    async release(node) {
      await database.botMirror.updateMany({ where: { node }, data: { node: null, leasedUntil: new Date(0) } });
    },
    async poke(place) {
      const { count } = await database.botMirror.updateMany({ where: idOf(place), data: { pokedAt: new Date() } });
      return count === 1;
    },
    async pokedAt(place) {
      const row = await database.botMirror.findUnique({ where: { teamId_channelId_threadTs: idOf(place) } });
      return row?.pokedAt.getTime() ?? null;
    },
    async threadOf({ team, channel, ts }) {
      const row = await database.botMirrored.findFirst({ where: { teamId: team, channelId: channel, ts } });
      return row?.threadTs ?? null;
    },
    async entries(place) {
      const rows = await database.botMirrored.findMany({ where: idOf(place) });
      return rows.map(({ messageId, ts, fromSlack, said }) => ({
        message: textOf(messageId) as MessageId, // An id when it was stored.
        ts,
        fromSlack,
        said,
      }));
    },
    async keep(place, { message, ts, fromSlack, said }: Mirrored) {
      const id = { ...idOf(place), messageId: bytesOf(message) };
      const data = { ts, fromSlack, said: new Uint8Array(said) };
      await database.botMirrored.upsert({
        where: { teamId_channelId_threadTs_messageId: id },
        create: { ...id, ...data },
        update: data,
      });
    },
    async drop(place, message) {
      await database.botMirrored.deleteMany({ where: { ...idOf(place), messageId: bytesOf(message) } });
    },
  };
}

interface MirrorRow {
  readonly teamId: string;
  readonly channelId: string;
  readonly threadTs: string;
  readonly chatId: Uint8Array;
  readonly userId: string;
}

function toMirror({ teamId, channelId, threadTs, chatId, userId }: MirrorRow): Mirror {
  // An id when it was stored.
  return { team: teamId, channel: channelId, thread: threadTs, chat: textOf(chatId) as ChatId, user: userId };
}

function bytesOf(id: ChatId | MessageId): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(id, "base64url"));
}

function textOf(id: Uint8Array): string {
  return Buffer.from(id).toString("base64url");
}
