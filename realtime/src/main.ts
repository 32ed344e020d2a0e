import { configOf } from "./config.ts";
import { readEnv } from "./env.ts";
import { createServer } from "./server.ts";

/** How long what is under way may take at the end, in milliseconds. */
const GRACE = 10_000;

try {
  const server = await createServer(configOf(readEnv(process.env)), {
    print: (text) => void process.stdout.write(text),
  });
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), GRACE).unref();
    server.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  // Whoever started us with a channel holds it open while alive: so no server is left behind by a parent that was killed.
  if (process.connected) process.on("disconnect", stop);
  process.stdout.write(`ready ${server.url}\n`);
} catch (error) {
  process.stderr.write(`The server does not start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
