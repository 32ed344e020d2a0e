import { Prisma, type PrismaClient } from "@openmates-share/prisma";
import { ownBytes, type SyncedKeyring } from "@openmates-share/protocol/wire";
import { WireFailure } from "../http/failure.ts";
import { type AccountId, accountBytes } from "./account-id.ts";

/** One sealed keyring for each account, changed only by whoever knows the version that is stored. */
export class SyncedKeyrings {
  readonly #database: PrismaClient;

  constructor(options: { database: PrismaClient }) {
    this.#database = options.database;
  }

  async get(account: AccountId): Promise<SyncedKeyring> {
    const row = await this.#database.syncedKeyring.findUnique({ where: { accountId: accountBytes(account) } });
    return row ? { version: row.version, sealed: ownBytes(row.sealed) } : { version: 0, sealed: null };
  }

  /**
   * Stores what was made from `version`, and returns the version it has now.
   * @throws WireFailure `conflict` when another one is stored meanwhile, `forbidden` for a guest, who has one device only
   */
  async put(account: AccountId, { version, sealed }: { version: number; sealed: Uint8Array }): Promise<number> {
    const accountId = accountBytes(account);
    if ((await this.#database.identity.count({ where: { accountId } })) === 0) {
      throw new WireFailure("forbidden", "Sign in first: a guest's keys stay on the device.");
    }
    const bytes = ownBytes(sealed);
    const stored = await this.#database.$executeRaw(
      version === 0
        ? Prisma.sql`insert into synced_keyrings (account_id, version, sealed) values (${accountId}, 1, ${bytes})
            on conflict (account_id) do nothing`
        : Prisma.sql`update synced_keyrings set version = version + 1, sealed = ${bytes}, updated_at = now()
            where account_id = ${accountId} and version = ${version}`,
    );
    if (stored === 0) throw new WireFailure("conflict", "Another device has changed the synced keys meanwhile.");
    return version + 1;
  }

  async delete(account: AccountId): Promise<void> {
    await this.#database.syncedKeyring.deleteMany({ where: { accountId: accountBytes(account) } });
  }
}
