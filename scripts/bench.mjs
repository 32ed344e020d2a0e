// `npm run bench`: everything from a fresh clone to a table of what is measured. Words after `npm run bench --` are
// measurements to run alone; `--json` prints one document, `--check` fails when a limit does not hold.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { build } from "./lib/build.mjs";
import { install } from "./lib/install.mjs";
import { interruption } from "./lib/interruption.mjs";
import { checkNodeVersion } from "./lib/node-version.mjs";
import { describe } from "./lib/problem.mjs";
import { Progress } from "./lib/progress.mjs";
import { ROOT } from "./lib/root.mjs";
import { CHROMIUM, provide } from "./lib/system-program.mjs";

const progress = new Progress();
const signal = interruption();

process.exitCode = await main();

/** @returns {Promise<number>} the exit code */
async function main() {
  try {
    checkNodeVersion();
    await install({ root: ROOT, progress, signal });
    await build({ root: ROOT, progress, signal });
    const chromium = process.env.CHROMIUM_PATH || (await provide(CHROMIUM, { progress, signal }));
    return await measure(chromium);
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`);
    return 1;
  }
}

/**
 * @param {string} chromium its path
 * @returns {Promise<number>} the exit code
 */
async function measure(chromium) {
  const args = [join(ROOT, "bench/dist/main.js"), ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, {
    stdio: "inherit",
    env: { ...process.env, CHROMIUM_PATH: chromium },
  });
  signal.addEventListener("abort", () => child.kill("SIGTERM"));
  const [code] = await once(child, "exit");
  return typeof code === "number" ? code : 1;
}
