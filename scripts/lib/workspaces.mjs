import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A package of ours. `folder` is its name for people too.
 * @typedef {{ folder: string, path: string, tsconfig: string | null, hasTests: boolean }} Workspace
 */

/**
 * All packages, in the order that package.json names them: what others stand on comes first.
 * @param {string} root
 * @returns {Workspace[]}
 */
export function readWorkspaces(root) {
  /** @type {{ workspaces: string[] }} */
  const { workspaces } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return workspaces.map((folder) => {
    const path = join(root, folder);
    return { folder, path, tsconfig: tsconfigOf(path), hasTests: hasTests(path) };
  });
}

/**
 * The one that covers the tests too.
 * @param {string} path
 */
function tsconfigOf(path) {
  return ["tests/tsconfig.json", "tsconfig.json"].map((name) => join(path, name)).find(existsSync) ?? null;
}

/**
 * @param {string} folder
 * @returns {boolean}
 */
function hasTests(folder) {
  return readdirSync(folder, { withFileTypes: true }).some((entry) => {
    if (entry.isDirectory())
      return !["node_modules", "dist"].includes(entry.name) && hasTests(join(folder, entry.name));
    return /\.test\.tsx?$/.test(entry.name);
  });
}
