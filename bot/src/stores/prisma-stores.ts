import type { ChatId, LinkId, SecretStore } from "@openmates-share/client";
import { createDatabase, type PrismaClient } from "@openmates-share/prisma";
import type { BotKey } from "./bot-key.ts";
import { prismaCards } from "./prisma-cards.ts";
import { prismaEvents } from "./prisma-events.ts";
import { prismaInstallations, prismaInstallStates } from "./prisma-installations.ts";
import { prismaJobs } from "./prisma-jobs.ts";
import { prismaMirrors } from "./prisma-mirrors.ts";
import {
  type Share,
  type ShareStore,
  type Stores,
  UNFURL_PAUSE_MS,
  type UnfurlSpot,
  type UnfurlStore,
} from "./stores.ts";

/** Few commands at a time; the server needs the database's connections more. */
const POOL_SIZE = 4;

/** The bot's own tables: secrets sealed with the bot's key, shares without keys, unfurls by chat id. */
export function prismaStores(options: { databaseUrl: string; key: BotKey }): Stores {
  const database = createDatabase({ databaseUrl: options.databaseUrl, poolSize: POOL_SIZE });
  return {
    shares: shareStore(database),
    unfurls: unfurlStore(database),
    installations: prismaInstallations({ database, key: options.key }),
    installStates: prismaInstallStates(database),
    events: prismaEvents(database),
    cards: prismaCards(database),
    mirrors: prismaMirrors(database),
    jobs: prismaJobs({ database, key: options.key }),
    secrets: (team) => secretStore({ database, team, key: options.key }),
    close: () => database.$disconnect(),
  };
}

function secretStore({ database, team, key }: { database: PrismaClient; team: string; key: BotKey }): SecretStore {
  const at = (name: string) => ({ teamId_name: { teamId: team, name } });
  return {
    async get(name) {
      const row = await database.botSecret.findUnique({ where: at(name) });
      return row && key.open({ team, name }, row.sealed);
    },
    async set(name, value) {
      const sealed = key.seal({ team, name }, value);
      await database.botSecret.upsert({ where: at(name), create: { teamId: team, name, sealed }, update: { sealed } });
    },
    async delete(name) {
      await database.botSecret.deleteMany({ where: { teamId: team, name } });
    },
    async names(prefix) {
      const where = { teamId: team, name: { startsWith: prefix } };
      const rows = await database.botSecret.findMany({ where, select: { name: true } });
      // Prisma hands the prefix to LIKE as it is, so that `%` and `_` in it find too much.
      return rows.map(({ name }) => name).filter((name) => name.startsWith(prefix));
    },
  };
}

function shareStore(database: PrismaClient): ShareStore {
  const newestFirst = { createdAt: "desc" } as const;
  const idsOf = ({ team, chat, link }: Share) => ({ teamId: team, chatId: bytesOf(chat), linkId: bytesOf(link) });
  const live = () => ({ revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] });
  return {
    async add(share) {
      await database.botShare.create({
        data: {
          ...idsOf(share),
          userId: share.user,
          channelId: share.channel,
          threadTs: share.thread,
          lastTs: share.lastTs,
          cardTs: share.cardTs,
          collaborative: share.collaborative,
          withFiles: share.files,
          withReplies: share.replies,
          expiresAt: share.expiresAt === null ? null : new Date(share.expiresAt),
          createdAt: new Date(share.createdAt),
        },
      });
    },
    async ofUser({ team, user, limit }) {
      const where = { teamId: team, userId: user, ...live() };
      return (await database.botShare.findMany({ where, orderBy: newestFirst, take: limit })).map(toShare);
    },
    async ofChat({ team, user, chat }) {
      const where = { teamId: team, userId: user, chatId: bytesOf(chat), ...live() };
      return (await database.botShare.findMany({ where, orderBy: newestFirst })).map(toShare);
    },
    async byChat({ team, chat }) {
      const where = { teamId: team, chatId: bytesOf(chat), ...live() };
      return (await database.botShare.findMany({ where, orderBy: newestFirst })).map(toShare);
    },
    async update(share) {
      const { lastTs, cardTs } = share;
      await database.botShare.updateMany({ where: idsOf(share), data: { lastTs, cardTs } });
    },
    async markRevoked(share) {
      const where = { ...idsOf(share), revokedAt: null };
      await database.botShare.updateMany({ where, data: { revokedAt: new Date() } });
    },
    async moveChannel({ team, from, to }) {
      await database.botShare.updateMany({ where: { teamId: team, channelId: from }, data: { channelId: to } });
    },
  };
}

type ShareRow = Awaited<ReturnType<PrismaClient["botShare"]["findMany"]>>[number];

function toShare(row: ShareRow): Share {
  return {
    team: row.teamId,
    user: row.userId,
    channel: row.channelId,
    thread: row.threadTs,
    // Both were ids when they were stored.
    chat: textOf(row.chatId) as ChatId,
    link: textOf(row.linkId) as LinkId,
    lastTs: row.lastTs,
    cardTs: row.cardTs,
    collaborative: row.collaborative,
    files: row.withFiles,
    replies: row.withReplies,
    expiresAt: row.expiresAt?.getTime() ?? null,
    createdAt: row.createdAt.getTime(),
  };
}

function bytesOf(id: ChatId | LinkId): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(id, "base64url"));
}

function textOf(id: Uint8Array): string {
  return Buffer.from(id).toString("base64url");
}

function unfurlStore(database: PrismaClient): UnfurlStore {
  const idOf = ({ place, subject }: UnfurlSpot) => `${place} ${subject}`;
  return {
    /** One statement: of two deliveries at the same time, on one process or two, one gets the row. */
    async claim(spot) {
      const pause = `${UNFURL_PAUSE_MS} milliseconds`;
      const claimed = await database.$executeRaw`
        INSERT INTO bot_unfurls (team_id, unfurl_id, seen_at) VALUES (${spot.team}, ${idOf(spot)}, now())
        ON CONFLICT (team_id, unfurl_id) DO UPDATE SET seen_at = now()
        WHERE bot_unfurls.seen_at <= now() - ${pause}::interval`;
      // The table is memory for half an hour and nothing else: whoever adds to it sweeps it.
      await database.$executeRaw`DELETE FROM bot_unfurls WHERE seen_at <= now() - ${pause}::interval`;
      return claimed === 1;
    },
    async release(spot) {
      await database.botUnfurl.deleteMany({ where: { teamId: spot.team, unfurlId: idOf(spot) } });
    },
  };
}
