import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Program, startProgram } from "./program.ts";

/** The built server as a process of its own, on a port of its own unless told otherwise. */
export interface ServerProcess extends Omit<Program, "ready"> {
  readonly url: string;
  /** Where it keeps its keys. */
  readonly dataDir: string;
}

export interface ServerOptions {
  readonly databaseUrl: string;
  readonly redisUrl?: string;
  /** To start one that takes over from an earlier one; that one's stop() removes it. */
  readonly dataDir?: string;
  /** PORT, OPENAI_BASE_URL and so on. */
  readonly env?: Readonly<Record<string, string>>;
}

/** @throws Error with all it printed when it does not start */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "openmates-share-server-")));
  const tidy = async () => {
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const program = await startProgram({ script: "realtime/dist/main.js", env: environment(options, dataDir) });
    const stop = async () => {
      const code = await program.stop();
      await tidy();
      return code;
    };
    return { ...program, url: program.ready, dataDir, stop };
  } catch (error) {
    await tidy();
    throw error;
  }
}

function environment({ databaseUrl, redisUrl, env }: ServerOptions, dataDir: string): Record<string, string> {
  const address = { HOST: "127.0.0.1", PORT: "0", DATA_DIR: dataDir, DATABASE_URL: databaseUrl };
  return { ...address, ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }), ...env };
}
