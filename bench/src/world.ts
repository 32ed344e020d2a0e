import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDatabase, migrate, type PrismaClient } from "@openmates-share/prisma";
import { launchBrowser, type TestBrowser } from "@openmates-share/testing/browser";
import { startPostgres } from "@openmates-share/testing/postgres";
import { type Program, startProgram } from "@openmates-share/testing/program";
import { startRedis } from "@openmates-share/testing/redis";
import { type ServerProcess, startServer } from "@openmates-share/testing/server-process";
import { type BenchChat, shareChat } from "./chat.ts";
import { pin } from "./cores.ts";
import { familyOf } from "./process-figures.ts";

/**
 * What all servers of a run share: one database, so one vault. And one proxy is trusted, so that requests can come from as
 * many addresses as they would in earnest.
 */
const SHARED_ENV = { TRUSTED_PROXIES: "1", VAULT_KEY: randomBytes(32).toString("base64") } as const;

/** What is measured runs here: one PostgreSQL, one server, one Chromium, each started when it is first needed. */
export class World {
  /** How many times smaller everything is; 1 for figures that mean something. */
  readonly divisor: number;
  readonly #log: (line: string) => void;
  readonly #stops: (() => Promise<unknown>)[] = [];
  readonly #made = new Map<string, Promise<unknown>>();

  constructor(options: { small: boolean; log: (line: string) => void }) {
    this.divisor = options.small ? 100 : 1;
    this.#log = options.log;
  }

  /** What is going on, for whoever waits. */
  log(line: string): void {
    this.#log(line);
  }

  /** A size, as small as this world. */
  scaled(count: number): number {
    return Math.max(1, Math.round(count / this.divisor));
  }

  server(): Promise<ServerProcess> {
    return this.#once("server", async () => {
      const databaseUrl = await this.databaseUrl();
      const server = await startServer({ databaseUrl, env: SHARED_ENV });
      this.#stops.push(() => server.stop());
      return server;
    });
  }

  /** Our server on a core of its own, with the database on the other one, where the load is. */
  pinnedServer(): Promise<ServerProcess> {
    return this.#once("pinned server", () => this.freshServer());
  }

  /** One more of those, which the caller may stop before the world does. */
  async freshServer(
    options: { redisUrl?: string; env?: Readonly<Record<string, string>> } = {},
  ): Promise<ServerProcess> {
    const databaseUrl = await this.databaseUrl();
    await this.#pinDatabase();
    const server = await startServer({ ...options, databaseUrl, env: { ...SHARED_ENV, ...options.env } });
    pin(server.pid, "server");
    this.#stops.push(() => server.stop());
    return server;
  }

  /** What a program needs to be our server in all but one thing. */
  async serverEnv(): Promise<Readonly<Record<string, string>>> {
    const folder = await this.folder();
    const database = { DATABASE_URL: await this.databaseUrl(), DATA_DIR: folder };
    return {
      HOST: "127.0.0.1",
      PORT: "0",
      ...database,
      ...SHARED_ENV,
    };
  }

  /** A program to stand beside our server, on the core where that is. */
  async rival(name: string, env: Readonly<Record<string, string>> = {}): Promise<Program> {
    await this.#pinDatabase();
    const rival = await startProgram({ script: `bench/dist/${name}.js`, env });
    pin(rival.pid, "server");
    this.#stops.push(() => rival.stop());
    return rival;
  }

  async redisUrl(): Promise<string> {
    const redis = await this.#once("redis", async () => {
      const started = await startRedis();
      this.#stops.push(() => started.stop());
      return started;
    });
    return redis.url;
  }

  /** This process, which makes the load, and what it starts from now on stay on the other core than what serves. */
  takeLoadCore(): void {
    pin(process.pid, "load");
  }

  /** The same the other way round, for what is measured within this process; the database stays on the load's core. */
  async takeServerCore(): Promise<void> {
    await this.#pinDatabase();
    pin(process.pid, "server");
  }

  /** One's own PostgreSQL shares the load's core; one that was given stays where it is. */
  #pinDatabase(): Promise<void> {
    return this.#once("pinned database", async () => {
      if (process.env.TEST_DATABASE_URL) return;
      const database = await this.database();
      const [row] = await database.$queryRaw<{ pid: number }[]>`select pg_backend_pid() as pid`;
      if (!row) return;
      for (const pid of await familyOf(row.pid)) pin(pid, "load");
    });
  }

  browser(): Promise<TestBrowser> {
    return this.#once("browser", async () => {
      const browser = await launchBrowser();
      this.#stops.push(() => browser.stop());
      return browser;
    });
  }

  /** A chat that was shared once for all measurements of this run. */
  chat(length: number): Promise<BenchChat> {
    return this.#once(`chat ${length}`, async () => {
      const { url } = await this.server();
      if (length >= 10_000) this.#log(`sharing a chat of ${length.toLocaleString("en")} messages …`);
      return shareChat(url, { length });
    });
  }

  /** The server's database, to bring about what would take days. */
  database(): Promise<PrismaClient> {
    return this.#once("database", async () => {
      const database = createDatabase({ databaseUrl: await this.databaseUrl(), poolSize: 1 });
      this.#stops.push(() => database.$disconnect());
      return database;
    });
  }

  /** A folder that is removed at the end. */
  folder(): Promise<string> {
    return this.#once("folder", async () => {
      const folder = await mkdtemp(join(tmpdir(), "openmates-share-bench-"));
      this.#stops.push(() => rm(folder, { recursive: true, force: true }));
      return folder;
    });
  }

  /** May be called twice. */
  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0).toReversed()) await stop();
  }

  databaseUrl(): Promise<string> {
    return this.#once("postgres", async () => {
      const given = process.env.TEST_DATABASE_URL;
      const postgres = given ? { url: given, stop: async () => undefined } : await startPostgres();
      this.#stops.push(() => postgres.stop());
      const name = `bench_${process.pid}`;
      const admin = createDatabase({ databaseUrl: postgres.url, poolSize: 1 });
      this.#stops.push(async () => {
        await admin.$executeRawUnsafe(`drop database if exists ${name} with (force)`);
        await admin.$disconnect();
      });
      await admin.$executeRawUnsafe(`create database ${name}`);
      const databaseUrl = postgres.url.replace(/\/[^/]*$/, `/${name}`);
      await migrate({ databaseUrl });
      return databaseUrl;
    });
  }

  #once<T>(name: string, make: () => Promise<T>): Promise<T> {
    const known = this.#made.get(name) as Promise<T> | undefined;
    const made = known ?? make();
    this.#made.set(name, made);
    return made;
  }
}
