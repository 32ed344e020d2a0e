import type { Prisma, PrismaClient } from "@openmates-share/prisma";
import {
  type Bytes,
  equalBytes,
  idBytes,
  idFromBytes,
  LIMITS,
  type LinkId,
  type LinkMode,
  type LinkSummary,
  toBase64url,
  type WrappedKey,
} from "@openmates-share/protocol/wire";
import type { AccessRequest, Gate } from "../access/gate.ts";
import { requireOwner } from "../access/require-owner.ts";
import type { Revocations } from "../access/revocations.ts";
import { chatNotFound, WireFailure } from "../http/failure.ts";
import { aliveWhere } from "./alive-where.ts";

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
}

/** A chat's links: what makes it readable for others, and ends that. */
export class Links {
  readonly #database: PrismaClient;
  readonly #gate: Gate;
  readonly #revocations: Revocations;
  readonly #now: () => number;

  constructor(options: { database: PrismaClient; gate: Gate; revocations: Revocations; now?: () => number }) {
    this.#database = options.database;
    this.#gate = options.gate;
    this.#revocations = options.revocations;
    this.#now = options.now ?? Date.now;
  }

  /**
   * Creating the same link again is no error, so that a lost answer can be repeated.
   * @throws WireFailure `not_found`, `forbidden`, `bad_request`, `conflict`
   */
  async create(request: AccessRequest & { create: NewLink }): Promise<void> {
    const { chat, create } = request;
    requireOwner(await this.#gate.check(request));
    this.#refuseImpossible(create);
    await this.#database.$transaction(async (transaction) => {
      // The chat's row is locked so that two at once see each other and stay within the limit.
      const [row] = await transaction.$queryRaw<{ sealed: boolean }[]>`
        select seal is not null as sealed from chats where id = ${idBytes(chat)} for no key update`;
      if (!row) throw chatNotFound();
      if (!row.sealed)
        throw new WireFailure("bad_request", "This chat has no seal yet: what a link shows has to be sealed first.");
      if (await this.#existsAlready(transaction, request)) return;
      const links = await transaction.link.count({ where: { chatId: idBytes(chat), ...aliveWhere() } });
      if (links >= LIMITS.links) throw new WireFailure("bad_request", `A chat has ${LIMITS.links} links at most.`);
      await transaction.link.create({ data: linkRow(request) });
    });
    this.#revocations.publish({ type: "preview-changed", chat });
  }

  /** Live links, newest first. @throws WireFailure `not_found`, `forbidden` */
  async list(request: AccessRequest): Promise<readonly LinkSummary[]> {
    requireOwner(await this.#gate.check(request));
    const rows = await this.#database.link.findMany({
      where: { chatId: idBytes(request.chat), ...aliveWhere(new Date(this.#now())) },
      orderBy: { createdAt: "desc" },
    });
    return rows.map((row) => ({
      link: idFromBytes<LinkId>(row.id),
      mode: row.mode as LinkMode, // The table's check lets nothing else in.
      label: row.label && toBase64url(row.label),
      createdAt: row.createdAt.getTime(),
      expiresAt: row.expiresAt?.getTime() ?? null,
      views: row.views,
    }));
  }

  /**
   * Ends a link, and the memberships that hang on it. Its keys and label are erased; the row stays, so that its id cannot
   * be used again. With the last link goes the public card. Revoking what is revoked or never was is no error.
   * @throws WireFailure `not_found`, `forbidden` (about the chat)
   */
  async revoke(request: AccessRequest & { revoke: LinkId }): Promise<void> {
    const { chat, revoke } = request;
    requireOwner(await this.#gate.check(request));
    const [chatId, linkId] = [idBytes(chat), idBytes(revoke)];
    const now = new Date(this.#now());
    await this.#database.$transaction(async (transaction) => {
      // Creating a link takes the same lock: so the card is not erased under one that is just being made.
      await transaction.$executeRaw`select 1 from chats where id = ${chatId} for no key update`;
      const link = { chatId, id: linkId, revokedAt: null };
      await transaction.link.updateMany({ where: link, data: { revokedAt: now, label: null } });
      await transaction.linkKey.deleteMany({ where: { chatId, linkId } });
      await transaction.member.updateMany({ where: { chatId, linkId, removedAt: null }, data: { removedAt: now } });
      const live = await transaction.link.count({ where: { chatId, ...aliveWhere(now) } });
      if (live === 0) await transaction.chat.updateMany({ where: { id: chatId }, data: { preview: null } });
    });
    this.#revocations.publish({ type: "link-revoked", chat, link: revoke });
  }

  /** Counts one view, for whoever shows a good link (R7). @throws WireFailure `not_found` */
  async countView(request: AccessRequest): Promise<void> {
    const { shown } = await this.#gate.check(request);
    if (shown === null) throw chatNotFound();
    await this.#database.link.updateMany({
      where: { chatId: idBytes(request.chat), id: idBytes(shown) },
      data: { views: { increment: 1 } },
    });
  }

  #refuseImpossible({ expiresAt, wrappedKeys }: NewLink): void {
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
    { chat, create }: AccessRequest & { create: NewLink },
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
      equalBytes(row.tokenHash, create.tokenHash) &&
      equalBytes(row.label ?? NOTHING, create.label ?? NOTHING) &&
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

function linkRow({ chat, create }: AccessRequest & { create: NewLink }): Prisma.LinkUncheckedCreateInput {
  return {
    chatId: idBytes(chat),
    id: idBytes(create.link),
    tokenHash: create.tokenHash,
    mode: create.mode,
    label: create.label,
    expiresAt: create.expiresAt === null ? null : new Date(create.expiresAt),
    keys: { create: create.wrappedKeys.map(({ epoch, key }) => ({ epoch, wrapped: key })) },
  };
}
