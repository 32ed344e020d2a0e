import { Prisma, type PrismaClient } from "@openmates-share/prisma";
import { ownBytes } from "@openmates-share/protocol/wire";
import { type PrimaryKeyValue, SEALED_COLUMNS, type SealedColumn } from "./sealed-columns.ts";
import { type Vault, VERSION_LENGTH } from "./vault.ts";

/** Rows read and sealed again at a time: a stop in the middle loses no more than these. */
const BATCH = 100;

/** How many things are sealed under each version of the key, over the whole database. */
export async function countVersions(database: PrismaClient): Promise<ReadonlyMap<number, number>> {
  const counts = new Map<number, number>();
  for (const { table, column } of SEALED_COLUMNS) {
    const rows = await database.$queryRaw<{ version: Uint8Array; count: bigint }[]>`
      select substring(${name(column)} from 1 for ${VERSION_LENGTH}::int) as version, count(*) as count
      from ${name(table)} where ${name(column)} is not null group by 1`;
    for (const { version, count } of rows) {
      const number = Buffer.from(version).readUInt32BE(0);
      counts.set(number, (counts.get(number) ?? 0) + Number(count));
    }
  }
  return counts;
}

/**
 * Seals everything that is under an older key again under the newest one, while the server runs. Each row says itself which
 * key it is under, so a run that was stopped goes on where it was. Returns how many rows were sealed again.
 * @throws VaultError for a row that does not open; those before it are done
 */
export async function resealAll(options: {
  database: PrismaClient;
  vault: Vault;
  onProgress?: (resealed: number) => void;
}): Promise<number> {
  let resealed = 0;
  for (const column of SEALED_COLUMNS) {
    for await (const batch of staleRows(options, column)) {
      for (const row of batch) if (await resealRow(options, { column, ...row })) resealed++;
      options.onProgress?.(resealed);
    }
  }
  return resealed;
}

interface Row {
  readonly primaryKey: readonly PrimaryKeyValue[];
  readonly sealed: Uint8Array;
}

async function* staleRows(
  { database, vault }: { database: PrismaClient; vault: Vault },
  { table, primaryKey, column }: SealedColumn,
): AsyncGenerator<readonly Row[]> {
  const columns = Prisma.join(primaryKey.map(name));
  const newest = Buffer.alloc(VERSION_LENGTH);
  newest.writeUInt32BE((await vault.newest()).version);
  let last: readonly PrimaryKeyValue[] | null = null;
  for (;;) {
    const beyond: Prisma.Sql = last === null ? Prisma.empty : Prisma.sql`and (${columns}) > (${Prisma.join(last)})`;
    const rows: Record<string, Uint8Array | string>[] = await database.$queryRaw`
      select ${columns}, ${name(column)} from ${name(table)}
      where ${name(column)} is not null
        and substring(${name(column)} from 1 for ${VERSION_LENGTH}::int) <> ${ownBytes(newest)} ${beyond}
      order by ${columns} limit ${BATCH}::int`;
    if (rows.length === 0) return;
    const batch = rows.map((row) => ({
      primaryKey: primaryKey.map((key) => keyValue(row[key])),
      sealed: bytes(row[column]),
    }));
    yield batch;
    last = batch.at(-1)?.primaryKey ?? null;
  }
}

/** Only if it is still what was read: who wrote it meanwhile sealed it under the newest key. */
async function resealRow(
  { database, vault }: { database: PrismaClient; vault: Vault },
  { column, primaryKey, sealed }: Row & { column: SealedColumn },
): Promise<boolean> {
  const purpose = column.sealedWith(primaryKey);
  const again = await vault.seal({ ...purpose, plaintext: await vault.open({ ...purpose, sealed }) });
  const isRow = Prisma.join(
    column.primaryKey.map((key, i) => Prisma.sql`${name(key)} = ${primaryKey[i]}`),
    " and ",
  );
  const changed = await database.$executeRaw`
    update ${name(column.table)} set ${name(column.column)} = ${again}
    where ${isRow} and ${name(column.column)} = ${ownBytes(sealed)}`;
  return changed > 0;
}

/** Names of tables and columns are this module's own constants, never input. */
function name(identifier: string): Prisma.Sql {
  return Prisma.raw(`"${identifier}"`);
}

function keyValue(value: Uint8Array | string | undefined): PrimaryKeyValue {
  return typeof value === "string" ? value : bytes(value);
}

function bytes(value: Uint8Array | string | undefined): ReturnType<typeof ownBytes> {
  if (value instanceof Uint8Array) return ownBytes(value);
  throw new TypeError("bytes are expected");
}
