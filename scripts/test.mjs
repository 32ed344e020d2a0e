// `npm test`: everything from a fresh clone to one line that says how many checks passed. Words after `npm test --` are
// packages to run alone.
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "./lib/build.mjs";
import { run } from "./lib/command.mjs";
import { install } from "./lib/install.mjs";
import { interruption } from "./lib/interruption.mjs";
import { checkNodeVersion } from "./lib/node-version.mjs";
import { startPostgres } from "./lib/postgres.mjs";
import { describe, Problem } from "./lib/problem.mjs";
import { Progress } from "./lib/progress.mjs";
import { ROOT } from "./lib/root.mjs";
import { sideBySide } from "./lib/side-by-side.mjs";
import { CHROMIUM, PG_DUMP, provide, REDIS } from "./lib/system-program.mjs";
import { Tally } from "./lib/tally.mjs";
import { TEST_SETTINGS } from "./lib/test-postgres.mjs";
import { runVitest } from "./lib/vitest.mjs";
import { readWorkspaces } from "./lib/workspaces.mjs";

/** Packages at a time. */
const LANES = 2;
/** Packages that take long, longest first: the others fit beside them. */
const LONG = ["e2e", "realtime", "bot"];
/** Files in all that are tried again when they failed: more of them than this don't fail because a machine is busy. */
const SECOND_TRIES = 3;

const progress = new Progress();
const signal = interruption();
const tally = new Tally();

process.exitCode = await main();

/** @returns {Promise<number>} the exit code */
async function main() {
  try {
    checkNodeVersion();
    await install({ root: ROOT, progress, signal });
    await build({ root: ROOT, progress, signal });
    await check(selected(process.argv.slice(2)));
  } catch (error) {
    process.stdout.write(`${describe(error)}\n`);
    await tally.add("set-up", async () => ({ passed: 0, failed: 1, output: "The tests were not run to their end." }));
  }
  process.stdout.write(`${tally}\n`);
  return tally.failed === 0 ? 0 : 1;
}

/** @param {string[]} names */
function selected(names) {
  const workspaces = readWorkspaces(ROOT);
  const unknown = names.filter((name) => !workspaces.some(({ folder }) => folder === name));
  if (unknown.length > 0) {
    throw new Problem(
      `There is no package ${unknown.join(", ")}. There are: ${workspaces.map((w) => w.folder).join(", ")}`,
    );
  }
  return names.length === 0 ? workspaces : workspaces.filter(({ folder }) => names.includes(folder));
}

/** @param {import("./lib/workspaces.mjs").Workspace[]} workspaces */
async function check(workspaces) {
  await tally.add("types", () => checkTypes(workspaces));
  await tally.add("lint", lint);
  await provide(REDIS, { progress, signal });
  await provide(PG_DUMP, { progress, signal });
  const chromium = process.env.CHROMIUM_PATH || (await provide(CHROMIUM, { progress, signal }));
  // All temporary files of all tests go in here, so nothing is left however they end.
  const scratch = await mkdtemp(join(tmpdir(), "openmates-share-test-"));
  try {
    await chmod(scratch, 0o711);
    const options = { root: ROOT, dataDir: scratch, settings: TEST_SETTINGS, signal };
    const postgres = await progress.phase({ doing: "starting the database", done: "database started" }, () => {
      return startPostgres(options);
    });
    try {
      const env = { TEST_DATABASE_URL: postgres.url, CHROMIUM_PATH: chromium, TMPDIR: scratch };
      const setting = { root: ROOT, scratch, env, signal };
      /** @type {{ workspace: import("./lib/workspaces.mjs").Workspace, failed: number, files: string[] }[]} */
      const broken = [];
      const jobs = longestFirst(workspaces.filter(({ hasTests }) => hasTests)).map((workspace) => async () => {
        const { failed, failedFiles } = await tally.add(workspace.folder, () => runVitest(workspace, setting));
        if (failed > 0) broken.push({ workspace, failed, files: failedFiles });
      });
      await sideBySide(jobs, LANES);
      if (broken.flatMap(({ files }) => files).length > SECOND_TRIES) return;
      for (const { workspace, failed, files } of broken.filter(({ files }) => files.length > 0)) {
        const again = () => runVitest(workspace, { ...setting, files });
        await tally.addSecondTry({ name: workspace.folder, failed }, again);
      }
    } finally {
      await postgres.stop();
    }
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @param {import("./lib/workspaces.mjs").Workspace[]} workspaces */
function longestFirst(workspaces) {
  const rank = (/** @type {string} */ folder) => (LONG.includes(folder) ? LONG.indexOf(folder) : LONG.length);
  return workspaces.toSorted((a, b) => rank(a.folder) - rank(b.folder));
}

/** @param {import("./lib/workspaces.mjs").Workspace[]} workspaces */
async function checkTypes(workspaces) {
  const ours = workspaces.flatMap(({ tsconfig }) => (tsconfig === null ? [] : [tsconfig]));
  const runs = [];
  for (const tsconfig of [join(ROOT, "scripts/tsconfig.json"), ...ours]) {
    const args = [join(ROOT, "node_modules/typescript/bin/tsc"), "--noEmit", "-p", tsconfig];
    runs.push(await run(process.execPath, args, { cwd: ROOT, signal }));
  }
  const failed = runs.filter(({ code }) => code !== 0);
  const output = failed.map((each) => each.output.trim()).join("\n");
  return { passed: runs.length - failed.length, failed: failed.length, output };
}

async function lint() {
  const args = [
    join(ROOT, "node_modules/@biomejs/biome/bin/biome"),
    "check",
    "--error-on-warnings",
    "--max-diagnostics=50",
  ];
  const { code, output } = await run(process.execPath, args, { cwd: ROOT, signal });
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, output };
}
