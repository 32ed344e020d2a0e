import { randomBytes } from "node:crypto";
import { createDatabase, migrate, type PrismaClient } from "@openmates-share/prisma";
import { inject } from "vitest";

/** A migrated database of a test file's own. */
export interface TestDatabase {
  readonly databaseUrl: string;
  readonly database: PrismaClient;
  /** Every row of every table as text, as an operator could read it. */
  dump(): Promise<string>;
  /** Drops it. */
  stop(): Promise<void>;
}

export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject("postgresUrl");
  const name = `bot_${randomBytes(8).toString("hex")}`;
  const admin = createDatabase({ databaseUrl: `${server}/postgres`, poolSize: 1 });
  await admin.$executeRawUnsafe(`create database ${name}`);
  const databaseUrl = `${server}/${name}`;
  await migrate({ databaseUrl });
  const database = createDatabase({ databaseUrl, poolSize: 2 });
  return {
    databaseUrl,
    database,
    dump: () => dump(database),
    async stop() {
      await database.$disconnect();
      await admin.$executeRawUnsafe(`drop database if exists ${name} with (force)`);
      await admin.$disconnect();
    },
  };
}

/** Bytes stand in it as hex, as PostgreSQL writes them, and once more as text. */
async function dump(database: PrismaClient): Promise<string> {
  const tables = await database.$queryRaw<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'public' order by 1`;
  const rows = await Promise.all(
    tables.map(({ name }) => database.$queryRawUnsafe<{ row: string }[]>(`select t::text as row from "${name}" t`)),
  );
  const text = rows
    .flat()
    .map(({ row }) => row)
    .join("\n");
  const bytes = [...text.matchAll(/\\x([0-9a-f]+)/gu)].map(([, hex = ""]) =>
    Buffer.from(hex, "hex").toString("latin1"),
  );
  return [text, ...bytes].join("\n");
}

declare module "vitest" {
  export interface ProvidedContext {
    /** Without a database's name at the end. */
    postgresUrl: string;
  }
}
