import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import type { SchemaEngine } from "@prisma/schema-engine-wasm";
import * as glue from "@prisma/schema-engine-wasm/schema_engine_bg";
import { EngineAdapterFactory } from "./engine-adapter.ts";

let loading: Promise<typeof glue> | null = null;

/**
 * Runs `work` with Prisma's schema engine as WebAssembly, on connections of its own: the command line's `migrate deploy`
 * and `migrate diff` without the native engine that the command line would download.
 */
export async function withSchemaEngine<T>(
  options: {
    databaseUrl: string;
    /** Only for comparisons with a schema: its file name and text. */
    schema?: [name: string, text: string];
  },
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  loading ??= load();
  const { SchemaEngine } = await loading;
  const factory = new EngineAdapterFactory({ connectionString: options.databaseUrl });
  try {
    const datamodels = options.schema && [options.schema];
    const engine = await SchemaEngine.new({ datamodels }, () => {}, bindMigrationAwareSqlAdapterFactory(factory));
    return await work(engine).finally(() => engine.free());
  } finally {
    await factory.dispose();
  }
}

/** The package's own entry imports the `.wasm` as a module, which Node takes only behind a flag; so it is done by hand. */
async function load(): Promise<typeof glue> {
  const entry = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm");
  const bytes = await readFile(join(dirname(entry), "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(bytes, { "./schema_engine_bg.js": { ...glue } });
  glue.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)(); // Every module of wasm-bindgen has it.
  return glue;
}
