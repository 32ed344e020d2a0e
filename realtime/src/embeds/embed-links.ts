import type { Prisma, PrismaClient } from "@openmates-share/prisma";
import {
  type Bytes,
  type EmbedLinkSummary,
  equalBytes,
  idBytes,
  idFromBytes,
  LIMITS,
  type LinkId,
  toBase64url,
} from "@openmates-share/protocol/wire";
import type { Revocations } from "../access/revocations.ts";
import { embedNotFound, WireFailure } from "../http/failure.ts";
import { aliveWhere } from "../links/alive-where.ts";
import { type EmbedGate, type EmbedRequest, requireManager } from "./embed-gate.ts";

export interface NewEmbedLink {
  readonly link: LinkId;
  /** SHA-256 of the access token. */
  readonly tokenHash: Bytes;
  readonly wrappedKey: Bytes;
  /** Encrypted, or null. */
  readonly label: Bytes | null;
  /** Milliseconds since 1970, or null. */
  readonly expiresAt: number | null;
}

/** The year 9999: beyond it neither dates nor the database agree on how to write a time. */
const LAST_DATE = Date.UTC(9999, 0);

/** An embed's own links. */
export class EmbedLinks {
  readonly #database: PrismaClient;
  readonly #gate: EmbedGate;
  readonly #revocations: Revocations;
  readonly #now: () => number;

  constructor(options: { database: PrismaClient; gate: EmbedGate; revocations: Revocations; now?: () => number }) {
    this.#database = options.database;
    this.#gate = options.gate;
    this.#revocations = options.revocations;
    this.#now = options.now ?? Date.now;
  }

  /**
   * Creating the same link again is no error, so that a lost answer can be repeated.
   * @throws WireFailure `not_found`, `forbidden`, `bad_request`, `conflict`
   */
  async create(request: EmbedRequest & { create: NewEmbedLink }): Promise<void> {
    const { embed, create } = request;
    requireManager(await this.#gate.check(request));
    if (create.expiresAt !== null && (create.expiresAt <= this.#now() || create.expiresAt > LAST_DATE)) {
      throw new WireFailure("bad_request", "The field expiresAt is not a time to come.");
    }
    const embedId = idBytes(embed);
    await this.#database.$transaction(async (transaction) => {
      // The embed's row is locked so that two at once see each other and stay within the limit.
      const [row] = await transaction.$queryRaw<{ complete: boolean }[]>`
        select completed_at is not null as complete from embeds where id = ${embedId} for no key update`;
      if (!row) throw embedNotFound();
      if (!row.complete) throw new WireFailure("bad_request", "This is not all uploaded yet.");
      if (await existsAlready(transaction, { embedId, create })) return;
      const links = await transaction.embedLink.count({ where: { embedId, ...aliveWhere() } });
      if (links >= LIMITS.links) throw new WireFailure("bad_request", `There are ${LIMITS.links} links at most.`);
      await transaction.embedLink.create({ data: { embedId, ...columnsOf(create) } });
    });
    this.#revocations.publish({ type: "embed-changed", embed });
  }

  /** Live links, newest first. @throws WireFailure `not_found`, `forbidden` */
  async list(request: EmbedRequest): Promise<readonly EmbedLinkSummary[]> {
    requireManager(await this.#gate.check(request));
    const rows = await this.#database.embedLink.findMany({
      where: { embedId: idBytes(request.embed), ...aliveWhere(new Date(this.#now())) },
      orderBy: { createdAt: "desc" },
    });
    return rows.map((row) => ({
      link: idFromBytes<LinkId>(row.id),
      label: row.label && toBase64url(row.label),
      createdAt: row.createdAt.getTime(),
      expiresAt: row.expiresAt?.getTime() ?? null,
      views: row.views,
    }));
  }

  /**
   * Ends a link; its key and label are erased, its row stays. With the last link goes the public card. Revoking what is
   * revoked or never was is no error.
   * @throws WireFailure `not_found`, `forbidden`
   */
  async revoke(request: EmbedRequest & { revoke: LinkId }): Promise<void> {
    const { embed, revoke } = request;
    requireManager(await this.#gate.check(request));
    const [embedId, id] = [idBytes(embed), idBytes(revoke)];
    const now = new Date(this.#now());
    await this.#database.$transaction(async (transaction) => {
      await transaction.$executeRaw`select 1 from embeds where id = ${embedId} for no key update`;
      const where = { embedId, id, revokedAt: null };
      await transaction.embedLink.updateMany({ where, data: { revokedAt: now, wrapped: null, label: null } });
      const live = await transaction.embedLink.count({ where: { embedId, ...aliveWhere(now) } });
      if (live === 0) await transaction.embed.updateMany({ where: { id: embedId }, data: { preview: null } });
    });
    this.#revocations.publish({ type: "embed-changed", embed });
  }

  /** Counts one view, for whoever shows a good link (R7). @throws WireFailure `not_found` */
  async countView(request: EmbedRequest): Promise<void> {
    const { shown } = await this.#gate.check(request);
    if (shown === null) throw embedNotFound();
    await this.#database.embedLink.updateMany({
      where: { embedId: idBytes(request.embed), id: idBytes(shown) },
      data: { views: { increment: 1 } },
    });
  }
}

/** @throws WireFailure `conflict` when the id is taken by another link, or by this one after it was revoked */
async function existsAlready(
  transaction: Prisma.TransactionClient,
  { embedId, create }: { embedId: Bytes; create: NewEmbedLink },
): Promise<boolean> {
  const row = await transaction.embedLink.findUnique({
    where: { embedId_id: { embedId, id: idBytes(create.link) } },
  });
  if (!row) return false;
  const same =
    row.revokedAt === null &&
    (row.expiresAt?.getTime() ?? null) === create.expiresAt &&
    equalBytes(row.tokenHash, create.tokenHash) &&
    equalBytes(row.wrapped ?? NOTHING, create.wrappedKey) &&
    equalBytes(row.label ?? NOTHING, create.label ?? NOTHING);
  if (!same) throw new WireFailure("conflict", "Another link has this id already.");
  return true;
}

const NOTHING = new Uint8Array(0);

function columnsOf({ link, tokenHash, wrappedKey, label, expiresAt }: NewEmbedLink) {
  return {
    id: idBytes(link),
    tokenHash,
    wrapped: wrappedKey,
    label,
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
  };
}
