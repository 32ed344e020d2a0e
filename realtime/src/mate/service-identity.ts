import type { PrismaClient } from "@openmates-share/prisma";
import { createIdentity, type Identity, loadIdentity } from "@openmates-share/protocol/reply";
import { ownBytes } from "@openmates-share/protocol/wire";
import { type Vault, VaultError } from "../vault/vault.ts";

const NAME = "mate";
const KEY = "service-signing-key";

const OTHER_VAULT =
  "This database belongs to another vault key. Set VAULT_KEY to the one it was made with, or DATA_DIR to where its vault.key lies.";

/**
 * The identity that signs the mate's replies: made once for a database, kept sealed by the vault. Nodes that start at the
 * same time all make one; the database keeps the first, and everybody takes what it kept.
 * @throws VaultError when the vault's key is not the one it was sealed with
 */
export async function loadServiceIdentity(options: { database: PrismaClient; vault: Vault }): Promise<Identity> {
  const { database, vault } = options;
  const row = (await database.serviceKey.findUnique({ where: { name: NAME } })) ?? (await makeKey(options));
  const privateKey = await vault.open({ key: KEY, context: NAME, sealed: row.sealed }).catch((cause: unknown) => {
    if (!(cause instanceof VaultError)) throw cause;
    throw new VaultError(cause.code, OTHER_VAULT, { cause });
  });
  return loadIdentity({ privateKey, publicKey: ownBytes(row.publicKey) });
}

async function makeKey({ database, vault }: { database: PrismaClient; vault: Vault }) {
  const { stored } = await createIdentity();
  const sealed = await vault.seal({ key: KEY, context: NAME, plaintext: stored.privateKey });
  await database.serviceKey.createMany({
    data: [{ name: NAME, publicKey: stored.publicKey, sealed }],
    skipDuplicates: true,
  });
  return database.serviceKey.findUniqueOrThrow({ where: { name: NAME } });
}
