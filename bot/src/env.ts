import * as v from "valibot";
import type { Config, Line, Tenancy } from "./config.ts";
import { BotError } from "./errors.ts";

const DEFAULT_PORT = 4001;
const text = v.exactOptional(v.string());
const url = v.exactOptional(v.pipe(v.string(), v.url()));

const envSchema = v.object({
  // The two are easily taken for each other.
  SLACK_BOT_TOKEN: v.exactOptional(v.pipe(v.string(), v.startsWith("xox", "does not begin with xoxb-"))),
  SLACK_SIGNING_SECRET: text,
  SLACK_APP_TOKEN: v.exactOptional(v.pipe(v.string(), v.startsWith("xapp-", "does not begin with xapp-"))),
  SLACK_CLIENT_ID: text,
  SLACK_CLIENT_SECRET: text,
  SLACK_API_URL: url,
  SERVER_URL: url,
  DATABASE_URL: text,
  BOT_KEY: text,
  BOT_PORT: v.exactOptional(v.pipe(v.string(), v.regex(/^\d{1,5}$/u), v.transform(Number), v.maxValue(65_535))),
  BOT_PUBLIC_URL: url,
  HOST: text,
  DATA_DIR: text,
  LOG_LEVEL: v.exactOptional(v.picklist(["silent", "error", "warn", "info", "debug"])),
});
type Env = v.InferOutput<typeof envSchema>;

/** @throws BotError `bad_configuration`: one sentence with the names of what is missing or unreadable, never a value. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const parsed = v.safeParse(envSchema, withoutEmpty(environment));
  if (!parsed.success) {
    throw new BotError(
      "bad_configuration",
      `The Slack bot cannot start: ${parsed.issues.map(problemOf).join(", and ")}.`,
    );
  }
  const env = parsed.output;
  const { SERVER_URL, DATABASE_URL } = env;
  const [line, tenancy] = [readLine(env), readTenancy(env)];
  if (!line || !tenancy || !SERVER_URL || !DATABASE_URL) {
    throw new BotError("bad_configuration", `The Slack bot cannot start: ${notSet(missingFrom(env))}.`);
  }
  return {
    line,
    tenancy,
    serverUrl: SERVER_URL,
    databaseUrl: DATABASE_URL,
    botKey: env.BOT_KEY ?? null,
    dataDir: env.DATA_DIR ?? ".data",
    slackApiUrl: env.SLACK_API_URL ?? null,
    logLevel: env.LOG_LEVEL ?? "info",
  };
}

/** Without the value, which may be a secret in the wrong place. */
function problemOf(issue: v.BaseIssue<unknown>): string {
  const why = issue.type === "starts_with" ? issue.message : "has a value it cannot use";
  return `${v.getDotPath(issue)} ${why}`;
}

/** Empty means not set, as in `.env` files with a name and nothing behind it. */
function withoutEmpty(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(environment).map(([name, value]): [string, string] => [name, value?.trim() ?? ""]);
  return Object.fromEntries(entries.filter(([, value]) => value !== ""));
}

/** Whoever names an app's client wants to have it installed by many; they come over HTTP. */
function wantsMany(env: Env): boolean {
  return env.SLACK_CLIENT_ID !== undefined || env.SLACK_CLIENT_SECRET !== undefined;
}

/** With both, Socket Mode: whoever sets an app token wants it. */
function readLine(env: Env): Line | null {
  const { SLACK_APP_TOKEN, SLACK_SIGNING_SECRET, BOT_PORT, HOST } = env;
  if (SLACK_APP_TOKEN && !wantsMany(env)) return { type: "socket", appToken: SLACK_APP_TOKEN };
  if (!SLACK_SIGNING_SECRET) return null;
  return {
    type: "http",
    host: HOST ?? "127.0.0.1",
    port: BOT_PORT ?? DEFAULT_PORT,
    signingSecret: SLACK_SIGNING_SECRET,
  };
}

function readTenancy(env: Env): Tenancy | null {
  const { SLACK_BOT_TOKEN, SLACK_CLIENT_ID, SLACK_CLIENT_SECRET, BOT_PUBLIC_URL } = env;
  if (!wantsMany(env)) return SLACK_BOT_TOKEN ? { type: "one", botToken: SLACK_BOT_TOKEN } : null;
  if (!SLACK_CLIENT_ID || !SLACK_CLIENT_SECRET) return null;
  return {
    type: "many",
    clientId: SLACK_CLIENT_ID,
    clientSecret: SLACK_CLIENT_SECRET,
    publicUrl: BOT_PUBLIC_URL?.replace(/\/+$/u, "") ?? null,
  };
}

function notSet(names: readonly string[]): string {
  const [last = "", ...before] = [...names].reverse();
  return before.length === 0 ? `${last} is not set` : `${before.reverse().join(", ")} and ${last} are not set`;
}

function missingFrom(env: Env): string[] {
  const many = wantsMany(env);
  return [
    many || env.SLACK_BOT_TOKEN ? "" : "SLACK_BOT_TOKEN",
    many && !env.SLACK_CLIENT_ID ? "SLACK_CLIENT_ID" : "",
    many && !env.SLACK_CLIENT_SECRET ? "SLACK_CLIENT_SECRET" : "",
    many && !env.SLACK_SIGNING_SECRET ? "SLACK_SIGNING_SECRET (many workspaces come over HTTP)" : "",
    many || env.SLACK_APP_TOKEN || env.SLACK_SIGNING_SECRET ? "" : "SLACK_APP_TOKEN (or SLACK_SIGNING_SECRET)",
    env.SERVER_URL ? "" : "SERVER_URL",
    env.DATABASE_URL ? "" : "DATABASE_URL",
  ].filter(Boolean);
}
