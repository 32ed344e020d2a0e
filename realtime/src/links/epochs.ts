import { type Prisma, type PrismaClient, Prisma as sql } from "@openmates-share/prisma";
import {
  type Bytes,
  type ChatId,
  type EpochState,
  idBytes,
  idFromBytes,
  type LinkId,
  type SenderId,
  toBase64url,
} from "@openmates-share/protocol/wire";
import type { AccessRequest, Gate } from "../access/gate.ts";
import { requireOwner, requireStillOwner } from "../access/require-owner.ts";
import type { Revocations } from "../access/revocations.ts";
import type { AccountId } from "../accounts/account-id.ts";
import type { Addresses } from "../accounts/addresses.ts";
import { epochOfSeal } from "../chats/chats.ts";
import { endOffer } from "../chats/successions.ts";
import { chatNotFound, staleEpoch, WireFailure } from "../http/failure.ts";
import { endLinks } from "./end-links.ts";
import { listLinks } from "./list-links.ts";

export interface Rotation {
  /** The new one. */
  readonly epoch: number;
  /** 16 bytes. */
  readonly rotation: Bytes;
  readonly wrappedKeys: readonly { readonly link: LinkId; readonly key: Bytes }[];
  readonly seal: Bytes | null;
  readonly revoke: readonly LinkId[];
  readonly remove: readonly SenderId[];
}

/** Takes access away, together with the key that what is written from then on is under (SPEC section 4). */
export class Epochs {
  readonly #database: PrismaClient;
  readonly #gate: Gate;
  readonly #revocations: Revocations;
  readonly #addresses: Addresses;

  constructor(options: { database: PrismaClient; gate: Gate; revocations: Revocations; addresses: Addresses }) {
    this.#database = options.database;
    this.#gate = options.gate;
    this.#revocations = options.revocations;
    this.#addresses = options.addresses;
  }

  /** What the owner's device builds on, as of one moment. @throws WireFailure `not_found`, `forbidden` */
  async state(request: AccessRequest): Promise<EpochState> {
    requireOwner(await this.#gate.check(request));
    const { chat } = request;
    const id = idBytes(chat);
    return this.#database.$transaction(
      async (transaction) => {
        const row = await transaction.chat.findUnique({ where: { id } });
        if (!row) throw chatNotFound();
        const members = await transaction.member.findMany({
          where: { chatId: id, removedAt: null },
          orderBy: { joinedAt: "asc" },
        });
        return {
          now: Date.now(),
          epoch: row.epoch,
          rotation: row.rotation && toBase64url(row.rotation),
          seal: row.seal && toBase64url(row.seal),
          sharedThrough: row.sharedThrough,
          lastSeq: row.lastSeq,
          links: await listLinks(transaction, { chat, addresses: this.#addresses }),
          members: members.map((member) => ({
            sender: idFromBytes<SenderId>(member.sender),
            link: idFromBytes<LinkId>(member.linkId),
            joinedAt: member.joinedAt.getTime(),
          })),
        };
      },
      { isolationLevel: sql.TransactionIsolationLevel.RepeatableRead },
    );
  }

  /**
   * All of it or nothing. Of two that build on the same epoch one is refused.
   * @throws WireFailure `not_found`, `forbidden`, `bad_request`, `stale_epoch` (another rotation was first, perhaps this one
   * before its answer was lost: the state tells), `conflict` (there is a link that this one does not know of)
   */
  async rotate(request: AccessRequest & { rotate: Rotation }): Promise<void> {
    requireOwner(await this.#gate.check(request));
    const { chat, rotate } = request;
    const { seal, revoke, remove } = rotate;
    if (seal && epochOfSeal(seal) !== rotate.epoch) {
      throw new WireFailure("bad_request", "The field seal is not of the new epoch.");
    }
    const ended = await this.#database.$transaction((transaction) =>
      rotateIn(transaction, { chat, rotate, account: request.account }),
    );
    for (const link of revoke) this.#revocations.publish({ type: "link-revoked", chat, link });
    for (const sender of remove) this.#revocations.publish({ type: "member-removed", chat, sender });
    // Last, so that whoever hears it is still in: it tells them of the new epoch.
    if (seal || ended) this.#revocations.publish({ type: "chat-changed", chat });
  }
}

/** Whether it ended an offer to hand the chat over. */
async function rotateIn(
  transaction: Prisma.TransactionClient,
  { chat, rotate, account }: { chat: ChatId; rotate: Rotation; account: AccountId | null },
): Promise<boolean> {
  const chatId = idBytes(chat);
  const now = new Date();
  // Appending takes the same lock: what is stored after this is under the new epoch.
  const [row] = await transaction.$queryRaw<{ epoch: number; sealed: boolean; owner: Uint8Array }[]>`
    select epoch, seal is not null as sealed, owner_account as owner from chats where id = ${chatId} for no key update`;
  if (!row) throw chatNotFound();
  requireStillOwner(row.owner, account);
  if (row.epoch !== rotate.epoch - 1) throw staleEpoch();
  if (row.sealed !== (rotate.seal !== null)) throw new WireFailure("conflict", "The chat was sealed meanwhile.");
  const keys = await keysOfAll(transaction, { chat, rotate });
  const { epoch, rotation, seal, revoke, remove } = rotate;
  await transaction.chat.update({ where: { id: chatId }, data: { epoch, rotation, ...(seal ? { seal } : {}) } });
  await transaction.linkKey.createMany({
    data: keys.map(({ link, key }) => ({ chatId, linkId: idBytes(link), epoch, wrapped: key })),
  });
  if (revoke.length > 0) await endLinks(transaction, { chat, links: revoke, now });
  await transaction.member.updateMany({
    where: { chatId, sender: { in: remove.map((sender) => idBytes(sender)) }, removedAt: null },
    data: { removedAt: now },
  });
  return endOffer(transaction, chat);
}

/** One for every link that stays. @throws WireFailure `conflict` when there is a link that the owner's device does not know of */
async function keysOfAll(
  transaction: Prisma.TransactionClient,
  { chat, rotate }: { chat: ChatId; rotate: Rotation },
): Promise<Rotation["wrappedKeys"]> {
  const rows = await transaction.link.findMany({
    where: { chatId: idBytes(chat), revokedAt: null },
    select: { id: true },
  });
  const ending = new Set(rotate.revoke);
  const staying = new Set(rows.map(({ id }) => idFromBytes<LinkId>(id)).filter((link) => !ending.has(link)));
  const keys = rotate.wrappedKeys.filter(({ link }) => staying.has(link));
  if (keys.length === staying.size) return keys;
  throw new WireFailure(
    "conflict",
    "There is a link that gets no key of the new epoch. Please look at the links again.",
  );
}
