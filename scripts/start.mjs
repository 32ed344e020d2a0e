// `npm start`: everything from a fresh clone to a server that answers. Plain JavaScript on Node alone, because it runs
// before anything is installed.
import { join } from "node:path";
import { build } from "./lib/build.mjs";
import { Claim } from "./lib/claim.mjs";
import { install } from "./lib/install.mjs";
import { checkNodeVersion } from "./lib/node-version.mjs";
import { checkAddress } from "./lib/port.mjs";
import { startPostgres } from "./lib/postgres.mjs";
import { describe, Problem } from "./lib/problem.mjs";
import { Progress } from "./lib/progress.mjs";
import { checkDatabaseAnswers } from "./lib/reachable.mjs";
import { ROOT } from "./lib/root.mjs";
import { startService } from "./lib/service.mjs";
import { readSettings } from "./lib/settings.mjs";

/** @typedef {{ ended: Promise<string>, stop: () => Promise<void>, kill: () => void }} Part */

/** Under npm one Ctrl-C comes twice, from the terminal and from npm; later ones are meant, in milliseconds. */
const ONE_KEYSTROKE = 500;

const progress = new Progress();
const interrupt = new AbortController();
/** What has been started, in order. @type {Part[]} */
const parts = [];
/** @type {Claim | null} */
let claim = null;
let interruptedAt = 0;

for (const name of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(name, onInterrupt);

process.exitCode = await main();

/** @returns {Promise<number>} the exit code */
async function main() {
  try {
    await start();
    const how = await Promise.race([interrupted(), ...parts.map((part) => part.ended)]);
    if (interrupt.signal.aborted) return 0;
    progress.note(`Everything ends, because ${how}`);
    return 1;
  } catch (error) {
    if (interrupt.signal.aborted) return 0;
    progress.note(describe(error));
    return 1;
  } finally {
    for (const part of parts.toReversed()) await part.stop();
    await claim?.release();
  }
}

async function start() {
  checkNodeVersion();
  const { signal } = interrupt;
  const settings = readSettings(process.env, { root: ROOT, cwd: process.env.INIT_CWD ?? process.cwd() });
  const { host, port, dataDir } = settings;
  claim = await Claim.take(dataDir);
  if (port !== 0) await checkAddress({ host, port });
  if (settings.databaseUrl !== null) await checkDatabaseAnswers(settings.databaseUrl);
  await install({ root: ROOT, progress, signal });
  await build({ root: ROOT, progress, signal });
  const databaseUrl = settings.databaseUrl ?? (await startDatabase(dataDir));
  signal.throwIfAborted();
  const env = { ...process.env, HOST: host, PORT: String(port), DATA_DIR: dataDir, DATABASE_URL: databaseUrl };
  const server = await add(startService({ name: "the server", script: join(ROOT, "realtime/dist/main.js"), env }));
  const ready = await progress.phase({ doing: "starting the server", done: "server started" }, () => server.ready);
  if (settings.slack !== null) await startBot(settings.slack, { ...env, SERVER_URL: ready.replace("ready ", "") });
  const doubt = doubtAbout(settings, ready.replace("ready ", ""));
  if (doubt !== null) progress.note(doubt);
  process.stdout.write(`${ready}\n`);
}

/** @param {string} host */
function isLoopback(host) {
  return /^(?:127\.|::1$|localhost$)/.test(host);
}

/**
 * What would keep other people from opening links, as far as it can be known here.
 * @param {import("./lib/settings.mjs").Settings} settings
 * @param {string} url where the server says that it is
 */
function doubtAbout({ host, publicUrl }, url) {
  if (publicUrl === null) return isLoopback(host) ? null : unreachableLinks(url);
  const { protocol, hostname } = new URL(publicUrl);
  if (protocol === "https:" || isLoopback(hostname)) return null;
  return `PUBLIC_URL begins with http://, and browsers decrypt only on https:// (or on this machine): nobody else can open a chat there. docs/operations.md says how to put https:// in front.`;
}

/** @param {string} url */
function unreachableLinks(url) {
  return `Other machines can reach this, but its links will begin with ${url}. Set PUBLIC_URL to the address that people reach it at, with https:// for their browsers to encrypt: PUBLIC_URL=https://share.example.org npm start`;
}

/** @param {string} dataDir */
async function startDatabase(dataDir) {
  const { signal } = interrupt;
  const words = { doing: "starting the database", done: "database started" };
  const postgres = await progress.phase(words, () => startPostgres({ root: ROOT, dataDir, signal }));
  await add({
    ...postgres,
    pid: postgres.pids[0],
    ended: postgres.ended.then((last) => `the database ended:\n\n${last}\n`),
  });
  return postgres.url;
}

/**
 * @param {{ missing: string | null }} slack
 * @param {NodeJS.ProcessEnv} env
 */
async function startBot({ missing }, env) {
  if (missing !== null) {
    progress.note(`The Slack bot is not started: ${missing}.`);
    return;
  }
  const bot = await add(startService({ name: "the Slack bot", script: join(ROOT, "bot/dist/main.js"), env }));
  const words = { doing: "starting the Slack bot", done: "Slack bot started" };
  const ready = await progress.phase(words, () => bot.ready);
  progress.note(`The Slack bot is ${ready}`);
}

/**
 * @template {Part & { pid: number | undefined }} T
 * @param {T} part
 */
async function add(part) {
  parts.push(part);
  await claim?.add(part.pid);
  return part;
}

function onInterrupt() {
  if (!interrupt.signal.aborted) {
    interruptedAt = performance.now();
    interrupt.abort(new Problem("interrupted"));
  } else if (performance.now() - interruptedAt > ONE_KEYSTROKE) {
    for (const part of parts) part.kill();
    process.exit(1);
  }
}

/** @returns {Promise<string>} */
function interrupted() {
  const { signal } = interrupt;
  return new Promise((resolve) => {
    if (signal.aborted) resolve("");
    signal.addEventListener("abort", () => resolve(""), { once: true });
  });
}
