import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fixedKeys, VaultError, type VaultKey, type VaultKeySource } from "./vault.ts";
import { VaultKeyFile } from "./vault-key-file.ts";

const FILE = "vault.key";

/**
 * Keys as `VAULT_KEY` and the key file have them: base64 of 32 bytes, or several, newest first, as `v2:…,v1:…`.
 * @throws VaultError `bad_keys`; the message never quotes what was given
 */
export function parseVaultKeys(text: string): readonly VaultKey[] {
  const entries = text.split(",").map((entry) => entry.trim());
  const keys = entries.map((entry) => {
    const match = /^(?:v([1-9]\d{0,8}):)?([A-Za-z0-9+/_-]{43}=?)$/.exec(entry);
    if (!match?.[2]) throw badKeys("each key is 32 bytes as base64, with v1:, v2: … in front when there are several");
    return { version: Number(match[1] ?? 1), key: new Uint8Array(Buffer.from(match[2], "base64url")) };
  });
  if (new Set(keys.map(({ version }) => version)).size < keys.length) throw badKeys("two keys have the same version");
  return keys;
}

/** The keys given, or those of the file in the data directory, which is made when there is none. */
export async function openVaultKeys(options: { given: string | null; dataDir: string }): Promise<VaultKeySource> {
  const { given, dataDir } = options;
  if (given !== null) return fixedKeys(parseVaultKeys(given));
  const path = vaultKeyPath(dataDir);
  return VaultKeyFile.open({
    path,
    read: async () => parseVaultKeys(((await readIfThere(path)) ?? (await createKeyFile(dataDir, path))).trim()),
  });
}

export function vaultKeyPath(dataDir: string): string {
  return join(dataDir, FILE);
}

/** Puts other keys in the place of a key file's, all at once. @throws what the file system says */
export async function writeVaultKeys({ dataDir, keys }: { dataDir: string; keys: readonly VaultKey[] }): Promise<void> {
  const path = vaultKeyPath(dataDir);
  const own = `${path}.${randomBytes(8).toString("hex")}`;
  const text = keys.map(({ version, key }) => `v${version}:${Buffer.from(key).toString("base64")}`).join(",");
  await writeFile(own, `${text}\n`, { mode: 0o600, flag: "wx" });
  await rename(own, path);
}

/** Two processes may start at once: a hard link is made by one of them only, and never shows half a file. */
async function createKeyFile(dataDir: string, path: string): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  const own = `${path}.${randomBytes(8).toString("hex")}`;
  await writeFile(own, `v1:${randomBytes(32).toString("base64")}\n`, { mode: 0o600, flag: "wx" });
  try {
    await link(own, path);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
  } finally {
    await rm(own);
  }
  return readFile(path, "utf8");
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

function badKeys(reason: string): VaultError {
  return new VaultError("bad_keys", `The vault's keys cannot be read: ${reason}.`);
}
