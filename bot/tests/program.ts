import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A program of ours as its users start it: built, in a process of its own. */
export interface Program {
  readonly child: ChildProcess;
  /** What follows "ready" in its first line. */
  readonly ready: string;
  /** Everything it has printed. */
  readonly output: () => string;
  /** Resolves with the exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  stop(): Promise<void>;
}

/** @throws Error with what it printed when it ends instead of getting ready */
export async function startProgram(path: string, env: Readonly<Record<string, string>>): Promise<Program> {
  const { child, output, ended, ready } = launch(path, env);
  const first = await Promise.race([ready, ended.then(() => null)]);
  if (first === null) throw new Error(`${path} does not start: ${output()}`);
  return { child, ready: first, output, ended, stop: () => stop(child, ended) };
}

/** For a program that is expected to refuse its start. */
export async function runProgram(path: string, env: Readonly<Record<string, string>>) {
  const { output, ended } = launch(path, env);
  return { code: await ended, output: output() };
}

function launch(path: string, env: Readonly<Record<string, string>>) {
  const script = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  const child = fork(script, {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let printed = "";
  const ready = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        printed += text;
        const line = /^ready (.*)$/mu.exec(printed);
        if (line) resolve(line[1] ?? "");
      });
    }
  });
  // Not "close": it never comes for a child that was disconnected. Its last words have to be in, though.
  const silent = [child.stdout, child.stderr].map((stream) => stream && once(stream, "end"));
  const ended = Promise.all([once(child, "exit"), ...silent]).then(([[code]]) => code as number | null);
  return { child, output: () => printed, ended, ready };
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill("SIGTERM");
  await ended;
}
