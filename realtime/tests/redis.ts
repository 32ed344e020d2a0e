import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";

/** A Redis of a test's own, on a socket file, so that no two can want the same port. */
export interface TestRedis {
  readonly url: string;
  /** Ends it as a crash would; what it held is gone. */
  crash(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export async function startRedis(): Promise<TestRedis> {
  const directory = await mkdtemp(join(tmpdir(), "share-redis-"));
  const socket = join(directory, "redis.sock");
  let running = await spawnRedis(directory, socket);
  const crash = async () => {
    if (running.exitCode !== null || running.signalCode !== null) return;
    const exited = once(running, "exit");
    running.kill("SIGKILL");
    await exited;
  };
  return {
    url: `unix://${socket}`,
    crash,
    async start() {
      await crash();
      await rm(socket, { force: true });
      running = await spawnRedis(directory, socket);
    },
    async stop() {
      await crash();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function spawnRedis(directory: string, socket: string): Promise<ChildProcess> {
  const options = ["--port", "0", "--unixsocket", socket, "--dir", directory, "--save", "", "--appendonly", "no"];
  const redis = spawn("redis-server", options, { stdio: ["ignore", "ignore", "inherit"] });
  redis.on("error", (cause) => {
    throw new Error("These tests need redis-server on the PATH.", { cause });
  });
  const client = new Redis(socket, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  client.on("error", () => {});
  await client.ping();
  client.disconnect();
  return redis;
}
