import { once } from "node:events";
import { spawnGuarded } from "./guarded.mjs";

/** How long a command may take to end when it is interrupted, in milliseconds. */
const GRACE = 5_000;

/**
 * Runs a command to its end and returns what it printed on either stream.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, signal: AbortSignal }} options env is added to ours
 * @returns {Promise<{ code: number, output: string }>}
 * @throws the signal's reason when it was interrupted
 */
export async function run(command, args, { cwd, env = {}, signal }) {
  signal.throwIfAborted();
  const child = spawnGuarded(
    { command, args, account: {}, stop: "SIGTERM", force: "SIGKILL", grace: GRACE, group: true },
    { cwd, env: { ...process.env, ...env } },
  );
  const interrupt = () => child.kill("SIGTERM");
  signal.addEventListener("abort", interrupt);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  const [code] = await once(child, "close");
  signal.removeEventListener("abort", interrupt);
  signal.throwIfAborted();
  return { code: code ?? 1, output };
}
