import type { PrismaClient } from "@openmates-share/prisma";
import {
  type AmendmentPage,
  type Bytes,
  type ChatId,
  type ChatKeys,
  emptyTranscript,
  idBytes,
  idFromBytes,
  KIND,
  LIMITS,
  type LinkGlance,
  type MessagePage,
  type OpenedChat,
  type OwnedChatSummary,
  ownBytes,
  type PagePlace,
  ProtocolError,
  parseEnvelope,
  type SenderId,
  type Spine,
} from "@openmates-share/protocol/wire";
import type { Access } from "../access/access.ts";
import type { AccessRequest, Gate } from "../access/gate.ts";
import { requireOwner } from "../access/require-owner.ts";
import type { Revocations } from "../access/revocations.ts";
import { type AccountId, accountBytes } from "../accounts/account-id.ts";
import { chatNotFound, staleEpoch, WireFailure } from "../http/failure.ts";
import { aliveWhere } from "../links/alive-where.ts";
import { shareModeOf } from "../links/share-mode.ts";
import { eraseShared } from "../messages/erasures.ts";
import type { MessageStore } from "../messages/message-store.ts";

/** Creating, opening, sharing and deleting chats. */
export class Chats {
  readonly #database: PrismaClient;
  readonly #gate: Gate;
  readonly #messages: MessageStore;
  readonly #revocations: Revocations;

  constructor(options: { database: PrismaClient; gate: Gate; messages: MessageStore; revocations: Revocations }) {
    this.#database = options.database;
    this.#gate = options.gate;
    this.#messages = options.messages;
    this.#revocations = options.revocations;
  }

  /** Doing it again as the same person is no error. @throws WireFailure `conflict` when the id is somebody else's, or was */
  async create(request: { account: AccountId; chat: ChatId; owner: SenderId }): Promise<void> {
    const id = idBytes(request.chat);
    // Its links may still be about, and would lead to something else.
    if ((await this.#database.retiredId.count({ where: { id } })) > 0) throw takenId();
    const owner = { ownerAccount: accountBytes(request.account), ownerSender: idBytes(request.owner) };
    const { head } = await emptyTranscript(request.chat);
    const { count } = await this.#database.chat.createMany({ data: [{ id, head, ...owner }], skipDuplicates: true });
    if (count === 1) return;
    if ((await this.#database.chat.count({ where: { id, ...owner } })) === 0) throw takenId();
  }

  /**
   * Everything for the first screen. Who writes sees the end, and who reads the beginning, unless a place is named.
   * @throws WireFailure `not_found`
   */
  async open(request: AccessRequest & { place: PagePlace | null }): Promise<OpenedChat> {
    const { chat } = request;
    const access = await this.#gate.check(request);
    const writes = access.sender !== null || access.linkMode === "collaborative";
    const place = request.place ?? (writes ? { before: access.readThrough + 1 } : { after: 0 });
    const [facts, wrappedKeys, page] = await Promise.all([
      this.#facts(chat, access),
      this.#wrappedKeys(chat, access),
      this.#messages.page({ ...place, chat, through: access.readThrough, limit: LIMITS.firstPageMessages }),
    ]);
    return { chat, role: access.role, linkMode: access.linkMode, ...facts, wrappedKeys, page };
  }

  /** What the link shown tells before it is opened. @throws WireFailure `not_found` */
  async glance(request: AccessRequest): Promise<LinkGlance> {
    const { mode, expiresAt, readThrough: through } = await this.#gate.glance(request);
    return { mode, expiresAt, messages: await this.#messages.count({ chat: request.chat, through }) };
  }

  /** What the link shown gives. @throws WireFailure `not_found` */
  async keys(request: AccessRequest): Promise<ChatKeys> {
    return { wrappedKeys: await this.#wrappedKeys(request.chat, await this.#gate.check(request)) };
  }

  /** What the account owns, newest first: "Shared by me". */
  async owned(account: AccountId): Promise<readonly OwnedChatSummary[]> {
    const rows = await this.#database.chat.findMany({
      where: { ownerAccount: accountBytes(account) },
      orderBy: { createdAt: "desc" },
      take: MOST_LISTED,
      select: {
        id: true,
        createdAt: true,
        lastSeq: true,
        sharedThrough: true,
        preview: true,
        links: { where: aliveWhere(), select: { audience: true, mode: true, views: true, viewLimit: true } },
        _count: {
          select: {
            members: { where: { removedAt: null } },
            links: { where: { revokedAt: null } },
          },
        },
      },
    });
    return rows.map((row) => ({
      chat: idFromBytes<ChatId>(row.id),
      createdAt: row.createdAt.getTime(),
      shareMode: shareModeOf(row.links),
      lastSeq: row.lastSeq,
      sharedThrough: row.sharedThrough,
      links: row.links.length,
      fullLinks: row.links.filter(({ views, viewLimit }) => viewLimit !== null && views >= viewLimit).length,
      expiredLinks: row._count.links - row.links.length,
      collaborative: row.links.some(({ mode }) => mode === "collaborative"),
      members: row._count.members,
      preview: row.preview !== null,
    }));
  }

  /** @throws WireFailure `not_found` */
  async page(request: AccessRequest & { place: PagePlace | null }): Promise<MessagePage> {
    const { readThrough } = await this.#gate.check(request);
    return this.#messages.page({ ...(request.place ?? { after: 0 }), chat: request.chat, through: readThrough });
  }

  /** @throws WireFailure `not_found` */
  async spine(request: AccessRequest & { after: number }): Promise<Spine> {
    const { readThrough } = await this.#gate.check(request);
    return this.#messages.spine({ chat: request.chat, after: request.after, through: readThrough });
  }

  /** @throws WireFailure `not_found` */
  async amendments(request: AccessRequest & { after: number }): Promise<AmendmentPage> {
    const { readThrough } = await this.#gate.check(request);
    return this.#messages.amendments({ chat: request.chat, after: request.after, through: readThrough });
  }

  /**
   * Moves the cut-off. The seal is the owner's signed word on where the shared part ends; the server cannot read it.
   * What was to be erased as soon as readers can know of it, is erased with it.
   * @throws WireFailure `not_found`, `forbidden`, `bad_request`, `stale_epoch`, `conflict` when it would end between a message
   * that is erased and the word on it
   */
  async share(request: AccessRequest & { through: number; seal: Bytes }): Promise<void> {
    const { chat, through, seal } = request;
    requireOwner(await this.#gate.check(request));
    const epoch = epochOfSeal(seal);
    const id = idBytes(chat);
    if (request.account === null) throw chatNotFound(); // An owner always has one.
    // It may be handed over meanwhile, and the old owner's seal must not come behind that.
    const ownerAccount = accountBytes(request.account);
    const count = await this.#database.$transaction(async (database) => {
      const { count: moved } = await database.chat.updateMany({
        where: { id, epoch, ownerAccount, sharedThrough: { lte: through }, lastSeq: { gte: through } },
        data: { sharedThrough: through, seal },
      });
      if (moved > 0) await eraseShared(database, { id, through });
      return moved;
    });
    if (count === 0) {
      if ((await this.#database.chat.count({ where: { id, epoch, ownerAccount } })) === 0) throw staleEpoch();
      throw new WireFailure(
        "bad_request",
        "The field through is beyond the last message, or behind what is shared already.",
      );
    }
    this.#revocations.publish({ type: "chat-changed", chat });
  }

  /** Lets the owner alone write from now on, or everybody again; doing it twice is no error. @throws WireFailure `not_found`, `forbidden` */
  async close(request: AccessRequest & { closed: boolean }): Promise<void> {
    const { chat, closed } = request;
    requireOwner(await this.#gate.check(request));
    const { count } = await this.#database.chat.updateMany({ where: { id: idBytes(chat) }, data: { closed } });
    if (count === 0) throw chatNotFound();
    this.#revocations.publish({ type: "chat-changed", chat });
  }

  /** Erases the chat and everything in it. @throws WireFailure `not_found`, `forbidden` */
  async delete(request: AccessRequest): Promise<void> {
    requireOwner(await this.#gate.check(request));
    const id = idBytes(request.chat);
    // The chat goes first: an append waiting for its row then finds none, and can leave no message behind.
    await this.#database.$transaction([
      this.#database.chat.deleteMany({ where: { id } }),
      this.#database.message.deleteMany({ where: { chatId: id } }),
    ]);
    this.#revocations.publish({ type: "chat-deleted", chat: request.chat });
  }

  async #facts(
    chat: ChatId,
    { scope }: Access,
  ): Promise<Omit<OpenedChat, "chat" | "role" | "linkMode" | "wrappedKeys" | "page">> {
    const row = await this.#database.chat.findUnique({
      where: { id: idBytes(chat) },
      select: {
        ownerSender: true,
        sharedThrough: true,
        seal: true,
        closed: true,
        successions: true,
        offeredTo: true,
        links: { where: aliveWhere(), select: { audience: true } },
      },
    });
    if (!row) throw chatNotFound(); // Deleted since the gate was asked.
    return {
      owner: idFromBytes<SenderId>(row.ownerSender),
      sharedThrough: row.sharedThrough,
      closed: row.closed,
      successions: ownBytes(row.successions ?? new Uint8Array(0)),
      offeredTo: scope === "all" && row.offeredTo ? idFromBytes<SenderId>(row.offeredTo) : null,
      seal: row.seal && ownBytes(row.seal),
      shareMode: shareModeOf(row.links),
    };
  }

  async #wrappedKeys(chat: ChatId, { shown }: Access): Promise<OpenedChat["wrappedKeys"]> {
    if (shown === null) return [];
    const rows = await this.#database.linkKey.findMany({
      where: { chatId: idBytes(chat), linkId: idBytes(shown) },
      orderBy: { epoch: "asc" },
    });
    return rows.map(({ epoch, wrapped }) => ({ epoch, key: ownBytes(wrapped) }));
  }
}

/** A device holds a few dozen; whoever has more finds the older ones by their ids. */
const MOST_LISTED = 1000;

function takenId(): WireFailure {
  return new WireFailure("conflict", "This chat id is taken. Please create the chat under a new one.");
}

/** @throws WireFailure `bad_request` for what is no seal */
export function epochOfSeal(seal: Bytes): number {
  try {
    const { kind, epoch } = parseEnvelope(seal);
    if (kind === KIND.seal) return epoch;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
  throw new WireFailure("bad_request", "The field seal is not a seal.");
}
