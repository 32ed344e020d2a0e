import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { chown, mkdir, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { end } from "./ending.mjs";
import { spawnGuarded } from "./guarded.mjs";
import { freePort } from "./port.mjs";
import { databaseAccount, runAs } from "./postgres-account.mjs";
import { postgresBinaries } from "./postgres-binaries.mjs";
import { codeOf, Problem } from "./problem.mjs";
import { commandOf, identify } from "./process-identity.mjs";

/**
 * A running PostgreSQL. `ended` resolves with its last words when it ends, asked or not.
 * @typedef {{
 *   url: string, pids: number[], ended: Promise<string>,
 *   stop: () => Promise<void>, kill: () => void,
 * }} Postgres
 *
 * @typedef {{
 *   root: string,
 *   dataDir: string,
 *   settings?: Readonly<Record<string, string>>,
 *   binaries?: import("./postgres-binaries.mjs").PostgresBinaries,
 *   signal: AbortSignal,
 * }} PostgresOptions dataDir: the database is or will be in it; settings: of PostgreSQL; binaries: another than
 *   the one that belongs to us; signal: gives up the start
 */

const USER = "openmates";
/** How long PostgreSQL may take to write everything and end, in milliseconds. */
const GRACE = 20_000;
/** How many of its last lines are kept, to tell why it ended. */
const LAST_LINES = 30;
const ENVIRONMENT = { ...process.env, LC_ALL: "C", LANGUAGE: "C" };

/**
 * Starts PostgreSQL on the loopback alone, with a database that is made when there is none. A PostgreSQL that an earlier
 * start left running on it is ended first; the caller sees to it that no other start is using the folder.
 * @param {PostgresOptions} options
 * @returns {Promise<Postgres>}
 */
export async function startPostgres({ root, dataDir, settings = {}, signal, ...options }) {
  const binaries = options.binaries ?? (await postgresBinaries(root));
  await mkdir(dataDir, { recursive: true });
  // One name for one place, whichever links lead to it: a leftover is known by it.
  const home = join(await realpath(dataDir), "postgres");
  if (!existsSync(home)) await create({ binaries, home });
  checkMajor({ home, major: binaries.major });
  await endLeftover(home);
  const access = await readAccess(home);
  const port = await freePort(access.port);
  await writeAccess(home, { ...access, port });
  const flags = { listen_addresses: "127.0.0.1", unix_socket_directories: "", port: String(port), ...settings };
  const url = databaseUrl({ password: access.password, port });
  return await launch({ binaries, home, url, flags, signal });
}

/**
 * The address of the PostgreSQL that `npm start` runs on a folder.
 * @param {string} dataDir
 * @throws {Problem} when there is none yet
 */
export async function runningPostgres(dataDir) {
  const home = join(dataDir, "postgres");
  if (!existsSync(home)) throw new Problem(`There is no database in ${dataDir} yet. Start the server first: npm start`);
  const { password, port } = await readAccess(home);
  return databaseUrl({ password, port: port ?? 0 });
}

/** @param {{ password: string, port: number }} access */
function databaseUrl({ password, port }) {
  return `postgresql://${USER}:${password}@127.0.0.1:${port}/postgres`;
}

/**
 * Where an installation writes how to reach its database; the port is a wish.
 * @typedef {{ password: string, port: number | null }} Access
 * @param {string} home
 */
function accessFile(home) {
  return `${home}.json`;
}

/**
 * @param {string} home
 * @returns {Promise<Access>}
 */
async function readAccess(home) {
  try {
    return JSON.parse(await readFile(accessFile(home), "utf8"));
  } catch (error) {
    throw new Problem(
      `The database in ${home} is there, but its password in ${accessFile(home)} cannot be read (${codeOf(error) || "damaged"}). Put that file back, or move the folder away to begin with an empty database.`,
    );
  }
}

/**
 * @param {string} home
 * @param {Access} access
 */
async function writeAccess(home, access) {
  const draft = `${accessFile(home)}.new`;
  await writeFile(draft, JSON.stringify(access), { mode: 0o600 });
  await rename(draft, accessFile(home));
}

/**
 * Makes an empty database under another name and moves it in place when it is whole, so that a start that was
 * interrupted leaves nothing half-made in the way.
 * @param {{ binaries: import("./postgres-binaries.mjs").PostgresBinaries, home: string }} options
 */
async function create({ binaries, home }) {
  const draft = `${home}.new`;
  const passwordFile = `${home}.password`;
  const password = randomBytes(24).toString("base64url");
  await rm(draft, { recursive: true, force: true });
  await rm(passwordFile, { force: true });
  await mkdir(draft, { mode: 0o700 });
  const account = databaseAccount(draft);
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account.uid !== undefined && account.gid !== undefined) {
    for (const path of [draft, passwordFile]) await chown(path, account.uid, account.gid);
  }
  try {
    await initialise({ binaries, draft, passwordFile, account });
    await writeAccess(home, { password, port: null });
    await rename(draft, home);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/**
 * @param {{
 *   binaries: import("./postgres-binaries.mjs").PostgresBinaries,
 *   draft: string, passwordFile: string, account: import("./postgres-account.mjs").Account,
 * }} options
 */
async function initialise({ binaries, draft, passwordFile, account }) {
  const program = binaries.initdb;
  const way = runAs(account, { program, folder: draft });
  const args = [`--pgdata=${draft}`, `--username=${USER}`, `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
  // The same on every system, whichever locales it has.
  const builtin = Number(binaries.major) >= 17 ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] : [];
  const order = ["--encoding=UTF8", "--locale=C", ...builtin];
  const [command = "", ...words] = [...way.prefix, program, ...args, ...order];
  const child = spawn(command, words, {
    ...way.account,
    cwd: draft,
    env: ENVIRONMENT,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (errors += text));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Problem(`The database could not be made in ${dirname(draft)}:\n\n${errors.trim()}\n`);
}

/** @param {{ home: string, major: string }} options */
function checkMajor({ home, major }) {
  let made = "";
  try {
    made = readFileSync(join(home, "PG_VERSION"), "utf8").trim();
  } catch (error) {
    throw new Problem(
      `${home} holds no database that can be read (${codeOf(error)}). Move it away to begin with an empty one.`,
    );
  }
  if (made === major) return;
  throw new Problem(
    `The database in ${home} was made by PostgreSQL ${made}, and this version brings PostgreSQL ${major}. Dump it with ${made} and load it into an empty DATA_DIR, or set DATABASE_URL to a PostgreSQL ${made} that serves it.`,
  );
}

/**
 * Ends a PostgreSQL that still runs on this folder and removes the note of one that does not. The number in that note may
 * by now belong to any other process, which PostgreSQL itself cannot tell and would refuse to start.
 * @param {string} home
 */
async function endLeftover(home) {
  const note = join(home, "postmaster.pid");
  if (!existsSync(note)) return;
  const pid = Number(readFileSync(note, "utf8").split("\n")[0]);
  const identity = Number.isInteger(pid) && pid > 0 ? identify(pid) : null;
  if (identity !== null && commandOf(pid).includes(home)) {
    await end(identity, { ask: "SIGINT", force: "SIGQUIT", grace: GRACE });
  }
  await rm(note, { force: true });
}

/**
 * @typedef {{
 *   binaries: import("./postgres-binaries.mjs").PostgresBinaries, home: string, url: string,
 *   flags: Readonly<Record<string, string>>, signal: AbortSignal,
 * }} Launch
 * @param {Launch} launching
 * @returns {Promise<Postgres>}
 */
async function launch(launching) {
  const { home, signal } = launching;
  for (let tries = 1; ; tries += 1) {
    signal.throwIfAborted();
    const { postgres, ready } = spawnServer(launching);
    const giveUp = () => void postgres.stop();
    signal.addEventListener("abort", giveUp);
    const outcome = await Promise.race([ready, postgres.ended.then(() => "ended")]);
    signal.removeEventListener("abort", giveUp);
    if (outcome === "ready" && !signal.aborted) return postgres;
    const words = await postgres.ended;
    signal.throwIfAborted();
    // The workers of a server that was killed see it within moments.
    if (!words.includes("shared memory block") || tries === 10) {
      throw new Problem(`The database in ${home} did not start. PostgreSQL says:\n\n${words}\n`);
    }
    await delay(500, undefined, { signal });
  }
}

/** @param {Launch} launching */
function spawnServer({ binaries, home, url, flags }) {
  const way = runAs(databaseAccount(home), { program: binaries.postgres, folder: home });
  const settings = Object.entries(flags).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const [command = "", ...args] = [...way.prefix, binaries.postgres, "-D", home, ...settings];
  const child = spawnGuarded(
    { command, args, account: way.account, stop: "SIGINT", force: "SIGQUIT", grace: GRACE, group: false },
    { cwd: home, env: ENVIRONMENT },
  );
  /** @type {string[]} */
  const lines = [];
  const reader = createInterface({ input: child.stderr });
  const ready = new Promise((resolve) => {
    reader.on("line", (line) => {
      lines.push(line);
      lines.splice(0, lines.length - LAST_LINES);
      if (line.includes("database system is ready to accept connections")) resolve("ready");
    });
  });
  const ended = once(child, "close").then(() => lines.join("\n"));
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  const kill = () => void child.kill("SIGQUIT");
  return { postgres: { url, pids: child.pid === undefined ? [] : [child.pid], ended, stop, kill }, ready };
}
