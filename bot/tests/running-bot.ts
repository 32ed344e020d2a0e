import { SlackStub, type StubOptions } from "../demo/slack-stub.ts";
import type { LogLevelName, Tenancy } from "../src/config.ts";
import { type Bot, startBot } from "../src/start-bot.ts";
import { memoryStores } from "../src/stores/memory-stores.ts";
import type { Stores } from "../src/stores/stores.ts";

/** The bot in this process, connected to a Slack of the test's own. */
export interface RunningBot {
  readonly slack: SlackStub;
  readonly bot: Bot;
  /** Every line that the bot logged. */
  readonly log: readonly string[];
  stop(): Promise<void>;
}

export const PEOPLE = [
  { name: "ada", realName: "Ada Lovelace" },
  { name: "grace", realName: "Grace Hopper" },
] as const;

export async function startWithSlack(options: {
  serverUrl: string;
  slack?: Partial<StubOptions>;
  /** A Slack that is running already. */
  slackStub?: SlackStub;
  stores?: Stores;
  logLevel?: LogLevelName;
  tenancy?: Tenancy;
}): Promise<RunningBot> {
  const slack =
    options.slackStub ??
    (await SlackStub.start({
      people: PEOPLE,
      channels: [{ name: "general" }, { name: "random" }, { name: "secret", private: true }],
      unfurlDomains: [new URL(options.serverUrl).hostname],
      ...options.slack,
    }));
  const log: string[] = [];
  const bot = await startBot({
    config: {
      line: { type: "http", host: "127.0.0.1", port: 0, signingSecret: slack.signingSecret },
      tenancy: options.tenancy ?? { type: "one", botToken: slack.botToken },
      serverUrl: options.serverUrl,
      databaseUrl: "postgresql://unused.invalid/unused",
      botKey: null,
      dataDir: "unused",
      slackApiUrl: slack.apiUrl,
      logLevel: options.logLevel ?? "info",
    },
    log: (line) => log.push(line),
    stores: options.stores ?? memoryStores(),
  });
  slack.connect(bot.url ?? "");
  return {
    slack,
    bot,
    log,
    stop: async () => {
      await bot.stop();
      await slack.stop();
    },
  };
}
