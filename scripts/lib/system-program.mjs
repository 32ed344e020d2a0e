import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "./command.mjs";
import { Problem } from "./problem.mjs";

/**
 * A program that the tests need and npm does not bring. `names`: what it may be called; `debian`: the packages there that bring
 * it, the best first; `advice`: how a person gets it elsewhere.
 * @typedef {{ title: string, names: readonly string[], debian: readonly string[], advice: string }} SystemProgram
 */

/** @type {SystemProgram} */
export const REDIS = {
  title: "Redis",
  names: ["redis-server"],
  debian: ["redis-server"],
  advice: "Install it so that redis-server is on the PATH: apt install redis-server, or brew install redis.",
};

/** @type {SystemProgram} */
export const PG_DUMP = {
  title: "pg_dump",
  names: ["pg_dump"],
  debian: ["postgresql-client"],
  advice: "Install PostgreSQL's client programs: apt install postgresql-client, or brew install libpq.",
};

/** First its build without a window, which takes a third less of the processor. @type {SystemProgram} */
export const CHROMIUM = {
  title: "Chromium",
  names: ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
  debian: ["chromium-headless-shell", "chromium"],
  advice:
    "Install it (apt install chromium-headless-shell, or chromium), or set CHROMIUM_PATH to a Chromium or Chrome that you have.",
};

/**
 * The path of a program, which is installed first when it is missing and we may.
 * @param {SystemProgram} program
 * @param {{ progress: import("./progress.mjs").Progress, signal: AbortSignal }} options
 * @throws {Problem} that says how to get it
 */
export async function provide(program, { progress, signal }) {
  const present = find(program.names);
  if (present !== null) return present;
  const { title, names, debian, advice } = program;
  return await progress.phase({ doing: `installing ${title}`, done: `${title} installed` }, async () => {
    const reason = await aptInstall(debian, signal);
    const installed = find(names);
    if (installed !== null) return installed;
    throw new Problem(`The tests need ${title}, and it is not here${reason === "" ? "" : ` (${reason})`}. ${advice}`);
  });
}

/**
 * @param {readonly string[]} names
 * @returns {string | null}
 */
function find(names) {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable) ?? null;
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {readonly string[]} packages any one of them will do
 * @param {AbortSignal} signal
 * @returns {Promise<string>} why none is installed, "" when one is
 */
async function aptInstall(packages, signal) {
  if (find(["apt-get"]) === null) return "there is no apt-get to install it";
  const root = process.getuid?.() === 0;
  if (!root && find(["sudo"]) === null) return "only root can install it";
  const apt = async (/** @type {string[]} */ ...args) => {
    const words = [...(root ? [] : ["sudo", "-n"]), "apt-get", "-qq", ...args];
    return await run(words[0] ?? "", words.slice(1), { cwd: "/", env: { DEBIAN_FRONTEND: "noninteractive" }, signal });
  };
  // A failed update may still leave older lists that do.
  await apt("update");
  let reason = "";
  for (const name of packages) {
    const { code, output } = await apt("install", "--yes", "--no-install-recommends", name);
    if (code === 0) return "";
    reason = `apt-get says: ${output.trim().split("\n").at(-1)}`;
  }
  return reason;
}
