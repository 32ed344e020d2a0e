import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * A process that can be told from a later one with the same number.
 * @typedef {{ pid: number, born: string }} ProcessIdentity
 */

/**
 * Who has this process number now; null when nobody has.
 * @param {number} pid
 * @returns {ProcessIdentity | null}
 */
export function identify(pid) {
  const born = process.platform === "linux" ? bornOnLinux(pid) : field("lstart", pid);
  return born === null ? null : { pid, born };
}

/**
 * Whether that very process is still running.
 * @param {ProcessIdentity} identity
 */
export function isRunning({ pid, born }) {
  return identify(pid)?.born === born;
}

/**
 * The words of the command a process was started with; [] when there is no such process.
 * @param {number} pid
 * @returns {string[]}
 */
export function commandOf(pid) {
  if (process.platform !== "linux") return field("command", pid)?.split(" ") ?? [];
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}

/**
 * Minimal systems have no ps, but every Linux has /proc.
 * @param {number} pid
 */
function bornOnLinux(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold spaces and parentheses itself. After it, the state is field 1 and the start, in
    // clock ticks since the machine started, is field 20.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z") return null;
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}/${fields[19]}`;
  } catch {
    return null;
  }
}

/**
 * @param {"lstart" | "command"} name
 * @param {number} pid
 */
function field(name, pid) {
  const run = spawnSync("ps", ["-o", `${name}=`, "-p", String(pid)], { encoding: "utf8" });
  return run.status === 0 ? run.stdout.trim() : null;
}
