import { readdir, readFile } from "node:fs/promises";

/** What Linux says of processes; elsewhere these fail, and the measurement says so. */

const PAGE_BYTES = 4096;

/** Seconds of processor time that a process has used, its threads included, to the microsecond. */
export async function cpuSeconds(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`);
  const times = await Promise.all(
    // Nanoseconds on the processor, then waiting for it, then how many times (Linux, Documentation/scheduler/sched-stats).
    threads.map(async (thread) =>
      Number((await readFile(`/proc/${pid}/task/${thread}/schedstat`, "utf8")).split(" ")[0]),
    ),
  );
  return times.reduce((all, one) => all + one, 0) / 1e9;
}

/** Bytes of memory that a process has in use and shares with none. */
export async function ownBytesOf(pid: number): Promise<number> {
  const [, resident, shared] = (await readFile(`/proc/${pid}/statm`, "utf8")).split(" ").map(Number);
  return ((resident ?? 0) - (shared ?? 0)) * PAGE_BYTES;
}

/** The parent of a process and all children of that: of a PostgreSQL backend, all of PostgreSQL. */
export async function familyOf(pid: number): Promise<readonly number[]> {
  try {
    const parent = await parentOf(pid);
    const all = (await readdir("/proc")).map(Number).filter((id) => id > 0);
    const parents = await Promise.all(all.map((id) => parentOf(id).catch(() => 0)));
    return [parent, ...all.filter((_, at) => parents[at] === parent)];
  } catch {
    return [];
  }
}

async function parentOf(pid: number): Promise<number> {
  return Number((await statOf(pid))[1]);
}

/** The fields behind the program's name, which may hold anything. */
async function statOf(pid: number): Promise<readonly string[]> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}
