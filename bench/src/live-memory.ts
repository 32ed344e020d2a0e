import { once } from "node:events";
import { ownBytesOf } from "./process-figures.ts";

/** What a program has to be started with for `liveBytesOf`. */
export const COLLECTING: Readonly<Record<string, string>> = {
  NODE_OPTIONS: `--import=${new URL("collect-on-signal.js", import.meta.url).href}`,
  COLLECTED_FOR: String(process.pid),
};

/**
 * Bytes of memory that a program has in use and shares with none, without what it would forget by itself sooner or later: how
 * much of that there is hangs on chance, and on many connections' work.
 */
export async function liveBytesOf(pid: number): Promise<number> {
  const collected = once(process, "SIGUSR2");
  process.kill(pid, "SIGUSR2");
  await collected;
  return ownBytesOf(pid);
}
