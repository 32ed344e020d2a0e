import type { Prisma, PrismaClient } from "./generated/client.ts";
import { pools } from "./pools.ts";

/**
 * Carries out a raw statement of a hot path on the client's own connections. PostgreSQL reads and plans it once for each of
 * them, and its bytes go as they are, where Prisma's engine takes all parameters through JSON and base64: of a batch of
 * messages that is more work than all the rest. For statements whose text is always the same; each text stays in memory.
 * Values come as `pg` gives them: bytea as Buffer, int8 as text.
 * @throws DatabaseError of `pg` with its SQLSTATE as `code`, and the errors of Node's sockets
 */
export async function runPrepared<Row extends object>(database: PrismaClient, statement: Prisma.Sql): Promise<Row[]> {
  const pool = pools.get(database);
  if (!pool) throw new TypeError("Not a client of createDatabase's.");
  const { text, values } = statement;
  const { rows } = await pool.query<Row>({ name: nameOf(text), text, values });
  return rows;
}

const names = new Map<string, string>();

function nameOf(text: string): string {
  const name = names.get(text) ?? `prepared_${names.size + 1}`;
  names.set(text, name);
  return name;
}
