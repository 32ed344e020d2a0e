import { createHash, timingSafeEqual } from "node:crypto";
import { Prisma, type PrismaClient } from "@openmates-share/prisma";
import {
  type Bytes,
  type ChatId,
  idBytes,
  idFromBytes,
  type LinkAccess,
  type LinkId,
  type LinkMode,
  type SenderId,
} from "@openmates-share/protocol/wire";
import { type AccountId, accountBytes, accountIdOf } from "../accounts/account-id.ts";
import { chatNotFound, viewRequired } from "../http/failure.ts";
import { type Access, type AccessFacts, accessTo, type LinkFacts, type ShownLinkFacts } from "./access.ts";

export interface AccessRequest {
  readonly chat: ChatId;
  readonly account: AccountId | null;
  readonly link: LinkAccess | null;
}

/** Loads what `accessTo` asks about, in one round trip. */
export class Gate {
  readonly #database: PrismaClient;
  readonly #now: () => number;

  constructor(options: { database: PrismaClient; now?: () => number }) {
    this.#database = options.database;
    this.#now = options.now ?? Date.now;
  }

  /**
   * Every refusal takes the same path, whatever its reason: one query of one shape, one hash, one comparison (R6).
   * @throws WireFailure `not_found`, `view_required`
   */
  async check(request: AccessRequest): Promise<Access> {
    const access = await this.#decide(request);
    if (access === "not_found") throw chatNotFound();
    if (access === "view_required") throw viewRequired();
    return access;
  }

  /** The same for what belongs to a chat and has a refusal of its own; without being counted there is nothing. */
  async look(request: AccessRequest): Promise<Access | "not_found"> {
    const access = await this.#decide(request);
    return access === "view_required" ? "not_found" : access;
  }

  /** The link shown, if whoever shows it may open it or be counted for it. @throws WireFailure `not_found` */
  async requireShown(request: AccessRequest): Promise<LinkId> {
    const access = await this.#decide(request);
    const shown = access === "view_required" ? request.link?.link : access !== "not_found" && access.shown;
    if (!shown) throw chatNotFound();
    return shown;
  }

  async #decide(request: AccessRequest): Promise<ReturnType<typeof accessTo>> {
    const row = await this.#load(request);
    return accessTo(factsOf({ request, row, now: this.#now() }));
  }

  async #load({ chat, account, link }: AccessRequest): Promise<AccessRow> {
    const chatId = idBytes(chat);
    const accountId = account ? accountBytes(account) : NOBODY;
    const ticket = hashOf(link?.ticket ?? NOBODY);
    const [row] = await this.#database.$queryRaw<AccessRow[]>(Prisma.sql`
      select chat.owner_account, chat.owner_sender, chat.last_seq, chat.shared_through, chat.closed,
             shown.id as shown_id, shown.token_hash as shown_token_hash, shown.mode as shown_mode,
             shown.expires_at as shown_expires_at, shown.revoked_at as shown_revoked_at,
             shown.audience, shown.account_id, shown.view_limit, shown.views,
             exists(
               select from identities
               where identities.kind = 'email' and identities.lookup = shown.address_lookup
                 and identities.account_id = ${accountId}::bytea
             ) as address_proven,
             exists(
               select from link_tickets
               where link_tickets.chat_id = wanted.id and link_tickets.link_id = shown.id
                 and link_tickets.ticket_hash = ${ticket}::bytea
             ) as ticket,
             member.sender, member.removed_at,
             joined.id as joined_id, joined.mode as joined_mode,
             joined.expires_at as joined_expires_at, joined.revoked_at as joined_revoked_at
      from (select ${chatId}::bytea as id) wanted
      left join chats chat on chat.id = wanted.id
      left join links shown on shown.chat_id = wanted.id and shown.id = ${link ? idBytes(link.link) : NOBODY}::bytea
      left join members member
        on member.chat_id = wanted.id and member.account_id = ${accountId}::bytea
      left join links joined on joined.chat_id = wanted.id and joined.id = member.link_id`);
    if (!row) throw new Error("A query without a condition always has a row.");
    return row;
  }
}

/** Matches no row, so that asking without a link or an account costs what asking with one costs. */
export const NOBODY = new Uint8Array(16);

interface AccessRow {
  readonly owner_account: Uint8Array | null;
  readonly owner_sender: Uint8Array;
  readonly last_seq: number;
  readonly shared_through: number;
  readonly closed: boolean;
  readonly shown_id: Uint8Array | null;
  readonly shown_token_hash: Uint8Array;
  readonly shown_mode: LinkMode;
  readonly shown_expires_at: Date | null;
  readonly shown_revoked_at: Date | null;
  readonly audience: "public" | "named";
  readonly account_id: Uint8Array | null;
  readonly view_limit: number | null;
  readonly views: number;
  readonly address_proven: boolean;
  readonly ticket: boolean;
  readonly sender: Uint8Array | null;
  readonly removed_at: Date | null;
  readonly joined_id: Uint8Array | null;
  readonly joined_mode: LinkMode;
  readonly joined_expires_at: Date | null;
  readonly joined_revoked_at: Date | null;
}

function factsOf({ request, row, now }: { request: AccessRequest; row: AccessRow; now: number }): AccessFacts {
  const proven = proves(request.link?.token ?? NOBODY, row.shown_id ? row.shown_token_hash : NO_HASH);
  const shown = linkFacts(row.shown_id, row.shown_mode, row.shown_expires_at, row.shown_revoked_at);
  const by = linkFacts(row.joined_id, row.joined_mode, row.joined_expires_at, row.joined_revoked_at);
  return {
    chat: row.owner_account && {
      owner: accountIdOf(row.owner_account),
      ownerSender: idFromBytes<SenderId>(row.owner_sender),
      lastSeq: row.last_seq,
      sharedThrough: row.shared_through,
      closed: row.closed,
    },
    account: request.account,
    member: by &&
      row.sender && { sender: idFromBytes<SenderId>(row.sender), removedAt: row.removed_at?.getTime() ?? null, by },
    link: shown && { ...shown, ...shownFacts(row), proven },
    now,
  };
}

function shownFacts(row: AccessRow): Omit<ShownLinkFacts, keyof LinkFacts | "proven"> {
  return {
    audience: row.audience,
    grantedTo: row.account_id && accountIdOf(row.account_id),
    addressProven: row.address_proven,
    viewLimit: row.view_limit,
    views: row.views,
    ticket: row.ticket,
  };
}

/** The hash of nothing that anybody could show. */
export const NO_HASH = new Uint8Array(32);

export function proves(token: Uint8Array, hash: Uint8Array): boolean {
  return timingSafeEqual(hashOf(token), hash);
}

/** SHA-256, as the table keeps tokens and tickets. */
export function hashOf(secret: Uint8Array): Bytes {
  return new Uint8Array(createHash("sha256").update(secret).digest());
}

function linkFacts(
  id: Uint8Array | null,
  mode: LinkMode,
  expiresAt: Date | null,
  revokedAt: Date | null,
): LinkFacts | null {
  if (id === null) return null;
  return {
    link: idFromBytes<LinkId>(id),
    mode,
    expiresAt: expiresAt?.getTime() ?? null,
    revokedAt: revokedAt?.getTime() ?? null,
  };
}
