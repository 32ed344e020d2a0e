import { readConfig } from "./env.ts";
import { BotError } from "./errors.ts";
import { describeError } from "./quiet-logger.ts";
import { startBot } from "./start-bot.ts";

/** `node dist/main.js`: one line when ready, ends on SIGTERM, SIGINT, and when the process that started it is gone. */
try {
  const bot = await startBot({
    config: readConfig(process.env),
    log: (line) => void process.stderr.write(`${line}\n`),
  });
  process.stdout.write(bot.url ? `ready ${bot.url}\n` : "ready in Socket Mode\n");

  const stop = () => {
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
  process.on("disconnect", stop);
} catch (error) {
  process.stderr.write(`${error instanceof BotError ? error.message : describeError(error)}\n`);
  process.exit(1);
}
