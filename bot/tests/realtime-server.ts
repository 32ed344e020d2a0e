import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProgram } from "./program.ts";

/** One for all servers of a test file: a server that is started again has to open what it sealed before. */
const VAULT_KEY = randomBytes(32).toString("base64");

/** The built server on a port of its own. */
export interface RealtimeServer {
  readonly url: string;
  readonly output: () => string;
  stop(): Promise<void>;
}

export async function startRealtimeServer(options: {
  databaseUrl: string;
  /** Any free one unless told. */
  port?: number;
}): Promise<RealtimeServer> {
  const dataDir = await mkdtemp(join(tmpdir(), "share-bot-server-"));
  const program = await startProgram("realtime/dist/main.js", {
    HOST: "127.0.0.1",
    PORT: String(options.port ?? 0),
    DATA_DIR: dataDir,
    DATABASE_URL: options.databaseUrl,
    VAULT_KEY,
  });
  return {
    url: program.ready,
    output: program.output,
    async stop() {
      await program.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
