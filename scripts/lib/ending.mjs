import { setTimeout as delay } from "node:timers/promises";
import { codeOf } from "./problem.mjs";
import { isRunning } from "./process-identity.mjs";

/** How often to look whether a process that is not our child has gone, in milliseconds: nothing else tells. */
const LOOK = 50;

/**
 * Asks a process to end, makes it after the grace, and resolves when it is gone.
 * @param {import("./process-identity.mjs").ProcessIdentity} identity
 * @param {{ ask: NodeJS.Signals, force: NodeJS.Signals, grace: number }} how grace in milliseconds
 */
export async function end(identity, { ask, force, grace }) {
  const deadline = Date.now() + grace;
  signal(identity.pid, ask);
  while (isRunning(identity) && Date.now() < deadline) await delay(LOOK);
  if (isRunning(identity)) signal(identity.pid, force);
  while (isRunning(identity)) await delay(LOOK);
}

/**
 * Sends a signal to a process, or with a negative number to its group, that may have gone already.
 * @param {number} pid
 * @param {NodeJS.Signals} name
 */
export function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (codeOf(error) !== "ESRCH") throw error;
  }
}
