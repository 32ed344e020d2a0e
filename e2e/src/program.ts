import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const ROOT = new URL("../../", import.meta.url);
const LEASH = new URL("scripts/lib/leash.mjs", ROOT).href;

/** A built program of ours, started as its users start it. */
export interface Program {
  /** What follows "ready" in its output. */
  readonly ready: string;
  readonly pid: number;
  /** Everything it has printed so far, on both streams. */
  output(): string;
  /** Resolves with the exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Asks it to end and waits for that. May be called twice. */
  stop(): Promise<number | null>;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
}

export interface ProgramOptions {
  /** From the repository's folder: "realtime/dist/main.js". */
  readonly script: string;
  /** All that it gets; nothing of ours but PATH. */
  readonly env: Readonly<Record<string, string>>;
}

/** @throws Error with all it printed when it ends instead of getting ready */
export async function startProgram({ script, env }: ProgramOptions): Promise<Program> {
  const child = spawn(process.execPath, ["--import", LEASH, fileURLToPath(new URL(script, ROOT))], {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  const ready = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        const line = /^ready (.*)\n/m.exec(output);
        if (line?.[1] !== undefined) resolve(line[1]);
      });
    }
  });
  const ended = once(child, "close").then(([code]): number | null => (typeof code === "number" ? code : null));
  const first = await Promise.race([ready, ended]);
  if (typeof first !== "string" || child.pid === undefined) throw new Error(`${script} does not start:\n${output}`);
  return {
    ready: first,
    pid: child.pid,
    output: () => output,
    ended,
    async stop() {
      child.kill("SIGTERM");
      return await ended;
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
