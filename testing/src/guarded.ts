import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const GUARD = fileURLToPath(new URL("../../scripts/lib/guard.mjs", import.meta.url));

/** How long a program may take to end when asked, in milliseconds. */
const GRACE = 5_000;

/**
 * Starts a program that ends with this process, however this process ends. What is returned passes SIGTERM on, and SIGQUIT
 * as SIGKILL.
 */
export function spawnGuarded(command: string, args: readonly string[]): ChildProcessWithoutNullStreams {
  const guarded = { command, args, account: {}, stop: "SIGTERM", force: "SIGKILL", grace: GRACE, group: false };
  return spawn(process.execPath, [GUARD, JSON.stringify(guarded)], { stdio: "pipe", detached: true });
}
