import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { readTestEnv } from "./env.ts";

const SERVICES = fileURLToPath(new URL("../../scripts/test-services.mjs", import.meta.url));

/**
 * Vitest's global set-up: one PostgreSQL for all test files, in which each makes databases of its own. `npm test` has one
 * running for all packages; a run of one package alone starts its own and ends it.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { databaseUrl } = readTestEnv();
  if (databaseUrl !== null) {
    provide(project, databaseUrl);
    return async () => {};
  }
  const child = spawn(process.execPath, [SERVICES], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close");
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), "line"), ended]);
  const url = /^TEST_DATABASE_URL=(\S+)$/.exec(String(line))?.[1];
  if (url === undefined) throw new Error("PostgreSQL for the tests does not start.");
  provide(project, url);
  return async () => {
    // It ends when nobody holds its stdin any more, so it ends too when this process is killed.
    child.stdin.end();
    await ended;
  };
}

function provide(project: TestProject, adminUrl: string): void {
  project.provide("postgresUrl", adminUrl.replace(/\/[^/]*$/, ""));
}

declare module "vitest" {
  export interface ProvidedContext {
    /** Without a database's name at the end. */
    postgresUrl: string;
  }
}
