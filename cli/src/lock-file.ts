import { randomBytes } from "node:crypto";
import { readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

/** A holder says so often that it is still there, and counts as gone when it has not for so long. Milliseconds. */
const SIGN_OF_LIFE = 2_000;
const GONE_AFTER = 10_000;
/** Between two looks at a lock that somebody holds. Milliseconds. */
const LOOK_AGAIN = 20;

/** Does the work while no other process holds the lock of that path; one that died with it is waited for and passed over. */
export async function withLockFile<T>(path: string, work: () => Promise<T>): Promise<T> {
  const token = randomBytes(16).toString("hex");
  while (!(await take(path, token))) {
    if (await isAbandoned(path)) await rm(path, { force: true });
    else await pause(LOOK_AGAIN);
  }
  const alive = setInterval(() => void touch(path), SIGN_OF_LIFE);
  try {
    return await work();
  } finally {
    clearInterval(alive);
    if ((await readFile(path, "utf8").catch(() => null)) === token) await rm(path, { force: true });
  }
}

async function take(path: string, token: string): Promise<boolean> {
  try {
    await writeFile(path, token, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const held = await stat(path).catch(() => null);
  return held !== null && Date.now() - held.mtimeMs > GONE_AFTER;
}

async function touch(path: string): Promise<void> {
  const now = new Date();
  // Passed over meanwhile: then there is nothing to hold any more.
  await utimes(path, now, now).catch(() => undefined);
}
