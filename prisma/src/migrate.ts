import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PrismaPg } from "@prisma/adapter-pg";
import type { SqlDriverAdapter } from "@prisma/driver-adapter-utils";
import type { MigrationList } from "@prisma/schema-engine-wasm";
import { withSchemaEngine } from "./schema-engine.ts";

const MIGRATIONS = fileURLToPath(new URL("../migrations", import.meta.url));

/** Any number that nothing else in this database locks; all processes that migrate take the same. */
const LOCK = 66_736_574;

/**
 * Brings the database to the newest schema and returns the names of the migrations applied, [] when it was there
 * already. Any number of processes may do it at once: one works, the others wait and find it done.
 * @throws the engine's error when a migration fails or the history is not ours
 */
export async function migrate(options: { databaseUrl: string }): Promise<readonly string[]> {
  const { databaseUrl } = options;
  const list = await migrationList();
  // One connection, because an advisory lock belongs to the connection that took it, and ends with it.
  const adapter = await new PrismaPg({ connectionString: databaseUrl, max: 1 }).connect();
  try {
    if (await isCurrent(adapter, list)) return [];
    await query(adapter, `select pg_advisory_lock(${LOCK}) is null as locked`);
    return (await isCurrent(adapter, list)) ? [] : await apply(databaseUrl, list);
  } finally {
    await adapter.dispose();
  }
}

/** The directory's migrations as the engine takes them. */
export async function migrationList(): Promise<MigrationList> {
  const entries = await readdir(MIGRATIONS, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const read = async (name: string) => {
    const value = await readFile(join(MIGRATIONS, name, "migration.sql"), "utf8");
    return { path: name, migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value } } };
  };
  return {
    baseDir: MIGRATIONS,
    lockfile: { path: "migration_lock.toml", content: await readFile(join(MIGRATIONS, "migration_lock.toml"), "utf8") },
    shadowDbInitScript: "",
    migrationDirectories: await Promise.all(names.sort().map(read)),
  };
}

async function apply(databaseUrl: string, list: MigrationList): Promise<readonly string[]> {
  const filters = { externalTables: [], externalEnums: [] };
  const input = { migrationsList: list, filters };
  const { appliedMigrationNames } = await withSchemaEngine({ databaseUrl }, (engine) => engine.applyMigrations(input));
  return appliedMigrationNames;
}

/** Whether every migration stands in the table as finished; saves loading the engine on an ordinary start. */
async function isCurrent(adapter: SqlDriverAdapter, list: MigrationList): Promise<boolean> {
  const [[exists] = []] = await query(adapter, `select to_regclass('_prisma_migrations') is not null as known`);
  if (exists !== true) return false;
  const finished = await query(
    adapter,
    "select migration_name from _prisma_migrations where finished_at is not null and rolled_back_at is null",
  );
  const names = new Set(finished.map(([name]) => name));
  return list.migrationDirectories.every(({ path }) => names.has(path));
}

async function query(adapter: SqlDriverAdapter, sql: string): Promise<readonly (readonly unknown[])[]> {
  return (await adapter.queryRaw({ sql, args: [], argTypes: [] })).rows;
}
