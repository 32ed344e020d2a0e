import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { readTestEnv } from "./env.ts";
import { createTemplate } from "./template.ts";

const SERVICES = fileURLToPath(new URL("../../scripts/test-services.mjs", import.meta.url));

/**
 * Vitest's global set-up: one PostgreSQL for all test files, and a migrated database in it of which each file makes copies
 * of its own. `npm test` has a PostgreSQL running for all packages; a run of one package alone starts its own and ends it.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { databaseUrl } = readTestEnv();
  const { url, stop } = databaseUrl === null ? await startPostgres() : { url: databaseUrl, stop: async () => {} };
  const postgresUrl = url.replace(/\/[^/]*$/, "");
  project.provide("postgresUrl", postgresUrl);
  const template = await createTemplate(postgresUrl);
  project.provide("templateDatabase", template.name);
  return async () => {
    await template.stop();
    await stop();
  };
}

/** A PostgreSQL of one's own, of a version that programs of the given one understand. */
export async function startPostgres(
  options: { noNewerThan?: number } = {},
): Promise<{ url: string; stop(): Promise<void> }> {
  const { noNewerThan } = options;
  const args = noNewerThan === undefined ? [] : [`--no-newer-than=${noNewerThan}`];
  const child = spawn(process.execPath, [SERVICES, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close");
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), "line"), ended]);
  const url = /^TEST_DATABASE_URL=(\S+)$/.exec(String(line))?.[1];
  if (url === undefined) throw new Error("PostgreSQL for the tests does not start.");
  return {
    url,
    async stop() {
      // It ends when nobody holds its stdin any more, so it ends too when this process is killed.
      child.stdin.end();
      await ended;
    },
  };
}

/** A PostgreSQL of a test's own that keeps what it says it keeps, as an installation's does. */
export interface DurablePostgres {
  readonly url: string;
  /** Ends it in the middle of everything, as a power cut does. */
  crash(): Promise<void>;
  /** Starts it again where it was, with what it has kept. */
  start(): Promise<void>;
  /** May be called twice. */
  stop(): Promise<void>;
}

export async function startDurablePostgres(): Promise<DurablePostgres> {
  const child = spawn(process.execPath, [SERVICES, "--durable"], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close");
  const lines = createInterface({ input: child.stdout });
  const nextLine = async () => String((await Promise.race([once(lines, "line"), ended]))[0]);
  const say = async (word: string) => {
    const answer = nextLine();
    child.stdin.write(`${word}\n`);
    return answer;
  };
  const first = await nextLine();
  const url = /^TEST_DATABASE_URL=(\S+)$/.exec(first)?.[1];
  if (url === undefined) throw new Error("PostgreSQL for the tests does not start.");
  return {
    url,
    async crash() {
      if ((await say("crash")) !== "CRASHED") throw new Error("PostgreSQL does not crash.");
    },
    async start() {
      if ((await say("start")) !== first) throw new Error("PostgreSQL is not where it was.");
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}

declare module "vitest" {
  export interface ProvidedContext {
    /** Without a database's name at the end. */
    postgresUrl: string;
    /** Name of the migrated database that tests copy. */
    templateDatabase: string;
  }
}
