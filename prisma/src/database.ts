import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "./generated/client.ts";

export * from "./generated/client.ts";

/**
 * The client on a pool of its own; `$disconnect()` closes it. Connections are made when they are first needed.
 * @param options.poolSize connections at most; 10 unless told
 */
export function createDatabase(options: { databaseUrl: string; poolSize?: number }): PrismaClient {
  const { databaseUrl, poolSize = 10 } = options;
  const adapter = new PrismaPg({
    connectionString: databaseUrl,
    max: poolSize,
    // Without it a database that is gone would hold every request for as long as TCP tries.
    connectionTimeoutMillis: 5_000,
  });
  return new PrismaClient({ adapter, errorFormat: "minimal" });
}
