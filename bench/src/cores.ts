import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";

/** Which of the machine's cores serves, and which makes the load. */
export const CORES = { server: 0, load: 1 } as const;

/** Said beside figures that were taken without pinning. */
export const NOT_PINNED = "not pinned to cores: taskset or a second core is missing";

let pinned: boolean | null = null;

/** Whether processes can be kept on cores of their own here. */
export function canPin(): boolean {
  pinned ??= availableParallelism() > 1 && taskset(process.pid, `0-${availableParallelism() - 1}`);
  return pinned;
}

/** Keeps a process, with all its threads and those to come, on one core; without `taskset` nothing happens. */
export function pin(pid: number, core: keyof typeof CORES): void {
  if (canPin()) taskset(pid, String(CORES[core]));
}

/** Lets this process on every core again. */
export function unpin(): void {
  if (canPin()) taskset(process.pid, `0-${availableParallelism() - 1}`);
}

function taskset(pid: number, cores: string): boolean {
  try {
    execFileSync("taskset", ["-a", "-c", "-p", cores, String(pid)], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
