import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../realtime/dist/main.js", import.meta.url));

export interface RealServer {
  readonly url: string;
  /** Everything that it has logged. */
  readonly log: string;
  stop(): Promise<void>;
}

/** The real server as a process of its own, as a person starts it: without a model, so that the demo answers. */
export async function startServer({ databaseUrl }: { databaseUrl: string }): Promise<RealServer> {
  const dataDir = await mkdtemp(join(tmpdir(), "omshare-server-"));
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: databaseUrl,
    DATA_DIR: dataDir,
    PORT: "0",
    LOG_LEVEL: "debug",
  };
  // The channel ends the server with us, however we end.
  const child = fork(MAIN, [], { env, stdio: ["ignore", "pipe", "pipe", "ipc"] });
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error("The server has no output.");
  const ended = once(child, "exit");
  let log = "";
  const ready = new Promise<string>((resolve, reject) => {
    createInterface({ input: stdout }).on("line", (line) => {
      log += `${line}\n`;
      const url = /^ready (\S+)$/.exec(line)?.[1];
      if (url) resolve(url);
    });
    stderr.on("data", (chunk: Buffer) => {
      log += String(chunk);
    });
    ended.then(() => reject(new Error(`The server has ended:\n${log}`)));
  });
  const url = await ready;
  return {
    url,
    get log() {
      return log;
    },
    async stop() {
      child.kill("SIGTERM");
      await ended;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

declare module "vitest" {
  export interface ProvidedContext {
    /** Without a database's name at the end. */
    postgresUrl: string;
  }
}
