import { randomBytes } from "node:crypto";
import { createDatabase, migrate } from "@openmates-share/prisma";

/** A migrated database that is never connected to again: PostgreSQL copies it faster than it could be migrated. */
export interface Template {
  readonly name: string;
  stop(): Promise<void>;
}

export async function createTemplate(postgresUrl: string): Promise<Template> {
  const name = `template_${randomBytes(8).toString("hex")}`;
  await asAdmin(postgresUrl, `create database ${name}`);
  await migrate({ databaseUrl: `${postgresUrl}/${name}` });
  return { name, stop: () => asAdmin(postgresUrl, `drop database if exists ${name} with (force)`) };
}

export async function asAdmin(postgresUrl: string, statement: string): Promise<void> {
  const admin = createDatabase({ databaseUrl: `${postgresUrl}/postgres?connect_timeout=60`, poolSize: 1 });
  try {
    await admin.$executeRawUnsafe(statement);
  } finally {
    await admin.$disconnect();
  }
}
