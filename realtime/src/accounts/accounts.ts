import type { PrismaClient } from "@openmates-share/prisma";
import {
  type AccountInfo,
  type ChatId,
  idFromBytes,
  LIMITS,
  ownBytes,
  type SessionId,
  toBase64url,
} from "@openmates-share/protocol/wire";
import type { Revocations } from "../access/revocations.ts";
import type { Chats } from "../chats/chats.ts";
import { WireFailure } from "../http/failure.ts";
import { type AccountId, accountBytes } from "./account-id.ts";
import { type Address, parseAddress } from "./address.ts";
import type { Addresses } from "./addresses.ts";
import type { Session } from "./sessions.ts";
import { addIdentity, identityContext, isTaken } from "./sign-in.ts";
import type { SignOuts } from "./sign-outs.ts";

/** What a person sees and changes of the own account. */
export class Accounts {
  readonly #database: PrismaClient;
  readonly #addresses: Addresses;
  readonly #signOuts: SignOuts;
  readonly #chats: Chats;
  readonly #revocations: Revocations;

  constructor(options: {
    database: PrismaClient;
    addresses: Addresses;
    signOuts: SignOuts;
    chats: Chats;
    revocations: Revocations;
  }) {
    this.#database = options.database;
    this.#addresses = options.addresses;
    this.#signOuts = options.signOuts;
    this.#chats = options.chats;
    this.#revocations = options.revocations;
  }

  async info(account: AccountId): Promise<AccountInfo> {
    const accountId = accountBytes(account);
    const [identities, chats, memberships] = await Promise.all([
      this.#database.identity.findMany({ where: { accountId }, orderBy: [{ createdAt: "asc" }, { id: "asc" }] }),
      this.#database.chat.count({ where: { ownerAccount: accountId } }),
      this.#database.member.count({ where: { accountId, removedAt: null } }),
    ]);
    const shown = identities.map(async ({ id, kind, sealed, createdAt }) => ({
      id: toBase64url(id),
      kind: kind === "google" ? ("google" as const) : ("email" as const),
      address: await this.#addresses.unseal({ sealed, context: identityContext(id) }),
      since: createdAt.getTime(),
    }));
    return { signedIn: identities.length > 0, identities: await Promise.all(shown), chats, memberships };
  }

  /**
   * Adds an address that was just proved, in place of another identity if one is named. Returns the addresses that were
   * there before, which ought to hear of it.
   * @throws WireFailure `forbidden`, `conflict` when the address is another account's
   */
  async addAddress(
    account: AccountId,
    { address, replaces }: { address: Address; replaces: Uint8Array | null },
  ): Promise<readonly Address[]> {
    const before = await this.info(account);
    if (!before.signedIn) throw new WireFailure("forbidden", "Sign in first.");
    const accountId = accountBytes(account);
    const lookup = this.#addresses.lookupHash(address);
    try {
      await this.#database.$transaction(async (transaction) => {
        await transaction.$queryRaw`select id from accounts where id = ${accountId} for update`;
        const known = await transaction.identity.findUnique({ where: { kind_lookup: { kind: "email", lookup } } });
        if (known && !Buffer.from(known.accountId).equals(accountId)) throw takenAddress();
        if (!known) {
          await addIdentity(transaction, { account, kind: "email", lookup, address, addresses: this.#addresses });
        }
        if (replaces && !(known && Buffer.from(known.id).equals(replaces))) {
          await transaction.identity.deleteMany({ where: { id: ownBytes(replaces), accountId } });
        }
        if ((await transaction.identity.count({ where: { accountId } })) > LIMITS.identities) {
          throw new WireFailure("forbidden", `An account has ${LIMITS.identities} ways to sign in at most.`);
        }
      });
    } catch (error) {
      throw isTaken(error) ? takenAddress() : error;
    }
    return before.identities.flatMap((identity) => {
      const old = identity.kind === "email" ? parseAddress(identity.address) : null;
      return old && old !== address ? [old] : [];
    });
  }

  /** @throws WireFailure `not_found`, `forbidden` for the last one, without which nobody could come in again */
  async removeIdentity(account: AccountId, identity: Uint8Array): Promise<void> {
    const accountId = accountBytes(account);
    await this.#database.$transaction(async (transaction) => {
      // Two that are removed at once must not both be the second last.
      await transaction.$queryRaw`select id from accounts where id = ${accountId} for update`;
      const { count } = await transaction.identity.deleteMany({ where: { id: ownBytes(identity), accountId } });
      if (count === 0) throw new WireFailure("not_found", "This account has no such way to sign in.");
      if ((await transaction.identity.count({ where: { accountId } })) === 0) {
        throw new WireFailure(
          "forbidden",
          "This is the last way to sign in. Add another one first, or delete the account.",
        );
      }
    });
  }

  /** Erases the account, its chats with all their links, its files, and its sessions. What it wrote in chats of others stays there. */
  async erase({ account }: Session): Promise<void> {
    const accountId = accountBytes(account);
    for (;;) {
      const chats = await this.#database.chat.findMany({
        where: { ownerAccount: accountId },
        select: { id: true },
        take: 100,
      });
      if (chats.length === 0) break;
      // One by one, as the owner would: whatever hangs on a chat is erased in one place.
      for (const { id } of chats) await this.#chats.delete({ chat: idFromBytes<ChatId>(id), account, link: null });
    }
    // Those in chats of others, and those on their own: nobody is left who could end their links.
    await this.#database.embed.deleteMany({ where: { ownerAccount: accountId } });
    this.#revocations.publish({ type: "embed-changed", embed: null });
    const ended = await this.#database.session.findMany({ where: { accountId }, select: { id: true } });
    // A chat that came to be meanwhile keeps the account from being deleted, and the person tries again.
    await this.#database.account.deleteMany({ where: { id: accountId } });
    this.#signOuts.publish(ended.map(({ id }) => idFromBytes<SessionId>(id)));
  }
}

function takenAddress(): WireFailure {
  return new WireFailure("conflict", "This address belongs to another account. Sign in with it to use that one.");
}
