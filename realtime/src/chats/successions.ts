import { createHash } from "node:crypto";
import type { Prisma, PrismaClient } from "@openmates-share/prisma";
import {
  type Bytes,
  type ChatId,
  equalBytes,
  ID_LENGTH,
  idBytes,
  idFromBytes,
  LIMITS,
  type LinkId,
  OFFER_LENGTH,
  type PendingOffer,
  type SenderId,
  SUCCESSION_LENGTH,
  toBase64url,
} from "@openmates-share/protocol/wire";
import type { AccessRequest, Gate } from "../access/gate.ts";
import { requireOwner } from "../access/require-owner.ts";
import type { Revocations } from "../access/revocations.ts";
import { accountBytes } from "../accounts/account-id.ts";
import { chatNotFound, staleEpoch, WireFailure } from "../http/failure.ts";
import { aliveWhere } from "../links/alive-where.ts";
import { epochOfSeal } from "./chats.ts";

/** What an owner offers, and to whom. */
export interface OfferOfChat {
  readonly to: SenderId;
  /** By which the owner stays in the chat. */
  readonly link: LinkId;
  readonly offer: Bytes;
  readonly bequest: Bytes;
}

/** An offer, accepted. */
export interface Acceptance {
  readonly succession: Bytes;
  /** The shared part's end under the new owner's key; null for a chat that was never sealed. */
  readonly seal: Bytes | null;
  /** SHA-256 of the seal that it takes the place of. */
  readonly replaces: Bytes | null;
}

/** Handing a chat over (SPEC section 19): what is signed and sealed is not this server's to read. */
export class Successions {
  readonly #database: PrismaClient;
  readonly #gate: Gate;
  readonly #revocations: Revocations;

  constructor(options: { database: PrismaClient; gate: Gate; revocations: Revocations }) {
    this.#database = options.database;
    this.#gate = options.gate;
    this.#revocations = options.revocations;
  }

  /** Takes the place of an offer before. @throws WireFailure `not_found`, `forbidden`, `bad_request`, `conflict` */
  async offer(request: AccessRequest & { offer: OfferOfChat }): Promise<void> {
    requireOwner(await this.#gate.check(request));
    const { chat, offer } = request;
    const id = idBytes(chat);
    if (!equalBytes(offer.offer.subarray(1, 1 + ID_LENGTH), id)) {
      throw new WireFailure("bad_request", "The field offer is about another chat.");
    }
    await this.#database.$transaction(async (transaction) => {
      const row = await lockChat(transaction, chat);
      if ((row.successions?.length ?? 0) >= LIMITS.successions * SUCCESSION_LENGTH) {
        throw new WireFailure("bad_request", "This chat was handed over too often.");
      }
      const to = idBytes(offer.to);
      const member = await transaction.member.count({ where: { chatId: id, sender: to, removedAt: null } });
      if (member === 0) throw new WireFailure("conflict", "This person is not in the chat any more.");
      await requireLink(transaction, { chat, link: offer.link });
      await transaction.chat.update({
        where: { id },
        data: { offer: offer.offer, bequest: offer.bequest, offeredTo: to, offeredLink: idBytes(offer.link) },
      });
    });
    this.#revocations.publish({ type: "chat-changed", chat });
  }

  /** What is offered, for the owner and for who may accept; null for everybody else, and when nothing is. */
  async pending(request: AccessRequest): Promise<PendingOffer | null> {
    const { role, sender } = await this.#gate.check(request);
    const row = await this.#database.chat.findUnique({
      where: { id: idBytes(request.chat) },
      select: { offer: true, bequest: true, offeredTo: true, offeredLink: true },
    });
    if (!row?.offer || !row.bequest || !row.offeredTo || !row.offeredLink) return null;
    const to = idFromBytes<SenderId>(row.offeredTo);
    if (role !== "owner" && sender !== to) return null;
    return {
      to,
      link: idFromBytes<LinkId>(row.offeredLink),
      offer: toBase64url(row.offer),
      bequest: toBase64url(row.bequest),
    };
  }

  /** By the owner, or by who was offered it. Doing it again is no error. @throws WireFailure `not_found`, `forbidden` */
  async withdraw(request: AccessRequest): Promise<void> {
    const { chat } = request;
    const { role, sender } = await this.#gate.check(request);
    if (sender === null) throw notYours();
    const mine = role === "owner" ? {} : { offeredTo: idBytes(sender) };
    const { count } = await this.#database.chat.updateMany({ where: { id: idBytes(chat), ...mine }, data: NO_OFFER });
    if (count > 0) this.#revocations.publish({ type: "chat-changed", chat });
  }

  /**
   * Owner, seal and successions change together. The old owner stays as a member.
   * @throws WireFailure `not_found`, `forbidden`, `bad_request`, `stale_epoch`, `conflict` (another offer, or another seal)
   */
  async accept(request: AccessRequest & { accept: Acceptance }): Promise<void> {
    const { chat, account, accept } = request;
    const { role, sender } = await this.#gate.check(request);
    if (role !== "member" || sender === null || account === null) throw notYours();
    const to = { account: accountBytes(account), sender: idBytes(sender) };
    await this.#database.$transaction((transaction) => acceptIn(transaction, { chat, accept, to }));
    this.#revocations.publish({ type: "chat-changed", chat });
  }
}

/** What withdraws an offer. */
export const NO_OFFER = { offer: null, bequest: null, offeredTo: null, offeredLink: null } as const;

/** Ends an offer whose bequest would lack a key from now on; whether there was one. The chat's row has to be locked. */
export async function endOffer(transaction: Prisma.TransactionClient, chat: ChatId): Promise<boolean> {
  const where = { id: idBytes(chat), offer: { not: null } };
  return (await transaction.chat.updateMany({ where, data: NO_OFFER })).count > 0;
}

async function acceptIn(
  transaction: Prisma.TransactionClient,
  { chat, accept, to }: { chat: ChatId; accept: Acceptance; to: { account: Bytes; sender: Bytes } },
): Promise<void> {
  const { succession, seal, replaces } = accept;
  const row = await lockChat(transaction, chat);
  const offered = row.offer && row.offered_to && equalBytes(row.offered_to, to.sender) ? row.offer : null;
  if (!offered || !row.offered_link || !equalBytes(offered, succession.subarray(0, OFFER_LENGTH))) {
    throw new WireFailure("conflict", "This offer was withdrawn.");
  }
  if (seal && epochOfSeal(seal) !== row.epoch) throw staleEpoch();
  const known = row.seal && new Uint8Array(createHash("sha256").update(row.seal).digest());
  if ((known === null) !== (seal === null) || !equalBytes(known ?? NOTHING, replaces ?? NOTHING)) {
    throw new WireFailure("conflict", "The chat was sealed meanwhile.");
  }
  const link = idFromBytes<LinkId>(row.offered_link);
  await requireLink(transaction, { chat, link });
  const chatId = idBytes(chat);
  const before = { accountId: row.owner_account, sender: row.owner_sender, linkId: row.offered_link };
  await transaction.member.deleteMany({ where: { chatId, accountId: { in: [to.account, row.owner_account] } } });
  await transaction.member.create({ data: { chatId, ...before } });
  await transaction.chat.update({
    where: { id: chatId },
    data: {
      ownerAccount: to.account,
      ownerSender: to.sender,
      successions: new Uint8Array(Buffer.concat([row.successions ?? NOTHING, succession])),
      ...(seal ? { seal } : {}),
      ...NO_OFFER,
    },
  });
}

const NOTHING = new Uint8Array(0);

interface LockedChat {
  readonly owner_account: Bytes;
  readonly owner_sender: Bytes;
  readonly epoch: number;
  readonly seal: Uint8Array | null;
  readonly successions: Uint8Array | null;
  readonly offer: Uint8Array | null;
  readonly offered_to: Uint8Array | null;
  readonly offered_link: Bytes | null;
}

async function lockChat(transaction: Prisma.TransactionClient, chat: ChatId): Promise<LockedChat> {
  const [row] = await transaction.$queryRaw<LockedChat[]>`
    select owner_account, owner_sender, epoch, seal, successions, offer, offered_to, offered_link
    from chats where id = ${idBytes(chat)} for no key update`;
  if (!row) throw chatNotFound();
  return row;
}

/** The old owner hangs on it. @throws WireFailure `conflict` */
async function requireLink(
  transaction: Prisma.TransactionClient,
  { chat, link }: { chat: ChatId; link: LinkId },
): Promise<void> {
  const where = {
    chatId: idBytes(chat),
    id: idBytes(link),
    mode: "collaborative",
    audience: "public",
    ...aliveWhere(),
  };
  if ((await transaction.link.count({ where })) > 0) return;
  throw new WireFailure("conflict", "The link by which the old owner would stay is not there any more.");
}

function notYours(): WireFailure {
  return new WireFailure("forbidden", "This chat is not offered to you.");
}
