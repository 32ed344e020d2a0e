import type pg from "pg";

/** What of `pg`'s connection a COPY needs; its types leave it out. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** "PGCOPY", no flags, no extension (PostgreSQL's documentation of COPY, "Binary Format"). */
const HEAD = Buffer.concat([Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"), Buffer.alloc(8)]);
const END = Buffer.from([0xff, 0xff]);
const CHUNK_ROWS = 64;

/** One row in COPY's binary format. */
export function copyRow(fields: readonly Uint8Array[]): Buffer {
  const count = Buffer.alloc(2);
  count.writeInt16BE(fields.length);
  const parts = fields.flatMap((field) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(field.length);
    return [length, field];
  });
  return Buffer.concat([count, ...parts]);
}

/** Copies rows into a table, all in one statement. */
export function copyInto(
  client: pg.Client,
  options: { table: string; columns: readonly string[]; rows: readonly Buffer[] },
): Promise<void> {
  const { table, columns, rows } = options;
  return new Promise((resolve, reject) => {
    client.query({
      submit: (connection: unknown) =>
        (connection as CopyConnection).query(`copy ${table} (${columns.join(", ")}) from stdin (format binary)`),
      handleCopyInResponse(connection: CopyConnection) {
        connection.sendCopyFromChunk(HEAD);
        for (let at = 0; at < rows.length; at += CHUNK_ROWS) {
          connection.sendCopyFromChunk(Buffer.concat(rows.slice(at, at + CHUNK_ROWS)));
        }
        connection.sendCopyFromChunk(END);
        connection.endCopyFrom();
      },
      handleError: reject,
      handleReadyForQuery: () => resolve(),
      handleCommandComplete() {},
    } as unknown as pg.Submittable);
  });
}
