import type { PrismaClient } from "@openmates-share/prisma";
import type { InstallationStore, InstallStateStore } from "../installations/installation-store.ts";
import { type Installed, packInstalled, unpackInstalled } from "../installations/installed.ts";
import type { BotKey } from "./bot-key.ts";

/** The name that the sealed tokens are bound to, beside the installation's id. */
const NAME = "installation";

export function prismaInstallations({ database, key }: { database: PrismaClient; key: BotKey }): InstallationStore {
  const open = (row: { id: string; sealed: Uint8Array }): Installed =>
    unpackInstalled(key.open({ team: row.id, name: NAME }, row.sealed));
  const rowOf = (installed: Installed) => ({
    sealed: key.seal({ team: installed.id, name: NAME }, packInstalled(installed)),
    expiresAt: installed.expiresAt === null ? null : new Date(installed.expiresAt),
    refreshingUntil: null,
  });
  return {
    async find(id) {
      const row = await database.botInstallation.findUnique({ where: { id } });
      return row && open(row);
    },
    async save(installed) {
      const { id } = installed;
      const row = { ...rowOf(installed), installedAt: new Date() };
      await database.botInstallation.upsert({ where: { id }, create: { id, ...row }, update: row });
    },
    async erase(id) {
      await database.botInstallation.deleteMany({ where: { id } });
    },
    /** One statement: of two nodes, one gets the row. */
    async leaseRefresh(id, milliseconds) {
      const lease = `${milliseconds} milliseconds`;
      const rows = await database.$queryRaw<{ id: string; sealed: Uint8Array }[]>`
        UPDATE bot_installations SET refreshing_until = now() + ${lease}::interval
        WHERE id = ${id} AND (refreshing_until IS NULL OR refreshing_until <= now())
        RETURNING id, sealed`;
      return rows[0] ? open(rows[0]) : null;
    },
    async saveRefreshed(installed) {
      await database.botInstallation.updateMany({ where: { id: installed.id }, data: rowOf(installed) });
    },
    async releaseRefresh(id) {
      await database.botInstallation.updateMany({ where: { id }, data: { refreshingUntil: null } });
    },
  };
}

export function prismaInstallStates(database: PrismaClient): InstallStateStore {
  return {
    async add(hash, milliseconds) {
      await database.botInstallState.create({
        data: { hash: new Uint8Array(hash), expiresAt: new Date(Date.now() + milliseconds) },
      });
      await database.botInstallState.deleteMany({ where: { expiresAt: { lt: new Date() } } });
    },
    async take(hash) {
      const { count } = await database.botInstallState.deleteMany({
        where: { hash: new Uint8Array(hash), expiresAt: { gte: new Date() } },
      });
      return count === 1;
    },
  };
}
