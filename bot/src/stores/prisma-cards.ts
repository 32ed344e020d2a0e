import type { PrismaClient } from "@openmates-share/prisma";
import { CARD_CHECK_MS, CARD_KEPT_MS, type CardSpot, type CardStore, type KeptCard } from "./card-store.ts";

export function prismaCards(database: PrismaClient): CardStore {
  const idOf = ({ team, channel, ts, subject }: CardSpot) => ({ teamId: team, channelId: channel, ts, subject });
  return {
    async keep(card) {
      const id = idOf(card);
      const change = { said: new Uint8Array(card.said), checkedAt: new Date() };
      await database.botCard.upsert({
        where: { teamId_channelId_ts_subject: id },
        create: { ...id, threadTs: card.thread, ...change },
        update: change,
      });
    },
    async of({ team, subject }) {
      return (await database.botCard.findMany({ where: { teamId: team, subject } })).map(toCard);
    },
    /** One statement: of several nodes, each gets others. */
    async due(limit) {
      await database.botCard.deleteMany({ where: { postedAt: { lt: new Date(Date.now() - CARD_KEPT_MS) } } });
      const age = `${CARD_CHECK_MS} milliseconds`;
      const rows = await database.$queryRaw<RawCard[]>`
        UPDATE bot_cards SET checked_at = now() WHERE (team_id, channel_id, ts, subject) IN (
          SELECT team_id, channel_id, ts, subject FROM bot_cards WHERE checked_at <= now() - ${age}::interval
          ORDER BY checked_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
        RETURNING team_id AS "teamId", channel_id AS "channelId", ts, thread_ts AS "threadTs", subject, said`;
      return rows.map(toCard);
    },
    async drop(spot) {
      await database.botCard.deleteMany({ where: idOf(spot) });
    },
    async dropTeam(team) {
      await database.botCard.deleteMany({ where: { teamId: team } });
    },
    async moveChannel({ team, from, to }) {
      await database.botCard.updateMany({ where: { teamId: team, channelId: from }, data: { channelId: to } });
    },
  };
}

interface RawCard {
  readonly teamId: string;
  readonly channelId: string;
  readonly ts: string;
  readonly threadTs: string | null;
  readonly subject: string;
  readonly said: Uint8Array;
}

function toCard({ teamId, channelId, ts, threadTs, subject, said }: RawCard): KeptCard {
  return { team: teamId, channel: channelId, ts, thread: threadTs, subject, said };
}
