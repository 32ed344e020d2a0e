// `npm run demo:slack`: the Slack bot on one machine, against an emulated Slack: PostgreSQL, the server, the bot, and a
// walk through what people do with it. With `--once` it ends after the walk, with exit code 0 if all of it worked; with
// `--built` it takes what is installed and built already.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "./lib/build.mjs";
import { install } from "./lib/install.mjs";
import { interruption } from "./lib/interruption.mjs";
import { checkNodeVersion } from "./lib/node-version.mjs";
import { startPostgres } from "./lib/postgres.mjs";
import { describe } from "./lib/problem.mjs";
import { Progress } from "./lib/progress.mjs";
import { ROOT } from "./lib/root.mjs";
import { startService } from "./lib/service.mjs";

const once = process.argv.includes("--once");
const built = process.argv.includes("--built");
const progress = new Progress();
const signal = interruption();
/** What to undo, in the order in which it was done. @type {(() => Promise<void>)[]} */
const undo = [];

process.exitCode = await main();

/** @returns {Promise<number>} the exit code */
async function main() {
  try {
    const slack = await start();
    const link = await slack.walk();
    if (once) return 0;
    say(`\nOpen it in a browser: ${link}`);
    say(`The channels as they look: ${slack.page}\nCtrl-C ends the demo and forgets everything.`);
    const how = await Promise.race([interrupted(), ...slack.ended]);
    if (signal.aborted) return 0;
    progress.note(`${how}, so the demo ends.`);
    return 1;
  } catch (error) {
    if (!signal.aborted) progress.note(`The demo failed. ${describe(error)}`);
    return 1;
  } finally {
    for (const step of undo.toReversed()) await step();
  }
}

async function start() {
  checkNodeVersion();
  if (!built) {
    await install({ root: ROOT, progress, signal });
    await build({ root: ROOT, progress, signal });
  }
  const env = { ...process.env, HOST: "127.0.0.1", PORT: "0", ...(await startDatabase()) };
  const server = startService({ name: "the server", script: join(ROOT, "realtime/dist/main.js"), env: plain(env) });
  undo.push(server.stop);
  const url = (
    await progress.phase({ doing: "starting the server", done: "server started" }, () => server.ready)
  ).replace("ready ", "");
  const { slack, page, walk } = await startSlack(url);
  const bot = startService({
    name: "the Slack bot",
    script: join(ROOT, "bot/dist/main.js"),
    env: { ...plain(env), ...slack.environment, SERVER_URL: url, BOT_PORT: "0" },
  });
  undo.push(bot.stop);
  slack.connect((await bot.ready).replace("ready ", ""));
  say(`Slack (emulated), the bot and the server at ${url} are up.\n`);
  return { walk: () => walk(url), page, ended: [server.ended, bot.ended] };
}

/** A database of the demo's own, which goes with it. */
async function startDatabase() {
  const dataDir = await mkdtemp(join(tmpdir(), "openmates-share-demo-"));
  undo.push(() => rm(dataDir, { recursive: true, force: true }));
  const postgres = await progress.phase({ doing: "starting the database", done: "database started" }, () =>
    startPostgres({ root: ROOT, dataDir, signal }),
  );
  undo.push(postgres.stop);
  const { migrate } = await import("@openmates-share/prisma");
  await migrate({ databaseUrl: postgres.url });
  return { DATA_DIR: dataDir, DATABASE_URL: postgres.url };
}

/** @param {string} serverUrl */
async function startSlack(serverUrl) {
  const parts = new URL("../bot/dist/demo/", import.meta.url);
  const { SlackStub } = await import(new URL("slack-stub.js", parts).href);
  const { CHANNELS, PEOPLE, shareWalk } = await import(new URL("share-walk.js", parts).href);
  const { serveChannelPage } = await import(new URL("channel-page.js", parts).href);
  const slack = await SlackStub.start({
    people: PEOPLE,
    channels: CHANNELS,
    unfurlDomains: [new URL(serverUrl).hostname],
  });
  undo.push(() => slack.stop());
  const page = await serveChannelPage(slack);
  undo.push(() => page.stop());
  const environment = {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
  };
  return {
    slack: { environment, connect: (/** @type {string} */ url) => slack.connect(url) },
    page: page.url,
    walk: (/** @type {string} */ server) => shareWalk(slack, { server, tell: say }),
  };
}

/**
 * The environment without what would lead away from this machine: a person's own Slack, database or public address.
 * @param {NodeJS.ProcessEnv} env
 */
function plain(env) {
  const strange = ["SLACK_APP_TOKEN", "SLACK_API_URL", "PUBLIC_URL", "REDIS_URL", "BOT_KEY"];
  return Object.fromEntries(Object.entries(env).filter(([name]) => !strange.includes(name)));
}

/** @param {string} line */
function say(line) {
  process.stdout.write(`${line}\n`);
}

/** @returns {Promise<string>} */
function interrupted() {
  return new Promise((resolve) => {
    if (signal.aborted) resolve("");
    signal.addEventListener("abort", () => resolve(""), { once: true });
  });
}
