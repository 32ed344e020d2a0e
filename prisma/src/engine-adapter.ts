import { PrismaPg } from "@prisma/adapter-pg";
import { ColumnTypeEnum, DriverAdapterError } from "@prisma/driver-adapter-utils";

type Adapter = Awaited<ReturnType<PrismaPg["connect"]>>;
type Pool = ReturnType<Adapter["underlyingDriver"]>;

/** The adapter as the schema engine needs it, and with an end to its connections, which the engine leaves open. */
export class EngineAdapterFactory extends PrismaPg {
  readonly #connected: Adapter[] = [];

  override async connect(): Promise<Adapter> {
    const adapter = await super.connect();
    this.#connected.push(adapter);
    runWholeScripts(adapter);
    readCharacters(adapter);
    return adapter;
  }

  async dispose(): Promise<void> {
    for (const adapter of this.#connected.splice(0)) {
      const pool = adapter.underlyingDriver();
      if (!pool.ended) await pool.end();
    }
  }
}

/**
 * The adapter cuts a script at every semicolon, also inside a function's body. PostgreSQL takes whole scripts, and runs
 * each as one transaction, so that a migration that fails halfway leaves nothing behind.
 */
function runWholeScripts(adapter: Adapter): void {
  const pool = adapter.underlyingDriver();
  adapter.executeScript = async (script) => {
    await pool.query(script).catch((cause: unknown) => {
      throw new DriverAdapterError({ kind: "GenericJs", id: 0, originalMessage: String(cause) });
    });
  };
}

/** PostgreSQL's "char", in which its catalogs write, and `text`. */
const CHAR_OID = 18;
const TEXT_OID = 25;

interface QueryResult {
  readonly fields: readonly { dataTypeID: number }[];
  readonly rows: readonly unknown[][];
}

/** The engine reads columns of type "char", which the adapter refuses: so they pass through it as text. */
function readCharacters(adapter: Adapter): void {
  const pool = adapter.underlyingDriver();
  const charactersOf = new WeakMap<object, readonly number[]>();
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<QueryResult | QueryResult[]>;
  const disguise = async (...args: unknown[]) => {
    const result = await query(...args);
    for (const { fields, rows } of [result].flat()) {
      charactersOf.set(
        rows,
        fields.flatMap((field, column) => (field.dataTypeID === CHAR_OID ? [column] : [])),
      );
      for (const field of fields) if (field.dataTypeID === CHAR_OID) field.dataTypeID = TEXT_OID;
    }
    return result;
  };
  pool.query = disguise as unknown as Pool["query"]; // One function in place of many overloads; the adapter awaits it.

  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (sql) => {
    const result = await queryRaw(sql);
    for (const column of charactersOf.get(result.rows) ?? []) {
      result.columnTypes[column] = ColumnTypeEnum.Character;
      // The catalogs' zero comes as no character at all; the engine wants exactly one.
      for (const row of result.rows) if (row[column] === "") row[column] = "\0";
    }
    return result;
  };
}
