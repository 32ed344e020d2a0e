import type { AddressInfo } from "node:net";
import { App, LogLevel, webApi } from "@slack/bolt";
import type { Config } from "./config.ts";
import { BotError } from "./errors.ts";
import { FirewallReceiver } from "./firewall/firewall-receiver.ts";
import { registerListeners } from "./listeners/index.ts";
import type { WorkspaceOf } from "./listeners/workspace-of.ts";
import { describeError, QuietLogger } from "./quiet-logger.ts";
import { createReceiver, ENDPOINT } from "./receiver.ts";
import { webSlack } from "./slack/web-slack.ts";
import { BotKey } from "./stores/bot-key.ts";
import { loadOrCreateKey, parseKey } from "./stores/key-file.ts";
import { prismaStores } from "./stores/prisma-stores.ts";
import type { Stores } from "./stores/stores.ts";
import { Workspaces } from "./workspace.ts";

/** How long a stop waits for shares that are under way. */
const DRAIN_MS = 10_000;
/** A command's caller waits: four tries in about fifteen seconds, then a sentence. */
const RETRIES = { retries: 4, factor: 2, minTimeout: 1000 };
const REQUEST_TIMEOUT_MS = 15_000;

export interface Bot {
  /** Where Slack's requests go; null in Socket Mode. */
  readonly url: string | null;
  /** Resolves when everything that came in has been worked through. */
  idle(): Promise<void>;
  /** Takes nothing new, finishes what is under way, closes everything. May be called twice. */
  stop(): Promise<void>;
}

export interface BotParts {
  readonly config: Config;
  /** Gets whole lines; nothing secret is in them. */
  readonly log: (line: string) => void;
  /** Instead of the database's: for tests. */
  readonly stores?: Stores;
}

/**
 * The whole app, connected to Slack and taking requests when it resolves.
 *
 * @throws BotError `bad_key`, `bad_configuration` (Slack does not know the token), `slack_failed`
 */
export async function startBot({ config, log, stores = undefined }: BotParts): Promise<Bot> {
  const level = LEVELS[config.logLevel];
  const logger = new QuietLogger({ level, write: config.logLevel === "silent" ? () => {} : log });
  const clientOptions = {
    logger,
    retryConfig: RETRIES,
    timeout: REQUEST_TIMEOUT_MS,
    ...(config.slackApiUrl ? { slackApiUrl: config.slackApiUrl } : {}),
  };
  const self = await whoAmI(new webApi.WebClient(config.botToken, clientOptions));
  const kept = stores ?? prismaStores({ databaseUrl: config.databaseUrl, key: await loadKey(config) });
  const workspaces = new Workspaces({ server: config.serverUrl, stores: kept });
  const receiver = new FirewallReceiver(createReceiver({ ...config, logger }));
  const app = new App({
    receiver,
    logger,
    logLevel: level,
    clientOptions,
    authorize: async () => ({ botToken: config.botToken, ...self }),
    convoStore: false,
  });
  app.error(async (error) => logger.error(`A request failed: ${describeError(error.original ?? error)}`));
  registerListeners(app, workspaceOf(workspaces, self));

  const address = await app.start(...listenArguments(config)).catch((error: unknown) => {
    throw asListenError(error, config);
  });
  return {
    url: config.line.type === "http" ? urlOf(config.line.host, address) : null,
    idle: () => receiver.idle(),
    stop: once(async () => {
      await receiver.stop();
      await Promise.race([receiver.idle(), pause(DRAIN_MS)]);
      await workspaces.close();
      await kept.close();
    }),
  };
}

const LEVELS = {
  silent: LogLevel.ERROR,
  debug: LogLevel.DEBUG,
  info: LogLevel.INFO,
  warn: LogLevel.WARN,
  error: LogLevel.ERROR,
} as const;

interface Self {
  readonly teamId: string;
  readonly botId: string;
  readonly botUserId: string;
}

async function whoAmI(client: webApi.WebClient): Promise<Self> {
  const { team_id, bot_id, user_id } = await client.auth.test().catch((error: unknown) => {
    throw asStartError(error);
  });
  if (team_id && user_id) return { teamId: team_id, botId: bot_id ?? "", botUserId: user_id };
  throw new BotError("bad_configuration", "Slack did not say which workspace SLACK_BOT_TOKEN belongs to.");
}

function asStartError(error: unknown): BotError {
  if (!(error instanceof webApi.WebAPIPlatformError)) {
    return new BotError("slack_failed", "The Slack bot cannot start: Slack cannot be reached.", { retryable: true });
  }
  const message = `The Slack bot cannot start: Slack does not accept SLACK_BOT_TOKEN (${error.data.error}).`;
  return new BotError("bad_configuration", message);
}

function asListenError(error: unknown, { line }: Config): unknown {
  if (line.type !== "http" || !(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) return error;
  const message = `The Slack bot cannot start: port ${line.port} is taken. Set BOT_PORT to another one.`;
  return new BotError("bad_configuration", message);
}

async function loadKey({ botKey, dataDir }: Config): Promise<BotKey> {
  return new BotKey(botKey ? parseKey(botKey, "BOT_KEY") : await loadOrCreateKey(dataDir));
}

function workspaceOf(workspaces: Workspaces, self: Self): WorkspaceOf {
  return ({ client, context }) =>
    workspaces.of({
      team: context.teamId ?? self.teamId,
      slack: webSlack(client),
      self: { botId: self.botId, botUser: self.botUserId },
    });
}

function listenArguments({ line }: Config): [] | [{ host: string; port: number }] {
  return line.type === "http" ? [{ host: line.host, port: line.port }] : [];
}

function urlOf(host: string, server: unknown): string {
  const { port } = (server as { address(): AddressInfo }).address(); // What Bolt's HTTP receiver resolves with.
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}${ENDPOINT}`;
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => {
    running ??= work();
    return running;
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
