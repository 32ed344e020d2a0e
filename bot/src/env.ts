import * as v from "valibot";
import type { Config, Line } from "./config.ts";
import { BotError } from "./errors.ts";

const DEFAULT_PORT = 4001;
const text = v.exactOptional(v.string());
const url = v.exactOptional(v.pipe(v.string(), v.url()));

const envSchema = v.object({
  SLACK_BOT_TOKEN: text,
  SLACK_SIGNING_SECRET: text,
  SLACK_APP_TOKEN: text,
  SLACK_API_URL: url,
  SERVER_URL: url,
  DATABASE_URL: text,
  BOT_KEY: text,
  BOT_PORT: v.exactOptional(v.pipe(v.string(), v.regex(/^\d{1,5}$/u), v.transform(Number), v.maxValue(65_535))),
  HOST: text,
  DATA_DIR: text,
  LOG_LEVEL: v.exactOptional(v.picklist(["silent", "error", "warn", "info", "debug"])),
});
type Env = v.InferOutput<typeof envSchema>;

/** @throws BotError `bad_configuration`: one sentence with the names of what is missing or unreadable, never a value. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const parsed = v.safeParse(envSchema, withoutEmpty(environment));
  if (!parsed.success) {
    const names = parsed.issues.map((issue) => v.getDotPath(issue)).join(", ");
    throw new BotError("bad_configuration", `The Slack bot cannot start: ${names} has a value it cannot use.`);
  }
  const env = parsed.output;
  const { SLACK_BOT_TOKEN, SERVER_URL, DATABASE_URL } = env;
  const line = readLine(env);
  if (!line || !SLACK_BOT_TOKEN || !SERVER_URL || !DATABASE_URL) {
    throw new BotError("bad_configuration", `The Slack bot cannot start: ${missingFrom(env).join(", ")} is not set.`);
  }
  return {
    line,
    botToken: SLACK_BOT_TOKEN,
    serverUrl: SERVER_URL,
    databaseUrl: DATABASE_URL,
    botKey: env.BOT_KEY ?? null,
    dataDir: env.DATA_DIR ?? ".data",
    slackApiUrl: env.SLACK_API_URL ?? null,
    logLevel: env.LOG_LEVEL ?? "info",
  };
}

/** Empty means not set, as in `.env` files with a name and nothing behind it. */
function withoutEmpty(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(environment).map(([name, value]): [string, string] => [name, value?.trim() ?? ""]);
  return Object.fromEntries(entries.filter(([, value]) => value !== ""));
}

/** With both, Socket Mode: whoever sets an app token wants it. */
function readLine({ SLACK_APP_TOKEN, SLACK_SIGNING_SECRET, BOT_PORT, HOST }: Env): Line | null {
  if (SLACK_APP_TOKEN) return { type: "socket", appToken: SLACK_APP_TOKEN };
  if (!SLACK_SIGNING_SECRET) return null;
  return {
    type: "http",
    host: HOST ?? "127.0.0.1",
    port: BOT_PORT ?? DEFAULT_PORT,
    signingSecret: SLACK_SIGNING_SECRET,
  };
}

function missingFrom(env: Env): string[] {
  return [
    env.SLACK_BOT_TOKEN ? "" : "SLACK_BOT_TOKEN",
    env.SLACK_APP_TOKEN || env.SLACK_SIGNING_SECRET ? "" : "SLACK_APP_TOKEN (or SLACK_SIGNING_SECRET)",
    env.SERVER_URL ? "" : "SERVER_URL",
    env.DATABASE_URL ? "" : "DATABASE_URL",
  ].filter(Boolean);
}
