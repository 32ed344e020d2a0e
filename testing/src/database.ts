import { randomBytes } from "node:crypto";
import { createDatabase, type PrismaClient } from "@openmates-share/prisma";
import { inject } from "vitest";
import type {} from "./postgres.ts";
import { asAdmin } from "./template.ts";

/** A migrated database of a test's own. */
export interface TestDatabase {
  readonly databaseUrl: string;
  readonly database: PrismaClient;
  /** Everything in it as an operator could read it, bytes as they are: for looking for what must not be there. */
  dump(): Promise<Buffer>;
  /** Drops it, whoever is still connected. May be called twice. */
  stop(): Promise<void>;
}

export async function createTestDatabase(): Promise<TestDatabase> {
  const postgresUrl = inject("postgresUrl");
  const name = `test_${randomBytes(8).toString("hex")}`;
  // Who waits for a connection gives up: on a busy machine, later than where people wait for an answer.
  const databaseUrl = `${postgresUrl}/${name}?connect_timeout=60`;
  await asAdmin(postgresUrl, `create database ${name} template ${inject("templateDatabase")}`);
  const database = createDatabase({ databaseUrl, poolSize: 5 });
  return {
    databaseUrl,
    database,
    dump: () => dump(database),
    async stop() {
      await database.$disconnect();
      await asAdmin(postgresUrl, `drop database if exists ${name} with (force)`);
    },
  };
}

/** Every row as PostgreSQL writes it, and what it writes as hexadecimal once more as bytes. */
async function dump(database: PrismaClient): Promise<Buffer> {
  const tables = await database.$queryRaw<{ name: string }[]>`
    select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1`;
  const pieces: Buffer[] = [];
  for (const { name } of tables) {
    const rows = await database.$queryRawUnsafe<{ row: string }[]>(`select t::text as row from ${name} t`);
    for (const { row } of rows) {
      pieces.push(Buffer.from(`${row}\n`));
      for (const [, hex = ""] of row.matchAll(/\\x([0-9a-f]+)/g)) pieces.push(Buffer.from(hex, "hex"));
    }
  }
  return Buffer.concat(pieces);
}
