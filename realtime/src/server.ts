import { createDatabase, migrate, type PrismaClient, poolFigures } from "@openmates-share/prisma";
import type { ServiceInfo } from "@openmates-share/protocol/wire";
import type { FastifyInstance } from "fastify";
import { Gate } from "./access/gate.ts";
import { Revocations } from "./access/revocations.ts";
import { Accounts } from "./accounts/accounts.ts";
import { Addresses } from "./accounts/addresses.ts";
import { Codes } from "./accounts/codes.ts";
import { Google } from "./accounts/google/google.ts";
import { Sessions } from "./accounts/sessions.ts";
import { SignIn } from "./accounts/sign-in.ts";
import { SignOuts } from "./accounts/sign-outs.ts";
import { SyncedKeyrings } from "./accounts/synced-keyrings.ts";
import { AbandonedChats } from "./chats/abandoned-chats.ts";
import { Chats } from "./chats/chats.ts";
import { Membership } from "./chats/membership.ts";
import { Successions } from "./chats/successions.ts";
import { type Cluster, openCluster } from "./cluster/cluster.ts";
import type { Config } from "./config.ts";
import { AbandonedEmbeds } from "./embeds/abandoned-embeds.ts";
import { EmbedGate } from "./embeds/embed-gate.ts";
import { EmbedLinks } from "./embeds/embed-links.ts";
import { EmbedParts } from "./embeds/embed-parts.ts";
import { EmbedPreviews } from "./embeds/embed-previews.ts";
import { Embeds } from "./embeds/embeds.ts";
import { createApp } from "./http/app.ts";
import { Epochs } from "./links/epochs.ts";
import { Invitations } from "./links/invitations.ts";
import { Links } from "./links/links.ts";
import { Views } from "./links/views.ts";
import { openMailer } from "./mail/index.ts";
import type { Mailer } from "./mail/mailer.ts";
import type { AppendBatch } from "./messages/append-messages.ts";
import { Committer } from "./messages/committer.ts";
import { Erasures } from "./messages/erasures.ts";
import { MessageStore } from "./messages/message-store.ts";
import { Uploads } from "./messages/uploads.ts";
import { countingLimiter } from "./metrics/counting-limiter.ts";
import { Metrics } from "./metrics/metrics.ts";
import { serveMetrics } from "./metrics/metrics-server.ts";
import { answerKnownPages } from "./preview/known-pages.ts";
import { Previews } from "./preview/previews.ts";
import { attachSocket } from "./socket/index.ts";
import { Vault } from "./vault/vault.ts";
import { openVaultKeys } from "./vault/vault-keys.ts";

export interface RunningServer {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** Finishes what is under way and closes everything; may be called twice. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Takes what is meant for whoever started it: where metrics are, mails that are not sent. Unless told, nobody sees it. */
  readonly print?: (text: string) => void;
  /** Takes the database's place for messages alone: for measuring what storing them costs. */
  readonly append?: AppendBatch;
}

/**
 * Starts everything on one port: API, socket, viewer, preview pages. The database is brought up to date first.
 * @throws when the database cannot be migrated, the vault's keys cannot be read or the port is taken; nothing stays open
 */
export async function createServer(config: Config, options: ServerOptions = {}): Promise<RunningServer> {
  await migrate(config);
  const vault = new Vault(await openVaultKeys({ given: config.vaultKeys, dataDir: config.dataDir }));
  const database = createDatabase({ databaseUrl: config.databaseUrl, poolSize: config.databasePool });
  const closing: (() => Promise<void>)[] = [() => database.$disconnect()];
  // In the opposite order of opening, so that nothing loses what it still works with.
  const closeAll = async () => {
    for (let close = closing.pop(); close; close = closing.pop()) await close();
  };
  try {
    const url = await open({ config, database, vault, closing, print: () => {}, ...options });
    let stopped: Promise<void> | null = null;
    return {
      url,
      stop: () => {
        stopped ??= closeAll();
        return stopped;
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

interface Opening {
  readonly config: Config;
  readonly database: PrismaClient;
  readonly vault: Vault;
  readonly closing: (() => Promise<void>)[];
  readonly print: (text: string) => void;
  readonly append?: AppendBatch;
}

async function open({ config, database, vault, closing, print, append }: Opening): Promise<string> {
  const metrics = new Metrics();
  const revocations = new Revocations();
  const gate = new Gate({ database });
  const embedGate = new EmbedGate({ database, chats: gate });
  const signOuts = new SignOuts();
  const sessions = new Sessions({ database, signOuts });
  const addresses = await Addresses.open({ database, vault });
  const messages = new MessageStore({ database });
  const membership = new Membership({ database, gate, revocations });
  const previews = new Previews({ database, gate, vault, revocations });
  const embedPreviews = new EmbedPreviews({ database, gate: embedGate, vault, revocations });
  const committer = new Committer({ database, append, metrics });
  closing.push(
    () => committer.stop(),
    async () => previews.stop(),
    async () => embedPreviews.stop(),
  );

  const chats = new Chats({ database, gate, messages, revocations });
  let service: ServiceInfo | null = null;
  let mailer: Mailer | null = null;
  let cluster: Cluster | null = null;
  // After the last request, which may still have news for the other nodes.
  closing.push(async () => cluster?.stop());
  const limiter = countingLimiter(
    {
      take: (request) => opened(cluster).limiter.take(request),
      stop: () => opened(cluster).limiter.stop(),
    },
    metrics,
  );
  const mail: Mailer = {
    get offered() {
      return opened(mailer).offered;
    },
    send: (message) => opened(mailer).send(message),
    stop: () => opened(mailer).stop(),
  };
  const app = await createApp(config, {
    sessions,
    accounts: new Accounts({ database, addresses, signOuts, chats, revocations }),
    addresses,
    codes: new Codes({ database, addresses }),
    signIn: new SignIn({ database, addresses, sessions, signOuts }),
    google: config.google && new Google({ config: config.google }),
    keyrings: new SyncedKeyrings({ database }),
    mailer: mail,
    limiter,
    metrics,
    previews,
    chats,
    uploads: new Uploads({ gate, committer }),
    erasures: new Erasures({ database, gate, revocations }),
    links: new Links({ database, gate, revocations, addresses }),
    views: new Views({ database, gate, revocations }),
    epochs: new Epochs({ database, gate, revocations, addresses }),
    successions: new Successions({ database, gate, revocations }),
    membership,
    invitations: new Invitations({ database, gate, addresses, mailer: mail, limiter }),
    embeds: new Embeds({ database, chats: gate, gate: embedGate, revocations }),
    embedParts: new EmbedParts({ database, gate: embedGate }),
    embedLinks: new EmbedLinks({ database, gate: embedGate, revocations }),
    embedPreviews,
    isReady: () => answers(database),
    service: () => opened(service),
  });
  mailer = openMailer(app, { config: config.mail, print, log: app.log });
  closing.push(
    async () => mailer?.stop(),
    () => app.close(),
  );
  cluster = await openCluster({ redisUrl: config.redisUrl, revocations, log: app.log });
  signOuts.attach(cluster.bus);
  const socket = await attachSocket({
    http: app.server,
    gate,
    sessions,
    committer,
    messages,
    membership,
    revocations,
    cluster,
    database,
    vault,
    config,
    metrics,
    categoryOf: async (chat) => (await previews.find(chat))?.category ?? null,
    log: app.log,
  });
  answerKnownPages(app, { previews, publicUrl: () => opened(service).publicUrl });
  const abandoned = new AbandonedChats({ database, log: app.log });
  const abandonedEmbeds = new AbandonedEmbeds({ database, log: app.log });
  closing.push(
    () => socket.stop(),
    () => abandoned.stop(),
    () => abandonedEmbeds.stop(),
  );

  if (config.metrics) {
    metrics.watch({ ...socket, databasePool: () => poolFigures(database) });
    const served = await serveMetrics(metrics, config.metrics);
    closing.push(() => served.stop());
    print(`metrics ${served.url}/metrics\n`);
  }
  await app.ready();
  const url = await listen(app, config);
  const google = config.google && {
    clientId: config.google.clientId,
    authorizeUrl: config.google.authorizeUrl,
    desktopClientId: config.google.desktop?.clientId ?? null,
  };
  service = {
    publicUrl: config.publicUrl ?? url,
    mate: socket.mate,
    signIn: { email: mailer.offered, google },
  };
  return url;
}

/** What is there before the first request can come. */
function opened<T>(part: T | null): T {
  if (part === null) throw new Error("The server was asked before it listened.");
  return part;
}

/** The address to reach it at: a wildcard is answered with this machine's own name for itself. */
async function listen(app: FastifyInstance, { host, port }: Config): Promise<string> {
  await app.listen({ host, port });
  const address = app.server.address();
  if (address === null || typeof address === "string") throw new Error("The server listens on no port.");
  const wildcard = address.address === "0.0.0.0" || address.address === "::";
  const name = wildcard ? "localhost" : address.address;
  return `http://${name.includes(":") ? `[${name}]` : name}:${address.port}`;
}

async function answers(database: PrismaClient): Promise<boolean> {
  try {
    await database.$queryRaw`select 1`;
    return true;
  } catch {
    return false;
  }
}
