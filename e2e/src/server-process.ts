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

export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const { databaseUrl, redisUrl, env } = options;
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "openmates-share-server-")));
  const program = await startProgram({
    script: "realtime/dist/main.js",
    env: {
      HOST: "127.0.0.1",
      PORT: "0",
      DATA_DIR: dataDir,
      DATABASE_URL: databaseUrl,
      ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
      ...env,
    },
  });
  return {
    ...program,
    url: program.ready,
    dataDir,
    async stop() {
      const code = await program.stop();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
      return code;
    },
  };
}
