import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/**
 * A program to run and how to end it. `stop` asks, `force` follows after `grace` milliseconds; with `group` its own
 * children get the signals too.
 * @typedef {{
 *   command: string, args: readonly string[], account: { uid?: number, gid?: number },
 *   stop: NodeJS.Signals, force: NodeJS.Signals, grace: number, group: boolean,
 * }} Guarded
 */

const GUARD = fileURLToPath(new URL("guard.mjs", import.meta.url));

/**
 * Starts a program that ends with this process, however this process ends. To end it earlier send SIGTERM to what is
 * returned (SIGQUIT: by force); it exits with the program's code.
 * @param {Guarded} guarded
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} place
 */
export function spawnGuarded(guarded, { cwd, env }) {
  // Its own group: the terminal's Ctrl-C goes to this process alone, which ends its children in order.
  return spawn(process.execPath, [GUARD, JSON.stringify(guarded)], { cwd, env, stdio: "pipe", detached: true });
}
