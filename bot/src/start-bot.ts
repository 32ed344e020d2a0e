import type { AddressInfo } from "node:net";
import { App, LogLevel, webApi } from "@slack/bolt";
import type { Config } from "./config.ts";
import { createAccess } from "./create-access.ts";
import { Intake } from "./delivery/intake.ts";
import { Recovery } from "./delivery/recovery.ts";
import { Unclaimed } from "./delivery/unclaimed.ts";
import { departuresOf } from "./departures.ts";
import { BotError } from "./errors.ts";
import { FirewallReceiver } from "./firewall/firewall-receiver.ts";
import type { Access, Origin } from "./installations/access.ts";
import { registerListeners } from "./listeners/index.ts";
import { workspacesOf } from "./listeners/workspace-of.ts";
import { MirrorDesk } from "./mirror/mirror-desk.ts";
import { describeError, QuietLogger } from "./quiet-logger.ts";
import { createReceiver, ENDPOINT } from "./receiver.ts";
import { REQUEST_TIMEOUT_MS, webSlack } from "./slack/web-slack.ts";
import { BotKey } from "./stores/bot-key.ts";
import { loadOrCreateKey, parseKey } from "./stores/key-file.ts";
import { prismaStores } from "./stores/prisma-stores.ts";
import type { Stores } from "./stores/stores.ts";
import { CardSweep } from "./use-cases/card-sweep.ts";
import { recoverJob } from "./use-cases/recover-job.ts";
import { type SlackFor, Workspaces } from "./workspace.ts";

/** How long a stop waits for shares that are under way. */
const DRAIN_MS = 10_000;
/** A command's caller waits: four tries in about fifteen seconds, then a sentence. */
const RETRIES = { retries: 4, factor: 2, minTimeout: 1000 };

export interface Bot {
  /** Where Slack's requests go; null in Socket Mode. */
  readonly url: string | null;
  /** Resolves when everything that came in has been worked through. */
  idle(): Promise<void>;
  /** Resolves when what was heard of mirrored threads and chats is on both sides. */
  mirrored(): Promise<void>;
  /** Compares the cards that are due with what their links show; resolves when that is done. */
  compareCards(): Promise<void>;
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
  const clientOptions = clientOptionsOf(config, logger);
  const kept = stores ?? prismaStores({ databaseUrl: config.databaseUrl, key: await loadKey(config) });
  const { installations, installStates, events } = kept;
  const onFailure = (error: unknown) => logger.error(`Renewing a token failed: ${describeError(error)}`);
  const access = await createAccess({ tenancy: config.tenancy, installations, clientOptions, onFailure }).catch(
    async (error: unknown) => {
      await kept.close();
      throw error;
    },
  );
  const workspaces = new Workspaces({
    server: config.serverUrl,
    stores: kept,
    access,
    slackFor: slackFor({ clientOptions, apiUrl: config.slackApiUrl }),
  });
  const desk = new MirrorDesk({
    store: kept.mirrors,
    workspaces,
    onFailure: (error) => logger.warn(`Mirroring failed, and is tried again: ${describeError(error)}`),
  });
  const receiver = new FirewallReceiver(createReceiver({ ...config, logger, installations, installStates }), {
    intake: new Intake({ events, onMissed: (team) => desk.missed({ team }) }),
    unclaimed: new Unclaimed({ log: (line) => logger.warn(line) }),
  });
  const app = new App({
    receiver,
    logger,
    logLevel: level,
    clientOptions,
    authorize: authorizer(access),
    convoStore: false,
  });
  app.error(async (error) => logger.error(`A request failed: ${describeError(error.original ?? error)}`));
  const departures = departuresOf({ access, workspaces, desk, stores: kept, log: (line) => logger.info(line) });
  registerListeners(app, {
    workspaceOf: workspacesOf(workspaces),
    mirrors: { store: kept.mirrors, desk },
    ...departures,
  });

  const recovery = new Recovery({
    jobs: kept.jobs,
    recover: async (job) => recoverJob(await workspaces.enter({ team: job.team }), job),
    onFailure: (error) => logger.warn(`Telling of interrupted work failed: ${describeError(error)}`),
  });
  recovery.start();
  const sweep = new CardSweep({
    cards: kept.cards,
    workspaces,
    onFailure: (error) => logger.warn(`Comparing a card failed: ${describeError(error)}`),
  });
  sweep.start();
  desk.start();
  const address = await app.start(...listenArguments(config)).catch((error: unknown) => {
    throw asListenError(error, config);
  });
  return {
    url: config.line.type === "http" ? urlOf(config.line.host, address) : null,
    idle: () => receiver.idle(),
    mirrored: () => desk.idle(),
    compareCards: () => sweep.look(),
    stop: once(async () => {
      await receiver.stop();
      await recovery.stop();
      await sweep.stop();
      await Promise.race([desk.stop(), pause(DRAIN_MS)]);
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

function clientOptionsOf({ slackApiUrl }: Config, logger: QuietLogger): webApi.WebClientOptions {
  return {
    logger,
    retryConfig: RETRIES,
    timeout: REQUEST_TIMEOUT_MS,
    // `Pace` waits per method; by itself the client would hold everything back.
    rejectRateLimitedCalls: true,
    ...(slackApiUrl ? { slackApiUrl } : {}),
  };
}

function slackFor(options: { clientOptions: webApi.WebClientOptions; apiUrl: string | null }): SlackFor {
  const { clientOptions, apiUrl } = options;
  return ({ botToken }, pace) => {
    const client = new webApi.WebClient(botToken, clientOptions);
    const once = new webApi.WebClient(botToken, { ...clientOptions, retryConfig: { retries: 0 } });
    return webSlack({ client, once, token: botToken, apiUrl, pace });
  };
}

function authorizer(access: Access) {
  return async (origin: Origin) => {
    const { botToken, botId, botUser } = await access.of(origin);
    return { botToken, botId, botUserId: botUser };
  };
}

function asListenError(error: unknown, { line }: Config): unknown {
  if (line.type !== "http" || !(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) return error;
  const message = `The Slack bot cannot start: port ${line.port} is taken. Set BOT_PORT to another one.`;
  return new BotError("bad_configuration", message);
}

async function loadKey({ botKey, dataDir }: Config): Promise<BotKey> {
  return new BotKey(botKey ? parseKey(botKey, "BOT_KEY") : await loadOrCreateKey(dataDir));
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
