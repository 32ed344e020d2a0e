import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "./free-port.ts";
import { spawnGuarded } from "./guarded.ts";

/** A Redis of a test's own that keeps nothing on disk. */
export interface TestRedis {
  readonly redisUrl: string;
  /** Ends it. Started again with its port, it is empty. May be called twice. */
  stop(): Promise<void>;
}

/** How often to try another port when a test beside us was faster. */
const TRIES = 5;

/** @param options.port to come back where an earlier one was; any free one unless told */
export async function startRedis(options: { port?: number } = {}): Promise<TestRedis> {
  const problems: string[] = [];
  for (let tries = 0; tries < TRIES; tries += 1) {
    const attempt = await launch(options.port ?? (await freePort()));
    if ("redisUrl" in attempt) return attempt;
    problems.push(attempt.problem);
  }
  throw new Error(`redis-server does not start: ${problems.at(-1)}`);
}

async function launch(port: number): Promise<TestRedis | { problem: string }> {
  const directory = await mkdtemp(join(tmpdir(), "openmates-share-redis-"));
  const settings = { port: String(port), bind: "127.0.0.1", dir: directory, save: "", appendonly: "no" };
  const child = spawnGuarded(
    "redis-server",
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
  );
  const lines: string[] = [];
  const ready = new Promise<"ready">((resolve) => {
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on("line", (line) => {
        lines.push(line);
        if (line.includes("Ready to accept connections")) resolve("ready");
      });
    }
  });
  const ended = once(child, "close");
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    await rm(directory, { recursive: true, force: true });
  };
  if ((await Promise.race([ready, ended])) === "ready") return { redisUrl: `redis://127.0.0.1:${port}`, stop };
  await stop();
  return { problem: lines.join("\n") };
}
