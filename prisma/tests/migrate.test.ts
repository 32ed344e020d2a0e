import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createDatabase, type PrismaClient } from "../src/index.ts";
import { migrate } from "../src/migrate.ts";
import { withSchemaEngine } from "../src/schema-engine.ts";

const SCHEMA = fileURLToPath(new URL("../schema.prisma", import.meta.url));

const MIGRATIONS = (await readdir(new URL("../migrations", import.meta.url))).filter((name) => /^\d/.test(name)).sort();

let admin: PrismaClient;
let made = 0;

beforeAll(() => {
  admin = createDatabase({ databaseUrl: `${inject("postgresUrl")}/postgres`, poolSize: 1 });
});
afterAll(() => admin.$disconnect());

async function emptyDatabase(): Promise<string> {
  const name = `migrate_${process.pid}_${++made}`;
  await admin.$executeRawUnsafe(`create database ${name}`);
  return `${inject("postgresUrl")}/${name}`;
}

describe("migrate", () => {
  test("brings an empty database to what schema.prisma says", async () => {
    const databaseUrl = await emptyDatabase();
    await migrate({ databaseUrl });
    const schema = await readFile(SCHEMA, "utf8");
    const file = { path: "schema.prisma", content: schema };
    const diff = await withSchemaEngine({ databaseUrl, schema: ["schema.prisma", schema] }, (engine) =>
      engine.diff({
        from: { tag: "schemaDatasource", files: [file], configDir: "." },
        to: { tag: "schemaDatamodel", files: [file] },
        script: true,
        exitCode: true,
        filters: { externalTables: [], externalEnums: [] },
      }),
    );
    expect(diff.stdout).toContain("This is an empty migration.");
    expect(diff.exitCode).toBe(0);
  });

  test("changes nothing the second time", async () => {
    const databaseUrl = await emptyDatabase();
    expect(await migrate({ databaseUrl })).toEqual(MIGRATIONS);
    expect(await migrate({ databaseUrl })).toEqual([]);
  });

  test("lets many processes start at once", async () => {
    const databaseUrl = await emptyDatabase();
    const applied = await Promise.all(Array.from({ length: 4 }, () => migrate({ databaseUrl })));
    expect(applied.flat()).toEqual(MIGRATIONS);
  });

  test("refuses a database that a broken migration was left in", async () => {
    const databaseUrl = await emptyDatabase();
    await migrate({ databaseUrl });
    const database = createDatabase({ databaseUrl, poolSize: 1 });
    await database.$executeRawUnsafe("update _prisma_migrations set finished_at = null");
    await database.$disconnect();
    await expect(migrate({ databaseUrl })).rejects.toThrow(/failed/);
  });
});
