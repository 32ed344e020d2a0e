import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { Problem } from "./problem.mjs";

/**
 * Whom a program of the database runs as, and the words that go before its command.
 * @typedef {{ uid?: number, gid?: number }} Account
 * @typedef {{ account: Account, prefix: readonly string[] }} RunAs
 */

/** @type {RunAs} */
const OURSELVES = { account: {}, prefix: [] };

/**
 * PostgreSQL refuses to run as root. When we are root, it runs as an account without rights that every system has; none
 * is created.
 * @param {string} folder an existing folder of the database; who owns it stays its owner
 * @returns {Account} empty when we are not root
 */
export function databaseAccount(folder) {
  if (process.getuid?.() !== 0) return {};
  const { uid, gid } = statSync(folder);
  if (uid !== 0) return { uid, gid };
  const account = accountNamed("postgres") ?? accountNamed("nobody");
  if (account !== null) return account;
  throw new Problem(
    "PostgreSQL cannot run as root, and this system has neither an account postgres nor nobody. Start as another user.",
  );
}

/**
 * How to run `program` in `folder` as that account. A clone in root's home is closed to every other account, so there the
 * account gets the one right to pass through folders it does not own.
 * @param {Account} account
 * @param {{ program: string, folder: string }} needs
 * @returns {RunAs}
 */
export function runAs(account, { program, folder }) {
  const { uid, gid } = account;
  if (uid === undefined || gid === undefined) return OURSELVES;
  const prefix = [
    "setpriv",
    `--reuid=${uid}`,
    `--regid=${gid}`,
    "--clear-groups",
    // PostgreSQL looks at its own files with access(), which forgets the right unless this bit is set.
    "--securebits=+no_setuid_fixup",
    "--inh-caps=-all,+dac_override",
    "--ambient-caps=+dac_override",
    "--bounding-set=-all,+dac_override",
  ];
  const ways = [
    { account, prefix: [] },
    { account: {}, prefix },
  ];
  const way = ways.find((way) => works(way, [program, "--version"]) && works(way, ["sh", "-c", 'cd "$0"', folder]));
  if (way !== undefined) return way;
  throw new Problem(
    `You are root, PostgreSQL cannot be, and other accounts cannot reach ${folder} or ${program}. Use a folder that is open to them, start as another user, or set DATABASE_URL.`,
  );
}

/**
 * @param {RunAs} way
 * @param {readonly string[]} words
 */
function works({ account, prefix }, words) {
  const [command = "", ...args] = [...prefix, ...words];
  return spawnSync(command, args, { ...account, cwd: "/" }).status === 0;
}

/**
 * @param {string} name
 * @returns {{ uid: number, gid: number } | null}
 */
function accountNamed(name) {
  const [uid, gid] = ["-u", "-g"].map((flag) => spawnSync("id", [flag, name], { encoding: "utf8" }));
  if (uid?.status !== 0 || gid?.status !== 0) return null;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}
