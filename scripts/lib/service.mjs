import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Problem } from "./problem.mjs";

/**
 * A program of ours that runs until it is stopped. `ended` resolves with how it ended, asked or not.
 * @typedef {{
 *   name: string, pid: number | undefined, ready: Promise<string>, ended: Promise<string>,
 *   stop: () => Promise<void>, kill: () => void,
 * }} Service
 */

/** How long a service may take to stop in order, in milliseconds. */
const GRACE = 15_000;
const LEASH = new URL("leash.mjs", import.meta.url).href;

/**
 * Starts a program of ours, which ends when this process does, however that ends. Its first line "ready …" is taken from
 * its output and resolves `ready`; everything else it prints goes where our own output goes.
 * @param {{ name: string, script: string, env: NodeJS.ProcessEnv }} options name: as a person calls it
 * @returns {Service}
 */
export function startService({ name, script, env }) {
  const child = spawn(process.execPath, ["--import", LEASH, script], {
    env,
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    // Its own group: the terminal's Ctrl-C goes to this process alone, which ends its services in order.
    detached: true,
  });
  if (child.stdout === null) throw new Error("a pipe was asked for");
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, "close").then(([code, signal]) => `${name} ended (${signal ?? `exit code ${code}`}).`);
  /** @type {Promise<string>} */
  const ready = new Promise((resolve, reject) => {
    lines.on("line", (line) => {
      if (line.startsWith("ready ")) resolve(line);
      else process.stdout.write(`${line}\n`);
    });
    void ended.then((how) => reject(new Problem(`Before it was ready, ${how}`)));
  });
  // Whoever waits for it hears of it; nobody may be waiting when the service ends later.
  ready.catch(() => undefined);
  const stop = async () => {
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), GRACE);
    await ended;
    clearTimeout(timer);
  };
  return { name, pid: child.pid, ready, ended, stop, kill: () => void child.kill("SIGKILL") };
}
