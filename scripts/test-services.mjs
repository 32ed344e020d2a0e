// `npm run test:services`: a PostgreSQL for tests that keeps nothing. Prints how to reach it and runs until its stdin closes
// or it is interrupted, so that nothing is left when whoever started it is killed. With `--no-newer-than=15` it is one that
// programs of that version understand. With `--durable` it keeps what it has said it keeps; "crash" on its stdin ends it as a
// power cut does, and "start" starts it again.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startPostgres } from "./lib/postgres.mjs";
import { binariesNoNewerThan } from "./lib/postgres-binaries.mjs";
import { describe } from "./lib/problem.mjs";
import { ROOT } from "./lib/root.mjs";
import { DURABLE_SETTINGS, TEST_SETTINGS } from "./lib/test-postgres.mjs";

const newest = process.argv.find((word) => word.startsWith("--no-newer-than="))?.split("=")[1];
const durable = process.argv.includes("--durable");
const interrupt = new AbortController();
const end = () => interrupt.abort();
for (const name of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(name, end);
process.stdin.on("end", end);
const words = createInterface({ input: process.stdin });

const dataDir = await mkdtemp(join(tmpdir(), "openmates-share-postgres-"));
try {
  const { signal } = interrupt;
  const binaries = await binariesNoNewerThan(newest === undefined ? Number.POSITIVE_INFINITY : Number(newest));
  const settings = durable ? DURABLE_SETTINGS : TEST_SETTINGS;
  const start = async () => {
    const postgres = await startPostgres({ root: ROOT, dataDir, settings, binaries, signal });
    process.stdout.write(`TEST_DATABASE_URL=${postgres.url}\n`);
    return postgres;
  };
  let postgres = await start();
  const asked = new Promise((resolve) => interrupt.signal.addEventListener("abort", resolve));
  /** @returns {Promise<string>} */
  const nextWord = () => new Promise((resolve) => words.once("line", resolve));
  for (let crashed = durable; crashed; ) {
    const word = nextWord();
    crashed = (await Promise.race([word, asked, postgres.ended.then(() => "ended")])) === "crash";
    if (!crashed) break;
    const restart = nextWord();
    postgres.kill();
    await postgres.ended;
    process.stdout.write("CRASHED\n");
    await Promise.race([restart, asked]);
    postgres = await start();
  }
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
