import { resolve } from "node:path";
import { Problem } from "./problem.mjs";

/**
 * What `npm start` is told by the environment. `slack` is null when the bot is not to be started, and says what is missing
 * when it is set up by half.
 * @typedef {{
 *   host: string, port: number, dataDir: string, databaseUrl: string | null, publicUrl: string | null,
 *   slack: { missing: string | null } | null,
 * }} Settings
 */

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {{ root: string, cwd: string }} places
 * @returns {Settings}
 * @throws {Problem} naming the variable that makes no sense
 */
export function readSettings(env, { root, cwd }) {
  const value = (/** @type {string} */ name) => env[name]?.trim() || null;
  const dataDir = value("DATA_DIR");
  return {
    host: value("HOST") ?? "127.0.0.1",
    port: readPort(value("PORT") ?? "4000"),
    dataDir: dataDir === null ? resolve(root, ".data") : resolve(cwd, dataDir),
    databaseUrl: readDatabaseUrl(value("DATABASE_URL")),
    publicUrl: readPublicUrl(value("PUBLIC_URL")),
    slack: readSlack(value),
  };
}

/** @param {string} text */
function readPort(text) {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new Problem(`PORT=${text} is no port. Use a number from 0 (any free one) to 65535: PORT=4000 npm start`);
}

/** Links are made of it and of what stands behind the host, so nothing else may stand there. @param {string | null} text */
function readPublicUrl(text) {
  if (text === null) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "") {
    throw new Problem(
      "PUBLIC_URL is not an address. It begins with https://: PUBLIC_URL=https://share.example.org npm start",
    );
  }
  if (url.pathname === "/" && url.search === "" && url.hash === "") return text;
  throw new Problem(
    `PUBLIC_URL has to end with the host: ${url.origin}. Behind a path, as in PUBLIC_URL=${url.origin}${url.pathname}, links would not open: give OpenMates Share a host name of its own.`,
  );
}

/** @param {string | null} text */
function readDatabaseUrl(text) {
  if (text === null || (/^postgres(ql)?:\/\/./.test(text) && URL.canParse(text))) return text;
  // Not quoted: it may well hold a password.
  throw new Problem("DATABASE_URL is not the address of a PostgreSQL. It begins with postgresql://");
}

/** Who has a signing secret alone may want either. */
const OAUTH = "; or, for many workspaces, SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are";

/** One workspace by its token, or many that install the app by its client. @param {(name: string) => string | null} value */
function readSlack(value) {
  const has = (/** @type {string} */ name) => value(name) !== null;
  const many = ["SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"];
  if (!["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", ...many].some(has)) return null;
  if (many.some(has)) {
    const missing = [...many, "SLACK_SIGNING_SECRET"].filter((name) => !has(name));
    if (missing.length === 0) return { missing: null };
    return { missing: `${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} missing` };
  }
  if (!has("SLACK_BOT_TOKEN"))
    return { missing: `SLACK_BOT_TOKEN is missing${has("SLACK_SIGNING_SECRET") ? OAUTH : ""}` };
  if (has("SLACK_SIGNING_SECRET") || has("SLACK_APP_TOKEN")) return { missing: null };
  return { missing: "SLACK_SIGNING_SECRET (to be called over HTTP) or SLACK_APP_TOKEN (for Socket Mode) is missing" };
}
