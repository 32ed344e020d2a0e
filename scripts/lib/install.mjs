import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command.mjs";
import { Problem } from "./problem.mjs";

/**
 * Installs what package-lock.json says, unless that is what is installed.
 * @param {{ root: string, progress: import("./progress.mjs").Progress, signal: AbortSignal }} options
 */
export async function install({ root, progress, signal }) {
  if (isInstalled(root)) return;
  await progress.phase({ doing: "installing packages", done: "packages installed" }, async () => {
    const [command, ...first] = npm();
    // Nothing we use needs an install script to run: npm 10 would run them all, and one of them downloads a database
    // engine that is never used. NODE_ENV=production must not leave out what the build needs.
    const flags = ["--ignore-scripts", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
    const { code, output } = await run(command, [...first, "ci", ...flags], { cwd: root, signal });
    if (code !== 0) throw new Problem(`The packages could not be installed. npm says:\n\n${output.trim()}\n`);
  });
}

/** The npm that runs us, else the one on the PATH. */
function npm() {
  const script = process.env.npm_execpath;
  return script?.endsWith("npm-cli.js")
    ? /** @type {const} */ ([process.execPath, script])
    : /** @type {const} */ (["npm"]);
}

/**
 * npm writes down what it has installed, as the last thing it does, in the form of package-lock.json.
 * @typedef {{ version?: string, link?: boolean, optional?: boolean, os?: string[], cpu?: string[], libc?: string[] }} LockEntry
 * @param {string} root
 */
function isInstalled(root) {
  const wanted = readLock(join(root, "package-lock.json"));
  const present = readLock(join(root, "node_modules/.package-lock.json"));
  if (wanted === null)
    throw new Problem("package-lock.json is missing: this is not a complete copy of the repository.");
  if (present === null) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes("node_modules/") || !isForThisMachine(entry)) return true;
    const found = present[path];
    return found !== undefined && found.version === entry.version;
  });
}

/**
 * Optional packages come in a variant for each kind of machine.
 * @param {LockEntry} entry
 */
function isForThisMachine({ optional, os, cpu, libc }) {
  if (!optional) return true;
  return os?.includes(process.platform) === true && cpu?.includes(process.arch) === true && libc === undefined;
}

/**
 * @param {string} file
 * @returns {Record<string, LockEntry> | null}
 */
function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return null;
  }
}
