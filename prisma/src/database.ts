import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { Prisma, PrismaClient } from "./generated/client.ts";

export * from "./generated/client.ts";

/**
 * The client on a pool of its own; `$disconnect()` closes it. Connections are made when they are first needed.
 * @param options.poolSize connections at most; 10 unless told
 */
export function createDatabase(options: { databaseUrl: string; poolSize?: number }): PrismaClient {
  const { databaseUrl, poolSize = 10 } = options;
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: poolSize,
    // Without it a database that is gone would hold every request for as long as TCP tries.
    connectionTimeoutMillis: 5_000,
  });
  const adapter = new PrismaPg(pool, { disposeExternalPool: true, statementNameGenerator: statementName });
  const database = new PrismaClient({ adapter, errorFormat: "minimal" });
  pools.set(database, pool);
  return database;
}

/**
 * At the beginning of a raw statement whose text is always the same: PostgreSQL then reads and plans it once for each
 * connection, which takes longer than carrying out a small one.
 */
export const PREPARED = Prisma.raw("/* prepared */");

const names = new Map<string, string>();

/** Empty for all others: their texts may be any number, and each would stay in PostgreSQL's memory. */
function statementName({ sql }: { sql: string }): string {
  if (!sql.trimStart().startsWith(PREPARED.sql)) return "";
  const name = names.get(sql) ?? `prepared_${names.size + 1}`;
  names.set(sql, name);
  return name;
}

const pools = new WeakMap<PrismaClient, pg.Pool>();

/** How the pool of a client stands: its connections, those of them that are idle, and the queries that wait for one. */
export function poolFigures(database: PrismaClient): { total: number; idle: number; waiting: number } {
  const pool = pools.get(database);
  return { total: pool?.totalCount ?? 0, idle: pool?.idleCount ?? 0, waiting: pool?.waitingCount ?? 0 };
}
