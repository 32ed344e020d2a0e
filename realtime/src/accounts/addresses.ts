import { createHmac, hkdfSync, randomBytes } from "node:crypto";
import type { PrismaClient } from "@openmates-share/prisma";
import { type Bytes, ownBytes } from "@openmates-share/protocol/wire";
import { type Vault, VaultError } from "../vault/vault.ts";
import { type AccountId, accountIdOf } from "./account-id.ts";
import type { Address } from "./address.ts";

const NAME = "address-lookup";
const KEY = "account-addresses";

const OTHER_VAULT =
  "This database belongs to another vault key. Set VAULT_KEY to the one it was made with, or DATA_DIR to where its vault.key lies.";

/**
 * E-mail addresses as the database keeps them: a keyed hash to find them by, and the address itself sealed by the vault.
 * The hash's key is drawn once for a database and kept sealed, so that vault keys can rotate and the hashes stay.
 */
export class Addresses {
  readonly #database: PrismaClient;
  readonly #vault: Vault;
  readonly #key: Uint8Array;

  private constructor(options: { database: PrismaClient; vault: Vault; key: Uint8Array }) {
    this.#database = options.database;
    this.#vault = options.vault;
    this.#key = options.key;
  }

  /** @throws VaultError when the vault's key is not the one that the database was made with */
  static async open(options: { database: PrismaClient; vault: Vault }): Promise<Addresses> {
    const { database, vault } = options;
    const row = (await database.serviceKey.findUnique({ where: { name: NAME } })) ?? (await makeKey(options));
    const key = await vault.open({ key: KEY, context: NAME, sealed: row.sealed }).catch((cause: unknown) => {
      if (!(cause instanceof VaultError)) throw cause;
      throw new VaultError(cause.code, OTHER_VAULT, { cause });
    });
    return new Addresses({ database, vault, key });
  }

  /** 32 bytes that find an address, and tell nobody who has only the database anything about it. */
  lookupHash(address: Address): Bytes {
    return this.keyedHash("address", address);
  }

  /** A hash that only this service can compute, another one for every purpose. The parts are taken apart by zeros. */
  keyedHash(purpose: "address" | "google" | "code", ...parts: readonly (string | Uint8Array)[]): Bytes {
    const key = new Uint8Array(
      hkdfSync("sha256", this.#key, new Uint8Array(0), `openmates-share accounts v1 ${purpose}`, 32),
    );
    const hash = createHmac("sha256", key);
    for (const part of parts) hash.update(createHmac("sha256", key).update(part).digest());
    return ownBytes(hash.digest());
  }

  /** @param context says whose address this is, and has to be given again to open it */
  async seal({ address, context }: { address: string; context: string }): Promise<Bytes> {
    return this.#vault.seal({ key: KEY, context, plaintext: Buffer.from(address) });
  }

  /** @throws VaultError */
  async unseal({ sealed, context }: { sealed: Uint8Array; context: string }): Promise<string> {
    return Buffer.from(await this.#vault.open({ key: KEY, context, sealed })).toString();
  }

  /** Which account has proved that this address is its person's; null while none has. */
  async accountOf(address: Address): Promise<AccountId | null> {
    const identity = await this.#database.identity.findUnique({
      where: { kind_lookup: { kind: "email", lookup: this.lookupHash(address) } },
      select: { accountId: true },
    });
    return identity && accountIdOf(identity.accountId);
  }

  /** Whether this account has proved one of the addresses that these hashes stand for. */
  async hasProved(account: Uint8Array, lookups: readonly Uint8Array[]): Promise<boolean> {
    const where = {
      kind: "email",
      accountId: ownBytes(account),
      lookup: { in: lookups.map((hash) => ownBytes(hash)) },
    };
    return (await this.#database.identity.count({ where })) > 0;
  }
}

/** Nodes that start at the same time all make one; the database keeps the first, and everybody takes what it kept. */
async function makeKey({ database, vault }: { database: PrismaClient; vault: Vault }) {
  const sealed = await vault.seal({ key: KEY, context: NAME, plaintext: randomBytes(32) });
  await database.serviceKey.createMany({
    data: [{ name: NAME, publicKey: new Uint8Array(0), sealed }],
    skipDuplicates: true,
  });
  return database.serviceKey.findUniqueOrThrow({ where: { name: NAME } });
}
