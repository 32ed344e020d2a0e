import { reportCrash } from "./crash-report.ts";
import { readConfig } from "./env.ts";
import { BotError } from "./errors.ts";
import { describeError } from "./quiet-logger.ts";
import { startBot } from "./start-bot.ts";

/** How long stopping may take; the bot itself waits for shares under way a little less long. */
const GRACE_MS = 14_000;

process.on("uncaughtException", (error) => {
  process.stderr.write(`${reportCrash(error)}\n`);
  process.exit(1);
});

/** `node dist/main.js`: one line when ready, ends on SIGTERM, SIGINT, and when the process that started it is gone. */
try {
  const bot = await startBot({
    config: readConfig(process.env),
    log: (line) => void process.stderr.write(`${line}\n`),
  });
  const stop = () => {
    setTimeout(() => process.exit(1), GRACE_MS).unref();
    bot.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`bot error stopping failed: ${describeError(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  // Whoever started us with a channel holds it open while alive.
  if (process.connected) process.on("disconnect", stop);
  // Last: whoever reads it may end us at once.
  process.stdout.write(bot.url ? `ready ${bot.url}\n` : "ready in Socket Mode\n");
} catch (error) {
  process.stderr.write(`${error instanceof BotError ? error.message : describeError(error)}\n`);
  process.exit(1);
}
