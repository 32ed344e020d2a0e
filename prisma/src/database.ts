import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient } from "./generated/client.ts";
import { pools } from "./pools.ts";

export * from "./generated/client.ts";

/**
 * How long one waits for a connection, unless the URL says otherwise: without an end a database that is gone would hold
 * every request for as long as TCP tries. Milliseconds.
 */
const CONNECT_WITHIN = 5_000;

/**
 * The client on a pool of its own; `$disconnect()` closes it. Connections are made when they are first needed.
 * @param options.databaseUrl may say in seconds how long to wait for a connection, as for PostgreSQL's own programs: `connect_timeout`
 * @param options.poolSize connections at most; 10 unless told
 */
export function createDatabase(options: { databaseUrl: string; poolSize?: number }): PrismaClient {
  const { databaseUrl, poolSize = 10 } = options;
  const within = connectWithin(databaseUrl);
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: poolSize,
    connectionTimeoutMillis: within,
  });
  // An idle connection that breaks has left the pool already; whoever asks next gets another one, or is told.
  pool.on("error", () => {});
  const adapter = new PrismaPg(pool, { disposeExternalPool: true });
  // A transaction waits for its connection as long as everything else; Prisma's own two seconds are less than that.
  const transactionOptions = { maxWait: within, timeout: 2 * within };
  const database = new PrismaClient({ adapter, transactionOptions, errorFormat: "minimal" });
  pools.set(database, pool);
  return database;
}

function connectWithin(databaseUrl: string): number {
  const seconds = Number(new URL(databaseUrl).searchParams.get("connect_timeout"));
  return seconds > 0 ? seconds * 1000 : CONNECT_WITHIN;
}

/** How the pool of a client stands: its connections, those of them that are idle, and the queries that wait for one. */
export function poolFigures(database: PrismaClient): { total: number; idle: number; waiting: number } {
  const pool = pools.get(database);
  return { total: pool?.totalCount ?? 0, idle: pool?.idleCount ?? 0, waiting: pool?.waitingCount ?? 0 };
}
