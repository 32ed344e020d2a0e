import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { inTime } from "./in-time.ts";

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
  /** Lets go of it, as a starter does that is gone. */
  abandon(): void;
}

export interface ProgramOptions {
  /** From the repository's folder: "realtime/dist/main.js". */
  readonly script: string;
  /** All that it gets; nothing of ours but PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** False to see that it ends by itself when it is abandoned; unless told, it is made to, also while it starts. */
  readonly leash?: boolean;
}

/** @throws Error with all it printed when it ends instead of getting ready */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const { child, output, ready, ended } = launch(options);
  const first = await inTime(Promise.race([ready, ended]), {
    complaint: () => `${options.script} is not ready; it has printed:\n${output()}`,
  }).catch((error: unknown) => {
    child.kill("SIGKILL");
    throw error;
  });
  if (typeof first !== "string" || child.pid === undefined) {
    throw new Error(`${options.script} does not start:\n${output()}`);
  }
  return {
    ready: first,
    pid: child.pid,
    output,
    ended,
    async stop() {
      child.kill("SIGTERM");
      return await inTime(ended, { complaint: () => `${options.script} does not end; it has printed:\n${output()}` });
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
    abandon: () => child.disconnect(),
  };
}

/** Waits for the end of a program that is expected to end by itself, as one that refuses its settings. */
export async function runProgram(options: ProgramOptions): Promise<{ code: number | null; output: string }> {
  const { output, ended } = launch(options);
  const code = await inTime(ended, { complaint: () => `${options.script} goes on; it has printed:\n${output()}` });
  return { code, output: output() };
}

function launch({ script, env, leash = true }: ProgramOptions) {
  const file = fileURLToPath(new URL(script, ROOT));
  const child = spawn(process.execPath, [...(leash ? ["--import", LEASH] : []), file], {
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
  // Not "close": it never comes for a child that was disconnected. Its last words have to be in, though.
  const silent = [child.stdout, child.stderr].map((stream) => stream && once(stream, "end"));
  const ended = Promise.all([once(child, "exit"), ...silent]).then(([[code]]): number | null =>
    typeof code === "number" ? code : null,
  );
  return { child, output: () => output, ready, ended };
}
