import { randomBytes } from "node:crypto";
import { Prisma, type PrismaClient } from "@openmates-share/prisma";
import { type Bytes, idFromBytes, ownBytes, type SessionId } from "@openmates-share/protocol/wire";
import { WireFailure } from "../http/failure.ts";
import { type AccountId, accountBytes, accountIdOf } from "./account-id.ts";
import type { Address } from "./address.ts";
import type { Addresses } from "./addresses.ts";
import type { GooglePerson } from "./google/google-person.ts";
import { moveAccount } from "./move-account.ts";
import type { Session, Sessions } from "./sessions.ts";
import type { SignOuts } from "./sign-outs.ts";

/** What somebody has proved to be: an identity of an account, existing or to be. */
interface Proof {
  readonly kind: "email" | "google";
  readonly lookup: Bytes;
  readonly address: string;
}

export interface Entering {
  /** The session that the person has so far: a guest's things go along. */
  readonly before: Session | null;
  readonly device: string;
}

/** Two nodes that make the same identity at once: one finds it taken, and then simply finds it. */
const TRIES = 3;

/** From a proof to a session: finds the account, or makes the guest one that can sign in. */
export class SignIn {
  readonly #database: PrismaClient;
  readonly #addresses: Addresses;
  readonly #sessions: Sessions;
  readonly #signOuts: SignOuts;

  constructor(options: { database: PrismaClient; addresses: Addresses; sessions: Sessions; signOuts: SignOuts }) {
    this.#database = options.database;
    this.#addresses = options.addresses;
    this.#sessions = options.sessions;
    this.#signOuts = options.signOuts;
  }

  /** The address has been proved by a code. */
  async withAddress(address: Address, entering: Entering): Promise<{ session: string }> {
    return this.#enter([this.#proofOf(address)], entering);
  }

  /**
   * Google has vouched for the person. Its name for the person counts first; the address counts as proved too if Google is
   * the one who gives it out, and then leads to the account that has proved it by mail.
   */
  async withGoogle(person: GooglePerson, entering: Entering): Promise<{ session: string }> {
    const lookup = this.#addresses.keyedHash("google", person.subject);
    const google: Proof = { kind: "google", lookup, address: person.address };
    const { provenAddress } = person;
    return this.#enter(provenAddress === null ? [google] : [google, this.#proofOf(provenAddress)], entering);
  }

  #proofOf(address: Address): Proof {
    return { kind: "email", lookup: this.#addresses.lookupHash(address), address };
  }

  async #enter(proofs: readonly Proof[], entering: Entering): Promise<{ session: string }> {
    for (let tries = 1; ; tries += 1) {
      try {
        const { session, ended } = await this.#database.$transaction((transaction) =>
          this.#attempt(transaction, { proofs, entering }),
        );
        this.#signOuts.publish(ended);
        return { session };
      } catch (error) {
        if (tries >= TRIES || !isTaken(error)) throw error;
      }
    }
  }

  async #attempt(
    transaction: Prisma.TransactionClient,
    { proofs, entering }: { proofs: readonly Proof[]; entering: Entering },
  ): Promise<{ session: string; ended: readonly SessionId[] }> {
    const guest = await lockGuest(transaction, entering.before);
    const { found, missing } = await findAccount(transaction, proofs);
    const account = found ?? guest ?? (await createAccount(transaction));
    // One that came to be since it was missed ends this attempt: it may be another account's.
    for (const proof of missing) await addIdentity(transaction, { ...proof, account, addresses: this.#addresses });
    const ended = guest === null ? [] : await sessionsOf(transaction, guest);
    if (guest !== null && guest !== account) {
      await transaction.$queryRaw`select id from accounts where id = ${accountBytes(account)} for update`;
      await moveAccount(transaction, { from: accountBytes(guest), to: accountBytes(account) });
    } else if (guest !== null) {
      // What a guest's bearer opened is worth more from now on, so it gets a new one.
      await transaction.session.deleteMany({ where: { accountId: accountBytes(guest) } });
    }
    const made = await this.#sessions.createFor(transaction, { account, device: entering.device });
    return { session: made.session, ended: [...ended, ...made.ended] };
  }
}

/** @throws Prisma's P2002 when somebody else has it */
export async function addIdentity(
  transaction: Prisma.TransactionClient,
  identity: Proof & { readonly account: AccountId; readonly addresses: Addresses },
): Promise<void> {
  const { account, kind, lookup, address, addresses } = identity;
  const id = new Uint8Array(randomBytes(16));
  const sealed = await addresses.seal({ address, context: identityContext(id) });
  await transaction.identity.create({ data: { id, accountId: accountBytes(account), kind, lookup, sealed } });
}

/** What the vault is told of a sealed address: it opens for its own row alone. */
export function identityContext(id: Uint8Array): string {
  return `identity ${Buffer.from(id).toString("base64url")}`;
}

/** Whether a unique name was taken meanwhile. */
export function isTaken(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
}

/** The account behind the session if it is a guest's, locked, so that it signs in once; null for anybody else. */
async function lockGuest(transaction: Prisma.TransactionClient, before: Session | null): Promise<AccountId | null> {
  if (before === null) return null;
  const id = accountBytes(before.account);
  const locked = await transaction.$queryRaw<unknown[]>`select id from accounts where id = ${id} for update`;
  // It has signed in meanwhile, and is gone or somebody.
  if (locked.length === 0) throw new WireFailure("unauthorized", "This needs a valid session. Please try again.");
  return (await transaction.identity.count({ where: { accountId: id } })) === 0 ? before.account : null;
}

/** By the first proof that belongs to an account; and the proofs that belong to none. */
async function findAccount(
  transaction: Prisma.TransactionClient,
  proofs: readonly Proof[],
): Promise<{ found: AccountId | null; missing: readonly Proof[] }> {
  let found: AccountId | null = null;
  const missing: Proof[] = [];
  for (const proof of proofs) {
    const { kind, lookup } = proof;
    const identity = await transaction.identity.findUnique({ where: { kind_lookup: { kind, lookup } } });
    if (!identity) missing.push(proof);
    else found ??= accountIdOf(identity.accountId);
  }
  return { found, missing };
}

async function createAccount(transaction: Prisma.TransactionClient): Promise<AccountId> {
  const id = ownBytes(randomBytes(16));
  await transaction.account.create({ data: { id } });
  return accountIdOf(id);
}

async function sessionsOf(transaction: Prisma.TransactionClient, account: AccountId): Promise<readonly SessionId[]> {
  const rows = await transaction.session.findMany({
    where: { accountId: accountBytes(account) },
    select: { id: true },
  });
  return rows.map(({ id }) => idFromBytes<SessionId>(id));
}
