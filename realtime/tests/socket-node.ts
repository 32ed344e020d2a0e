import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createDatabase, type PrismaClient } from "@openmates-share/prisma";
import type { ServiceInfo } from "@openmates-share/protocol/wire";
import { Gate } from "../src/access/gate.ts";
import { Revocations } from "../src/access/revocations.ts";
import { Sessions } from "../src/accounts/sessions.ts";
import { Membership } from "../src/chats/membership.ts";
import { openCluster } from "../src/cluster/cluster.ts";
import type { MateConfig } from "../src/config.ts";
import { Committer } from "../src/messages/committer.ts";
import { MessageStore } from "../src/messages/message-store.ts";
import { attachSocket } from "../src/socket/index.ts";
import { fixedKeys, Vault } from "../src/vault/vault.ts";
import { KeptLog } from "./kept-log.ts";

/** One node of the server with its socket alone, on a port of its own. */
export interface SocketNode {
  readonly url: string;
  readonly mate: ServiceInfo["mate"];
  readonly database: PrismaClient;
  readonly revocations: Revocations;
  readonly log: KeptLog;
  stop(): Promise<void>;
}

const KEY = new Uint8Array(32).fill(7);
/** All nodes of a test can open what the others sealed, also those that are processes of their own. */
export const VAULT_KEY = Buffer.from(KEY).toString("base64");

export async function startSocketNode(options: {
  databaseUrl: string;
  redisUrl?: string | null;
  mate?: MateConfig;
  lookRoundMs?: number;
}): Promise<SocketNode> {
  const { databaseUrl, redisUrl = null, mate = { type: "demo" } } = options;
  const database = createDatabase({ databaseUrl, poolSize: 5 });
  const http = createServer((_, response) => response.writeHead(404).end());
  const gate = new Gate({ database });
  const revocations = new Revocations();
  const committer = new Committer({ database });
  const log = new KeptLog();
  const cluster = await openCluster({ redisUrl, revocations, log });
  const socket = await attachSocket({
    http,
    gate,
    sessions: new Sessions({ database }),
    committer,
    messages: new MessageStore({ database }),
    membership: new Membership({ database, gate, revocations }),
    revocations,
    cluster,
    database,
    vault: new Vault(fixedKeys([{ version: 1, key: KEY }])),
    config: { mate, trustedProxies: 0 },
    log,
    ...(options.lookRoundMs === undefined ? {} : { lookRoundMs: options.lookRoundMs }),
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    mate: socket.mate,
    database,
    revocations,
    log,
    async stop() {
      await socket.stop();
      await cluster.stop();
      await committer.stop();
      await new Promise((resolve) => http.close(resolve));
      await database.$disconnect();
    },
  };
}
