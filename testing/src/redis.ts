import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "./free-port.ts";
import { spawnGuarded } from "./guarded.ts";
import { inTime } from "./in-time.ts";

/** A Redis of a test's own that keeps nothing on disk. */
export interface TestRedis {
  readonly url: string;
  /** Ends it as a crash does; what it held is gone. */
  crash(): Promise<void>;
  /** Starts it again where it was, empty. */
  start(): Promise<void>;
  /** May be called twice. */
  stop(): Promise<void>;
}

/** How often to try again when somebody beside us was faster to take the port. */
const TRIES = 5;

export async function startRedis(): Promise<TestRedis> {
  let running = await launchOn(freePort);
  const { port } = running;
  return {
    url: `redis://127.0.0.1:${port}`,
    crash: () => running.end("SIGQUIT"),
    async start() {
      await running.end("SIGQUIT");
      running = await launchOn(async () => port);
    },
    stop: () => running.end("SIGTERM"),
  };
}

interface RunningRedis {
  readonly port: number;
  /** @param signal what its guard takes */
  end(signal: "SIGTERM" | "SIGQUIT"): Promise<void>;
}

async function launchOn(choosePort: () => Promise<number>): Promise<RunningRedis> {
  const problems: string[] = [];
  for (let tries = 0; tries < TRIES; tries += 1) {
    const attempt = await launch(await choosePort());
    if ("end" in attempt) return attempt;
    problems.push(attempt.problem);
  }
  throw new Error(`redis-server does not start: ${problems.at(-1)}`);
}

async function launch(port: number): Promise<RunningRedis | { problem: string }> {
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
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await inTime(ended, { complaint: () => `redis-server does not end; it has said:\n${lines.join("\n")}` });
    await rm(directory, { recursive: true, force: true });
  };
  const complaint = () => `redis-server is not ready; it has said:\n${lines.join("\n")}`;
  if ((await inTime(Promise.race([ready, ended]), { complaint })) === "ready") return { port, end };
  await end("SIGTERM");
  return { problem: lines.join("\n") };
}
