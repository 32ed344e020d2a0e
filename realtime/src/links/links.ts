import type { Prisma, PrismaClient } from "@openmates-share/prisma";
import {
  type Bytes,
  equalBytes,
  idBytes,
  LIMITS,
  type LinkId,
  type LinkMode,
  type LinkSummary,
  type WrappedKey,
} from "@openmates-share/protocol/wire";
import type { AccessRequest, Gate } from "../access/gate.ts";
import { requireOwner, requireStillOwner } from "../access/require-owner.ts";
import type { Revocations } from "../access/revocations.ts";
import { type Address, parseAddress } from "../accounts/address.ts";
import type { Addresses } from "../accounts/addresses.ts";
import { endOffer } from "../chats/successions.ts";
import { chatNotFound, staleEpoch, WireFailure } from "../http/failure.ts";
import { endLinks } from "./end-links.ts";
import { addressContext, listLinks } from "./list-links.ts";

export interface NewLink {
  readonly link: LinkId;
  /** SHA-256 of the access token. */
  readonly tokenHash: Bytes;
  readonly mode: LinkMode;
  readonly wrappedKeys: readonly WrappedKey[];
  /** Encrypted, or null. */
  readonly label: Bytes | null;
  /** Milliseconds since 1970, or null. */
  readonly expiresAt: number | null;
  readonly viewLimit: number | null;
  /** As the owner typed it; null for a public link. */
  readonly address: string | null;
}

/** What is not named stays. */
export interface LinkEdit {
  readonly mode?: LinkMode;
  readonly label?: Bytes | null;
  readonly expiresAt?: number | null;
  readonly viewLimit?: number | null;
}

type Audience = Pick<Prisma.LinkUncheckedCreateInput, "audience" | "addressLookup" | "addressSealed">;

export interface LinksOptions {
  readonly database: PrismaClient;
  readonly gate: Gate;
  readonly revocations: Revocations;
  readonly addresses: Addresses;
  readonly now?: () => number;
}

/** A chat's links: what makes it readable for others, and ends that. */
export class Links {
  readonly #options: LinksOptions;
  readonly #now: () => number;

  constructor(options: LinksOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /**
   * Creating the same link again is no error, so that a lost answer can be repeated.
   * @throws WireFailure `not_found`, `forbidden`, `bad_request`, `conflict`, `stale_epoch`
   */
  async create(request: AccessRequest & { create: NewLink }): Promise<void> {
    const { database, gate, revocations } = this.#options;
    const { chat, create } = request;
    requireOwner(await gate.check(request));
    this.#refuseImpossible(create);
    const audience = await this.#audienceOf(request);
    let ended = false;
    await database.$transaction(async (transaction) => {
      // The chat's row is locked so that two at once see each other and stay within the limit.
      const [row] = await transaction.$queryRaw<{ sealed: boolean; epoch: number; owner: Uint8Array }[]>`
        select seal is not null as sealed, epoch, owner_account as owner
        from chats where id = ${idBytes(chat)} for no key update`;
      if (!row) throw chatNotFound();
      requireStillOwner(row.owner, request.account);
      if (!row.sealed)
        throw new WireFailure("bad_request", "This chat has no seal yet: what a link shows has to be sealed first.");
      if (await this.#existsAlready(transaction, { ...request, audience })) return;
      if (!create.wrappedKeys.some(({ epoch }) => epoch === row.epoch)) throw staleEpoch();
      const links = await transaction.link.count({ where: { chatId: idBytes(chat), revokedAt: null } });
      if (links >= LIMITS.links) throw new WireFailure("bad_request", `A chat has ${LIMITS.links} links at most.`);
      await transaction.link.create({ data: linkRow({ ...request, audience }) });
      ended = await endOffer(transaction, chat);
    });
    revocations.publish({ type: "preview-changed", chat });
    if (ended) revocations.publish({ type: "chat-changed", chat });
  }

  /** Links that were not revoked, newest first. @throws WireFailure `not_found`, `forbidden` */
  async list(request: AccessRequest): Promise<readonly LinkSummary[]> {
    const { database, gate, addresses } = this.#options;
    requireOwner(await gate.check(request));
    return listLinks(database, { chat: request.chat, addresses });
  }

  /**
   * Changes what a link gives, for everybody who has it, at once.
   * @throws WireFailure `not_found` (also for a link that was revoked), `forbidden`, `bad_request`
   */
  async edit(request: AccessRequest & { change: LinkId; edit: LinkEdit }): Promise<void> {
    const { database, gate, revocations } = this.#options;
    const { chat, change: link, edit } = request;
    requireOwner(await gate.check(request));
    if (edit.expiresAt !== undefined) this.#refuseImpossible({ expiresAt: edit.expiresAt, wrappedKeys: [] });
    const { expiresAt, ...rest } = edit;
    const { count } = await database.link.updateMany({
      where: { chatId: idBytes(chat), id: idBytes(link), revokedAt: null },
      data: {
        ...rest,
        ...(expiresAt === undefined ? {} : { expiresAt: expiresAt === null ? null : new Date(expiresAt) }),
      },
    });
    if (count === 0) throw new WireFailure("not_found", "There is no such link.");
    revocations.publish({ type: "link-changed", chat, link });
  }

  /**
   * Ends a link at once, and the memberships that hang on it, without a new epoch: for a device that lacks the chat's
   * keys. Revoking what is revoked or never was is no error.
   * @throws WireFailure `not_found`, `forbidden` (about the chat)
   */
  async revoke(request: AccessRequest & { revoke: LinkId }): Promise<void> {
    const { database, gate, revocations } = this.#options;
    const { chat, revoke } = request;
    requireOwner(await gate.check(request));
    let ended = false;
    await database.$transaction(async (transaction) => {
      // Creating a link takes the same lock: so the card is not erased under one that is just being made.
      await transaction.$executeRaw`select 1 from chats where id = ${idBytes(chat)} for no key update`;
      await endLinks(transaction, { chat, links: [revoke], now: new Date(this.#now()) });
      ended = await endOffer(transaction, chat);
    });
    revocations.publish({ type: "link-revoked", chat, link: revoke });
    if (ended) revocations.publish({ type: "chat-changed", chat });
  }

  async #audienceOf({ chat, create }: AccessRequest & { create: NewLink }): Promise<Audience> {
    if (create.address === null) return { audience: "public", addressLookup: null, addressSealed: null };
    const address: Address | null = parseAddress(create.address);
    if (!address) throw new WireFailure("bad_request", "The field address is not an e-mail address.");
    const { addresses } = this.#options;
    const addressSealed = await addresses.seal({
      address,
      context: addressContext(idBytes(chat), idBytes(create.link)),
    });
    return { audience: "named", addressLookup: addresses.lookupHash(address), addressSealed };
  }

  #refuseImpossible({ expiresAt, wrappedKeys }: Pick<NewLink, "expiresAt" | "wrappedKeys">): void {
    if (expiresAt !== null && (expiresAt <= this.#now() || expiresAt > LAST_DATE)) {
      throw new WireFailure("bad_request", "The field expiresAt is not a time to come.");
    }
    if (new Set(wrappedKeys.map(({ epoch }) => epoch)).size < wrappedKeys.length) {
      throw new WireFailure("bad_request", "The field wrappedKeys has two keys for one epoch.");
    }
  }

  /** @throws WireFailure `conflict` when the id is taken by another link, or by this one after it was revoked */
  async #existsAlready(
    transaction: Prisma.TransactionClient,
    { chat, create, audience }: AccessRequest & { create: NewLink; audience: Audience },
  ): Promise<boolean> {
    const row = await transaction.link.findUnique({
      where: { chatId_id: { chatId: idBytes(chat), id: idBytes(create.link) } },
      include: { keys: { orderBy: { epoch: "asc" } } },
    });
    if (!row) return false;
    const same =
      row.revokedAt === null &&
      row.mode === create.mode &&
      (row.expiresAt?.getTime() ?? null) === create.expiresAt &&
      row.viewLimit === create.viewLimit &&
      equalBytes(row.tokenHash, create.tokenHash) &&
      equalBytes(row.label ?? NOTHING, create.label ?? NOTHING) &&
      equalBytes(row.addressLookup ?? NOTHING, audience.addressLookup ?? NOTHING) &&
      sameKeys(row.keys, create.wrappedKeys);
    if (!same) throw new WireFailure("conflict", "Another link has this id already.");
    return true;
  }
}

const NOTHING = new Uint8Array(0);

/** The year 9999: beyond it neither dates nor the database agree on how to write a time. */
const LAST_DATE = Date.UTC(9999, 0);

function sameKeys(stored: readonly { epoch: number; wrapped: Uint8Array }[], given: readonly WrappedKey[]): boolean {
  const byEpoch = new Map(given.map(({ epoch, key }) => [epoch, key]));
  return (
    stored.length === given.length &&
    stored.every(({ epoch, wrapped }) => equalBytes(wrapped, byEpoch.get(epoch) ?? NOTHING))
  );
}

function linkRow({
  chat,
  create,
  audience,
}: AccessRequest & { create: NewLink; audience: Audience }): Prisma.LinkUncheckedCreateInput {
  return {
    chatId: idBytes(chat),
    id: idBytes(create.link),
    tokenHash: create.tokenHash,
    mode: create.mode,
    label: create.label,
    expiresAt: create.expiresAt === null ? null : new Date(create.expiresAt),
    viewLimit: create.viewLimit,
    ...audience,
    keys: { create: create.wrappedKeys.map(({ epoch, key }) => ({ epoch, wrapped: key })) },
  };
}
