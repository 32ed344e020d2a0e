// `npm run test:services`: a PostgreSQL for tests that keeps nothing. Prints how to reach it and runs until its stdin closes
// or it is interrupted, so that nothing is left when whoever started it is killed. With `--no-newer-than=15` it is one that
// programs of that version understand.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "./lib/postgres.mjs";
import { binariesNoNewerThan } from "./lib/postgres-binaries.mjs";
import { describe } from "./lib/problem.mjs";
import { ROOT } from "./lib/root.mjs";
import { TEST_SETTINGS } from "./lib/test-postgres.mjs";

const newest = process.argv.find((word) => word.startsWith("--no-newer-than="))?.split("=")[1];
const interrupt = new AbortController();
const end = () => interrupt.abort();
for (const name of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(name, end);
process.stdin.on("end", end).resume();

const dataDir = await mkdtemp(join(tmpdir(), "openmates-share-postgres-"));
try {
  const { signal } = interrupt;
  const binaries = await binariesNoNewerThan(newest === undefined ? Number.POSITIVE_INFINITY : Number(newest));
  const postgres = await startPostgres({ root: ROOT, dataDir, settings: TEST_SETTINGS, binaries, signal });
  process.stdout.write(`TEST_DATABASE_URL=${postgres.url}\n`);
  const asked = new Promise((resolve) => interrupt.signal.addEventListener("abort", resolve));
  await Promise.race([asked, postgres.ended]);
  await postgres.stop();
} catch (error) {
  if (!interrupt.signal.aborted) {
    process.stderr.write(`${describe(error)}\n`);
    process.exitCode = 1;
  }
} finally {
  await rm(dataDir, { recursive: true, force: true });
  process.stdin.destroy();
}
