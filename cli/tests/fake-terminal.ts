import { PassThrough } from "node:stream";
import { run } from "../src/program.ts";
import type { TerminalSetup } from "../src/terminal.ts";

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Typed {
  /** What stands in a pipe, or what a person types when asked. */
  readonly input?: string;
  /** Whether a person sits there. */
  readonly person?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly interrupted?: boolean;
}

/** Runs a command line in this process, on streams that are kept in memory. */
export async function runHere(args: readonly string[], typed: Typed = {}): Promise<Outcome> {
  const { input = "", person = false, env = {}, interrupted = false } = typed;
  const interrupt = new AbortController();
  if (interrupted) interrupt.abort();
  const stream = () => Object.assign(new PassThrough(), { isTTY: person });
  const [stdin, stdout, stderr] = [stream(), stream(), stream()];
  if (person) stdin.write(input);
  else stdin.end(input);
  const setup: TerminalSetup = {
    stdin,
    stdout,
    stderr,
    env,
    signal: interrupt.signal,
    interrupt: () => interrupt.abort(),
  };
  const code = await run(args, setup);
  return { code, stdout: String(stdout.read() ?? ""), stderr: String(stderr.read() ?? "") };
}
