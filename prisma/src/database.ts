import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient } from "./generated/client.ts";
import { pools } from "./pools.ts";

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
  // An idle connection that breaks has left the pool already; whoever asks next gets another one, or is told.
  pool.on("error", () => {});
  const adapter = new PrismaPg(pool, { disposeExternalPool: true });
  const database = new PrismaClient({ adapter, errorFormat: "minimal" });
  pools.set(database, pool);
  return database;
}

/** How the pool of a client stands: its connections, those of them that are idle, and the queries that wait for one. */
export function poolFigures(database: PrismaClient): { total: number; idle: number; waiting: number } {
  const pool = pools.get(database);
  return { total: pool?.totalCount ?? 0, idle: pool?.idleCount ?? 0, waiting: pool?.waitingCount ?? 0 };
}
