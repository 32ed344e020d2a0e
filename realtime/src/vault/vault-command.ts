import { randomBytes } from "node:crypto";
import { stat } from "node:fs/promises";
import type { PrismaClient } from "@openmates-share/prisma";
import { countVersions, resealAll } from "./reseal.ts";
import { Vault, VaultError, type VaultKey } from "./vault.ts";
import { KEY_FILE_PAUSE } from "./vault-key-file.ts";
import { openVaultKeys, vaultKeyPath, writeVaultKeys } from "./vault-keys.ts";

export const VAULT_COMMANDS = ["status", "rotate", "reseal", "drop"] as const;
export type VaultCommandName = (typeof VAULT_COMMANDS)[number];

/** Twice as long as a server takes to notice a new key: until then it may seal under the old one. Milliseconds. */
const SETTLING = 2 * KEY_FILE_PAUSE;

interface VaultCommand {
  readonly database: PrismaClient;
  /** `VAULT_KEY`; null: the key file in `dataDir`. */
  readonly given: string | null;
  readonly dataDir: string;
  /** Gets sentences for the operator. */
  readonly tell: (line: string) => void;
}

/**
 * What an operator does with the vault's keys while the servers run: `rotate` adds a new key to the key file, `reseal` moves
 * everything under it, `drop` takes the old keys out. @throws VaultError with a sentence
 */
export async function runVaultCommand(command: VaultCommandName, options: VaultCommand): Promise<void> {
  switch (command) {
    case "status":
      return tellStatus(options);
    case "rotate":
      return rotate(options);
    case "reseal":
      return reseal(options);
    case "drop":
      return drop(options);
  }
}

async function tellStatus({ database, tell, ...where }: VaultCommand): Promise<void> {
  const keys = await (await openVaultKeys(where)).keys();
  const counts = await countVersions(database);
  for (const [i, { version }] of keys.entries()) {
    tell(`v${version}${i === 0 ? ", which seals" : ""}: ${things(counts.get(version) ?? 0)}`);
  }
  for (const [version, count] of counts) {
    if (!keys.some((key) => key.version === version)) tell(`v${version}, which is MISSING here: ${things(count)}`);
  }
}

async function rotate({ tell, given, dataDir }: VaultCommand): Promise<void> {
  requireFile(given);
  const keys = await (await openVaultKeys({ given, dataDir })).keys();
  const version = Math.max(...keys.map((key) => key.version)) + 1;
  const fresh: VaultKey = { version, key: new Uint8Array(randomBytes(32)) };
  await writeVaultKeys({ dataDir, keys: [fresh, ...keys] });
  tell(`v${version} is in ${vaultKeyPath(dataDir)}; running servers seal under it within ${SETTLING / 1000} seconds.`);
  tell("Copy that file to wherever you keep the old one, then run: npm run vault -- reseal");
}

async function reseal({ database, tell, ...where }: VaultCommand): Promise<void> {
  const vault = new Vault(await openVaultKeys(where));
  const resealed = await resealAll({ database, vault, onProgress: (done) => tell(`${things(done)} so far`) });
  tell(`${things(resealed)} moved under v${(await vault.newest()).version}.`);
}

async function drop(options: VaultCommand): Promise<void> {
  const { database, tell, given, dataDir } = options;
  requireFile(given);
  const { mtimeMs } = await stat(vaultKeyPath(dataDir));
  if (Date.now() - mtimeMs < SETTLING) {
    throw new VaultError(
      "bad_keys",
      "The newest key is only seconds old; servers may still seal under the old one. Try again.",
    );
  }
  const [newest, ...older] = await (await openVaultKeys({ given, dataDir })).keys();
  const counts = await countVersions(database);
  const needed = older.filter(({ version }) => (counts.get(version) ?? 0) > 0);
  if (!newest || needed.length > 0) {
    const versions = needed.map(({ version }) => `v${version}`).join(", ");
    throw new VaultError("bad_keys", `Something is still sealed under ${versions}. First run: npm run vault -- reseal`);
  }
  await writeVaultKeys({ dataDir, keys: [newest] });
  tell(`Only v${newest.version} is left. Backups made before need the keys that were there then.`);
}

function requireFile(given: string | null): void {
  if (given === null) return;
  throw new VaultError(
    "bad_keys",
    "The keys come from VAULT_KEY, which only you can change: see “Vault keys” in docs/operations.md.",
  );
}

function things(count: number): string {
  return count === 1 ? "1 thing" : `${count} things`;
}
