import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

/** The built server as a process of its own, which can be killed as a crash would. */
export interface ServerProcess {
  readonly url: string;
  /** Everything it wrote, for a test that fails or looks for what must not be there. */
  readonly output: string[];
  kill(): Promise<void>;
}

export async function startServerProcess(env: Record<string, string>): Promise<ServerProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), "share-server-"));
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH ?? "", PORT: "0", HOST: "127.0.0.1", DATA_DIR: dataDir, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: string[] = [];
  const kill = async () => {
    await end(child);
    await rm(dataDir, { recursive: true, force: true });
  };
  const ready = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stderr }).on("line", (line) => output.push(line));
    createInterface({ input: child.stdout }).on("line", (line) => {
      output.push(line);
      const url = /^ready (http\S+)$/.exec(line)?.[1];
      if (url) resolve(url);
    });
    child.once("exit", () => reject(new Error(`The server ended: ${output.join("\n")}`)));
  });
  try {
    return { url: await ready, output, kill };
  } catch (error) {
    await kill();
    throw error;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}
