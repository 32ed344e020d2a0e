import { createHash } from "node:crypto";
import type { Prisma, PrismaClient } from "@openmates-share/prisma";
import {
  type Bytes,
  type ChatId,
  type EmbedId,
  type EmbedUpload,
  equalBytes,
  idBytes,
  ownBytes,
  partCount,
  partLength,
  type StoredEmbed,
} from "@openmates-share/protocol/wire";
import type { AccessRequest, Gate } from "../access/gate.ts";
import type { Revocations } from "../access/revocations.ts";
import { type AccountId, accountBytes } from "../accounts/account-id.ts";
import { chatClosed, chatNotFound, embedNotFound, WireFailure } from "../http/failure.ts";
import type { EmbedAccess } from "./embed-access.ts";
import { type EmbedGate, type EmbedRequest, notInTheChat, requireManager, requireUploader } from "./embed-gate.ts";
import { EMBED_QUOTAS, type EmbedQuotas } from "./embed-limits.ts";

export interface NewEmbed {
  readonly account: AccountId;
  readonly embed: EmbedId;
  readonly chat: ChatId | null;
  /** Bytes as stored. */
  readonly size: number;
  readonly link: AccessRequest["link"];
}

/** Uploading, opening and erasing embeds. */
export class Embeds {
  readonly #database: PrismaClient;
  readonly #chats: Gate;
  readonly #gate: EmbedGate;
  readonly #quotas: EmbedQuotas;
  readonly #revocations: Revocations;

  constructor(options: {
    database: PrismaClient;
    chats: Gate;
    gate: EmbedGate;
    revocations: Revocations;
    quotas?: EmbedQuotas;
  }) {
    this.#database = options.database;
    this.#chats = options.chats;
    this.#gate = options.gate;
    this.#revocations = options.revocations;
    this.#quotas = options.quotas ?? EMBED_QUOTAS;
  }

  /**
   * Announces an upload; doing it again tells what is there already.
   * @throws WireFailure `not_found`, `forbidden` and `chat_closed` (about the chat), `too_large` (a quota), `conflict`
   */
  async create(request: NewEmbed): Promise<EmbedUpload> {
    if (request.chat) {
      const access = await this.#chats.check({ ...request, chat: request.chat });
      if (!access.mayWrite) throw access.role === "member" ? chatClosed() : notInTheChat();
    }
    const id = idBytes(request.embed);
    await this.#database.$transaction(async (transaction) => {
      const row = { id, ownerAccount: accountBytes(request.account), chatId: request.chat && idBytes(request.chat) };
      await lockOwners(transaction, row);
      const known = await transaction.embed.findUnique({ where: { id } });
      if (known) return requireSame(known, { ...row, size: request.size });
      // Its links may still be about, and would lead to something else.
      if ((await transaction.retiredId.count({ where: { id } })) > 0) throw takenId();
      await this.#requireRoom(transaction, { ...row, size: request.size });
      await transaction.embed.create({ data: { ...row, size: request.size } });
    });
    return this.#upload(request.embed);
  }

  /** What of an upload is there. @throws WireFailure `not_found`, `forbidden` */
  async upload(request: EmbedRequest): Promise<EmbedUpload> {
    requireManager(await this.#gate.check(request));
    return this.#upload(request.embed);
  }

  /**
   * Stores one part; the same bytes again are no error.
   * @throws WireFailure `not_found`, `forbidden`, `chat_closed`, `bad_request` (number or length), `conflict` (other bytes, or complete)
   */
  async putPart(request: EmbedRequest & { index: number; bytes: Uint8Array }): Promise<void> {
    const { embed, index } = request;
    requireUploader(await this.#gate.check(request));
    const embedId = idBytes(embed);
    const row = await this.#database.embed.findUnique({ where: { id: embedId }, select: { size: true } });
    if (!row) throw embedNotFound();
    if (index >= partCount(row.size) || request.bytes.length !== partLength(row.size, index)) {
      throw new WireFailure("bad_request", "This part has not the length that was announced.");
    }
    const bytes = ownBytes(request.bytes);
    const digest = new Uint8Array(createHash("sha256").update(bytes).digest());
    // All parts are there when an embed is completed, and none is ever replaced: so completed ones cannot change.
    const { count } = await this.#database.embedPart.createMany({
      data: [{ embedId, index, bytes, digest }],
      skipDuplicates: true,
    });
    if (count === 1) return;
    const stored = await this.#database.embedPart.findUnique({
      where: { embedId_index: { embedId, index } },
      select: { digest: true },
    });
    if (!stored || !equalBytes(stored.digest, digest)) {
      throw new WireFailure("conflict", "This part was uploaded before, with other bytes.");
    }
  }

  /**
   * From here on others can open it, and it stays as it is. The same header again is no error.
   * @throws WireFailure `not_found`, `forbidden`, `chat_closed`, `bad_request` (parts are missing), `conflict`
   */
  async complete(request: EmbedRequest & { header: Bytes }): Promise<void> {
    const { embed, header } = request;
    requireUploader(await this.#gate.check(request));
    const id = idBytes(embed);
    await this.#database.$transaction(async (transaction) => {
      const [row] = await transaction.$queryRaw<{ size: number; header: Uint8Array | null }[]>`
        select size, header from embeds where id = ${id} for no key update`;
      if (!row) throw embedNotFound();
      if (row.header) {
        if (equalBytes(row.header, header)) return;
        throw new WireFailure("conflict", "This is complete already and cannot be changed.");
      }
      const stored = await transaction.embedPart.count({ where: { embedId: id } });
      if (stored < partCount(row.size)) throw new WireFailure("bad_request", "Not all parts are uploaded yet.");
      await transaction.embed.update({ where: { id }, data: { header, completedAt: new Date() } });
    });
  }

  /** @throws WireFailure `not_found` */
  async open(request: EmbedRequest): Promise<StoredEmbed> {
    const access = await this.#gate.check(request);
    const row = await this.#database.embed.findUnique({
      where: { id: idBytes(request.embed) },
      select: { header: true, size: true },
    });
    // Erased since the gate was asked, or its owner's and not uploaded yet: there is nothing to open.
    if (!row?.header) throw embedNotFound();
    return {
      embed: request.embed,
      header: ownBytes(row.header),
      size: row.size,
      owner: access.role === "owner",
      wrappedKey: await this.#wrappedKey(request.embed, access),
      until: access.until,
    };
  }

  /** Erases it, its parts and its links. @throws WireFailure `not_found`, `forbidden` */
  async delete(request: EmbedRequest): Promise<void> {
    const { mayErase } = await this.#gate.check(request);
    if (!mayErase) throw new WireFailure("forbidden", "Only its owner may do that.");
    await this.#database.embed.deleteMany({ where: { id: idBytes(request.embed) } });
    this.#revocations.publish({ type: "embed-changed", embed: request.embed });
  }

  async #upload(embed: EmbedId): Promise<EmbedUpload> {
    const row = await this.#database.embed.findUnique({
      where: { id: idBytes(embed) },
      select: { completedAt: true, parts: { select: { index: true }, orderBy: { index: "asc" } } },
    });
    if (!row) throw embedNotFound();
    const complete = row.completedAt !== null;
    return { complete, parts: complete ? [] : row.parts.map(({ index }) => index) };
  }

  /** Unfinished uploads count with their whole size: announcing much and sending little gains nothing. */
  async #requireRoom(transaction: Prisma.TransactionClient, row: EmbedRow): Promise<void> {
    const sum = { _sum: { size: true }, _count: true } as const;
    const { accountBytes, chatBytes, chatFiles } = this.#quotas;
    const own = await transaction.embed.aggregate({ where: { ownerAccount: row.ownerAccount }, ...sum });
    if ((own._sum.size ?? 0) + row.size > accountBytes) {
      throw new WireFailure("too_large", "Your files here take all the space that there is for one person.");
    }
    if (!row.chatId) return;
    const shares = await ownersBeside(transaction, row);
    const chat = await transaction.embed.aggregate({ where: { chatId: row.chatId, ownerAccount: shares }, ...sum });
    if ((chat._sum.size ?? 0) + row.size > chatBytes || chat._count >= chatFiles) {
      throw new WireFailure("too_large", "The files of this chat take all the space that there is for one chat.");
    }
  }

  async #wrappedKey(embed: EmbedId, { shown }: EmbedAccess): Promise<Bytes | null> {
    if (shown === null) return null;
    const row = await this.#database.embedLink.findUnique({
      where: { embedId_id: { embedId: idBytes(embed), id: idBytes(shown) } },
      select: { wrapped: true },
    });
    return row?.wrapped ? ownBytes(row.wrapped) : null;
  }
}

interface EmbedRow {
  readonly id: Bytes;
  readonly ownerAccount: Bytes;
  readonly chatId: Bytes | null;
  readonly size: number;
}

/** So that two uploads announced at once see each other, and stay within the quotas. @throws WireFailure `not_found`, `chat_closed` */
async function lockOwners(
  transaction: Prisma.TransactionClient,
  { ownerAccount, chatId }: Pick<EmbedRow, "ownerAccount" | "chatId">,
): Promise<void> {
  await transaction.$executeRaw`select 1 from accounts where id = ${ownerAccount} for no key update`;
  if (!chatId) return;
  const [chat] = await transaction.$queryRaw<{ closed: boolean }[]>`
    select closed and owner_account <> ${ownerAccount} as closed from chats where id = ${chatId} for no key update`;
  if (!chat) throw chatNotFound();
  if (chat.closed) throw chatClosed();
}

/**
 * Whose files share a chat's space with somebody's: members with members, as long as they are in; and the owner has as much
 * alone. Else a guest who announces files and sends none would leave no room to anybody, and be counted after they were
 * removed.
 */
async function ownersBeside(
  transaction: Prisma.TransactionClient,
  { ownerAccount, chatId }: Pick<EmbedRow, "ownerAccount" | "chatId">,
): Promise<Bytes | { in: Bytes[] }> {
  if (!chatId || (await transaction.chat.count({ where: { id: chatId, ownerAccount } })) > 0) return ownerAccount;
  const members = await transaction.member.findMany({
    where: { chatId, removedAt: null },
    select: { accountId: true },
  });
  return { in: members.map(({ accountId }) => accountId) };
}

/** @throws WireFailure `conflict` */
function requireSame(
  known: { ownerAccount: Uint8Array; chatId: Uint8Array | null; size: number },
  wanted: EmbedRow,
): void {
  const same =
    known.size === wanted.size &&
    equalBytes(known.ownerAccount, wanted.ownerAccount) &&
    equalBytes(known.chatId ?? NOTHING, wanted.chatId ?? NOTHING);
  if (!same) throw takenId();
}

function takenId(): WireFailure {
  return new WireFailure("conflict", "This id is taken. Please upload under a new one.");
}

const NOTHING = new Uint8Array(0);
