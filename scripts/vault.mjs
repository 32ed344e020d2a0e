// `npm run vault -- status | rotate | reseal | drop`: the vault's keys of this installation, while it runs.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { runningPostgres } from "./lib/postgres.mjs";
import { describe } from "./lib/problem.mjs";
import { checkDatabaseAnswers } from "./lib/reachable.mjs";
import { ROOT } from "./lib/root.mjs";
import { readSettings } from "./lib/settings.mjs";

try {
  const { dataDir, databaseUrl } = readSettings(process.env, {
    root: ROOT,
    cwd: process.env.INIT_CWD ?? process.cwd(),
  });
  const env = { ...process.env, DATA_DIR: dataDir, DATABASE_URL: databaseUrl ?? (await runningPostgres(dataDir)) };
  await checkDatabaseAnswers(env.DATABASE_URL);
  const script = join(ROOT, "realtime/dist/vault/main.js");
  const child = spawn(process.execPath, [script, ...process.argv.slice(2)], { env, stdio: "inherit" });
  const [code] = await once(child, "exit");
  process.exitCode = code ?? 1;
} catch (error) {
  process.stderr.write(`${describe(error)}\n`);
  process.exitCode = 1;
}
