import { run } from "./program.ts";

/** Under npx one Ctrl-C comes twice, from the terminal and from npm; a later one means "at once". Milliseconds. */
const ONE_KEYSTROKE = 500;

const interrupt = new AbortController();
let interruptedAt = 0;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (interrupt.signal.aborted && Date.now() - interruptedAt > ONE_KEYSTROKE) process.exit(130);
    interruptedAt ||= Date.now();
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
