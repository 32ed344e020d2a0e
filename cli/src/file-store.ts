import { createHash, randomBytes } from "node:crypto";
import { chmod, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { SecretStore } from "@openmates-share/client";
import { withLockFile } from "./lock-file.ts";

const ENDING = ".key";

/** Where this person's keys lie: `OMSHARE_HOME`, else `omshare` in the data directory of the XDG specification. */
export function homeDirectory(env: Readonly<Record<string, string | undefined>>): string {
  if (env.OMSHARE_HOME) return env.OMSHARE_HOME;
  const data = env.XDG_DATA_HOME;
  // The specification says to ignore a relative one.
  return join(data && isAbsolute(data) ? data : join(homedir(), ".local", "share"), "omshare");
}

/**
 * Secrets of one server, each a file that only its owner can read. A name is the file's name, so that nothing but the
 * directory says what there is; the contents are the keys themselves, as safe as the person's account.
 */
export function fileStore({ home, server }: { home: string; server: string }): SecretStore {
  const directory = join(home, directoryName(server));
  const pathOf = (name: string) => join(directory, `${encodeURIComponent(name)}${ENDING}`);
  return {
    get: async (name) => unlessMissing(async () => new Uint8Array(await readFile(pathOf(name))), null),
    set: async (name, value) => {
      await makePrivate(directory);
      await replaceFile({ directory, path: pathOf(name), value });
    },
    delete: async (name) => {
      await unlessMissing(async () => rm(pathOf(name)), undefined);
    },
    names: async (prefix) => {
      const files = await unlessMissing(async () => readdir(directory), []);
      const names = files.filter((file) => file.endsWith(ENDING)).map((file) => file.slice(0, -ENDING.length));
      return names.map(decodeURIComponent).filter((name) => name.startsWith(prefix));
    },
    // Several command lines at once are one person, and none may overwrite what another has added.
    exclusively: async (name, work) => {
      await makePrivate(directory);
      return withLockFile(join(directory, `${encodeURIComponent(name)}.lock`), work);
    },
  };
}

async function makePrivate(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
}

/** Readable for people, and different for different servers. */
function directoryName(server: string): string {
  const readable = new URL(server).host.replace(/[^A-Za-z0-9.-]/g, "_").slice(0, 60);
  return `${readable}-${createHash("sha256").update(server).digest("hex").slice(0, 12)}`;
}

/** Whole or not at all, also when the power goes: written aside, forced to disk, then put in place. */
async function replaceFile(options: { directory: string; path: string; value: Uint8Array }): Promise<void> {
  const { directory, path, value } = options;
  const aside = `${path}.${randomBytes(8).toString("hex")}`;
  try {
    const file = await open(aside, "wx", 0o600);
    try {
      await file.writeFile(value);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  await syncDirectory(directory);
}

/** Makes the rename itself last; not every system can. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r").catch(() => null);
  try {
    await handle?.sync();
  } catch {
    // Windows and some network file systems can't; there the rename is as lasting as it gets.
  } finally {
    await handle?.close();
  }
}

async function unlessMissing<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return otherwise;
    throw error;
  }
}
