import { randomBytes } from "node:crypto";
import { createDatabase, migrate, type PrismaClient } from "@openmates-share/prisma";
import { inject } from "vitest";

/** A migrated database of a test file's own. */
export interface TestDatabase {
  readonly databaseUrl: string;
  readonly database: PrismaClient;
  /** Drops it. */
  stop(): Promise<void>;
}

export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject("postgresUrl");
  const name = `test_${randomBytes(8).toString("hex")}`;
  const admin = createDatabase({ databaseUrl: `${server}/postgres`, poolSize: 1 });
  await admin.$executeRawUnsafe(`create database ${name}`);
  const databaseUrl = `${server}/${name}`;
  await migrate({ databaseUrl });
  const database = createDatabase({ databaseUrl, poolSize: 5 });
  return {
    databaseUrl,
    database,
    async stop() {
      await database.$disconnect();
      await admin.$executeRawUnsafe(`drop database if exists ${name} with (force)`);
      await admin.$disconnect();
    },
  };
}

declare module "vitest" {
  export interface ProvidedContext {
    /** Without a database's name at the end. */
    postgresUrl: string;
  }
}
