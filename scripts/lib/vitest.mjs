import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { run } from "./command.mjs";

/**
 * What we read of Vitest's report.
 * @typedef {{ name: string, status: string, message?: string, assertionResults: { status: string }[] }} FileReport
 * @typedef {{ success: boolean, testResults: FileReport[] }} Report
 */

/** A busy machine makes no test fail that would pass: this only ends what hangs. Milliseconds. */
const PATIENCE = 300_000;

/** Files at a time: they wait for servers, browsers and databases longer than they compute. */
const WORKERS = Math.max(3, availableParallelism());

/**
 * Runs the tests of one package. A test that is skipped counts as failed, and so does a file that cannot be loaded, a run
 * that breaks off, and a package whose tests are not found: all of them say less than they promise.
 * @param {import("./workspaces.mjs").Workspace} workspace
 * @param {{ root: string, scratch: string, env: NodeJS.ProcessEnv, signal: AbortSignal, files?: string[] }} options scratch:
 *   a folder to write to; files: to run alone, with their whole paths
 * @returns {Promise<import("./tally.mjs").Outcome & { failedFiles: string[] }>} failedFiles: none when the run broke off
 */
export async function runVitest({ folder, path }, { root, scratch, env, signal, files = [] }) {
  const file = join(scratch, `${folder}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const patience = [`--testTimeout=${PATIENCE}`, `--hookTimeout=${PATIENCE}`];
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const args = [vitest, "run", ...files, "--root", path, `--maxWorkers=${WORKERS}`, ...patience, ...reporters];
  const { code, output } = await run(process.execPath, args, {
    cwd: path,
    env: { ...env, CI: "1", NO_COLOR: "1" },
    signal,
  });
  const report = await readReport(file);
  const statuses = report.testResults.flatMap((result) => result.assertionResults.map(({ status }) => status));
  const passed = statuses.filter((status) => status === "passed").length;
  const broken = report.testResults.filter(({ status, assertionResults }) => {
    return status === "failed" && !assertionResults.some((test) => test.status === "failed");
  }).length;
  const failed = statuses.length - passed + broken;
  const silent = passed + failed === 0 || (failed === 0 && code !== 0);
  const failedFiles = report.testResults.filter(({ status }) => status === "failed").map(({ name }) => name);
  return { passed, failed: silent ? failed + 1 : failed, output, failedFiles: silent ? [] : failedFiles };
}

/**
 * @param {string} file
 * @returns {Promise<Report>} an empty one when the run broke off before it was written
 */
async function readReport(file) {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return { success: false, testResults: [] };
  }
}
