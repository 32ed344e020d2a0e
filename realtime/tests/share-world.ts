import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ChatId,
  memoryStore,
  messageText,
  type Room,
  type RoomMessage,
  type SecretStore,
  ShareClient,
  textParts,
} from "@openmates-share/client";
import { createTestDatabase, type TestDatabase } from "@openmates-share/testing/database";
import type { TestModel } from "@openmates-share/testing/model";
import { startRedis, type TestRedis } from "@openmates-share/testing/redis";
import type { Config } from "../src/config.ts";
import { createServer, type RunningServer } from "../src/server.ts";
import { VAULT_KEY } from "./socket-node.ts";
import { until } from "./until.ts";

/** Two whole servers on one database and one Redis, and the people at them. */
export class ShareWorld {
  readonly database: TestDatabase;
  readonly #redis: TestRedis;
  readonly #dataDir: string;
  readonly #servers: readonly RunningServer[];
  #clients: ShareClient[] = [];

  private constructor(setup: { database: TestDatabase; redis: TestRedis; dataDir: string; servers: RunningServer[] }) {
    this.database = setup.database;
    this.#redis = setup.redis;
    this.#dataDir = setup.dataDir;
    this.#servers = setup.servers;
  }

  static async start(options: Partial<Pick<Config, "mate">> = {}): Promise<ShareWorld> {
    const [redis, database] = await Promise.all([startRedis(), createTestDatabase()]);
    const dataDir = await mkdtemp(join(tmpdir(), "share-data-"));
    const server = () =>
      createServer({
        host: "127.0.0.1",
        port: 0,
        publicUrl: null,
        databaseUrl: database.databaseUrl,
        databasePool: 5,
        redisUrl: redis.url,
        dataDir,
        viewerDir: join(dataDir, "no-viewer"),
        vaultKeys: VAULT_KEY,
        mate: options.mate ?? { type: "demo" },
        mail: { type: "none" },
        google: null,
        logLevel: "silent",
        trustedProxies: 0,
        metrics: null,
      });
    return new ShareWorld({ redis, database, dataDir, servers: await Promise.all([server(), server()]) });
  }

  urlOf(node: 0 | 1): string {
    return this.#servers[node]?.url ?? "";
  }

  /** A device at one of the servers; closed with `closeClients`. */
  client(options: { node?: 0 | 1 } & Partial<ConstructorParameters<typeof ShareClient>[0]> = {}): ShareClient {
    const { node = 0, store = memoryStore(), ...rest } = options;
    const client = new ShareClient({ server: this.urlOf(node), store, ...rest });
    this.#clients.push(client);
    return client;
  }

  async closeClients(): Promise<void> {
    await Promise.all(this.#clients.splice(0).map((client) => client.close()));
  }

  async stop(): Promise<void> {
    await this.closeClients();
    await Promise.all(this.#servers.map((server) => server.stop()));
    await this.database.stop();
    await this.#redis.stop();
    await rm(this.#dataDir, { recursive: true, force: true });
  }
}

/** What makes a world's mate say what a test wants. */
export function mateOf({ env }: TestModel): Config["mate"] {
  return { type: "openai", apiKey: "k", baseUrl: env.OPENAI_BASE_URL, models: [{ id: "m", name: "M" }] };
}

/** A chat of three messages, shared by its owner. */
export async function shareChat(
  owner: ShareClient,
  options: Partial<Parameters<ShareClient["share"]>[1]> = {},
): Promise<{ chat: ChatId; url: string; room: Room }> {
  const messages = ["One", "Two", "Three"].map((text, i) => ({
    role: i % 2 ? ("assistant" as const) : ("user" as const),
    name: "",
    parts: textParts(text),
    time: null,
    model: null,
  }));
  const { chat, url } = await owner.share(
    { title: "Together", messages },
    { mode: "collaborative", name: "Ada", ...options },
  );
  const room = await live(owner.reopen(chat, { name: "Ada" }));
  return { chat, url, room };
}

/** The room once it is in, with everything there. */
export async function live(opening: Promise<Room>): Promise<Room> {
  const room = await opening;
  await until(() => room.state.connection === "live" && room.state.complete);
  return room;
}

/** The messages of a room, all of which are here in short chats. */
export function messagesOf({ state }: Room): RoomMessage[] {
  const { messages } = state;
  return Array.from({ length: messages.through }, (_, i) => messages.at(i + 1)).filter(
    (message) => message !== undefined,
  );
}

/** What a room's messages say; one that does not open says so. */
export function textsOf(room: Room): string[] {
  return messagesOf(room).flatMap(({ body }) => {
    if (body.type === "broken") return [`(${body.code})`];
    if (body.type === "reply") return [body.reply.text];
    if (body.type === "redacted") return [];
    return body.content.type === "message" ? [messageText(body.content)] : [];
  });
}

export async function says(room: Room, text: string): Promise<void> {
  await until(() => textsOf(room).includes(text));
}

/** A store with the same secrets: the same person's second device, or the first one after a crash. */
export async function copyOf(store: SecretStore): Promise<SecretStore> {
  const copy = memoryStore();
  for (const name of await store.names("")) {
    const bytes = await store.get(name);
    if (bytes) await copy.set(name, bytes);
  }
  return copy;
}
