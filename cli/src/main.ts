import { run } from "./program.ts";

const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    // Asked a second time, it does not wait for anything.
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort();
  });
}

// Whoever reads the output may stop when they have enough: `omshare open … | head`.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
}

const { stdin, stdout, stderr, env } = process;
process.exitCode = await run(process.argv.slice(2), {
  stdin,
  stdout,
  stderr,
  env,
  signal: interrupt.signal,
  interrupt: () => interrupt.abort(),
});
