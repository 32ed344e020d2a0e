import { createHash, timingSafeEqual } from "node:crypto";
import { Prisma, type PrismaClient, runPrepared } from "@openmates-share/prisma";
import {
  type Bytes,
  type ChatId,
  ID_LENGTH,
  idFromBytes,
  type LinkAccess,
  type LinkId,
  type SenderId,
  toBase64url,
} from "@openmates-share/protocol/wire";
import { type AccountId, accountIdOf } from "../accounts/account-id.ts";
import { OneRoundTrip } from "../database/one-round-trip.ts";
import { packedIds } from "../database/packed-ids.ts";
import { chatNotFound, viewRequired } from "../http/failure.ts";
import {
  type Access,
  type AccessFacts,
  accessTo,
  type LinkFacts,
  type Shown,
  type ShownLinkFacts,
  shownBy,
} from "./access.ts";

export interface AccessRequest {
  readonly chat: ChatId;
  readonly account: AccountId | null;
  readonly link: LinkAccess | null;
}

/** Loads what `accessTo` asks about, in one round trip. */
export class Gate {
  readonly #database: PrismaClient;
  readonly #now: () => number;
  readonly #rows = new OneRoundTrip((requests: readonly AccessRequest[]) => this.#load(requests));

  constructor(options: { database: PrismaClient; now?: () => number }) {
    this.#database = options.database;
    this.#now = options.now ?? Date.now;
  }

  /**
   * Every refusal takes the same path, whatever its reason: one query whose answer is always as long, one hash, one comparison (R6).
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

  /** What the link shown tells before it is opened. @throws WireFailure `not_found` */
  async glance(request: AccessRequest): Promise<Shown> {
    const shown = shownBy(await this.#facts(request));
    if (!shown) throw chatNotFound();
    return shown;
  }

  async #decide(request: AccessRequest): Promise<ReturnType<typeof accessTo>> {
    return accessTo(await this.#facts(request));
  }

  async #facts(request: AccessRequest): Promise<AccessFacts> {
    const row = await this.#rows.ask(request);
    return factsOf({ request, row, now: this.#now() });
  }

  async #load(requests: readonly AccessRequest[]): Promise<readonly AccessRow[]> {
    const chats = packedIds(requests.map(({ chat }) => chat));
    const accounts = packedIds(requests.map(({ account }) => account ?? NOBODY_ID));
    const links = packedIds(requests.map(({ link }) => link?.link ?? NOBODY_ID));
    const tickets = Buffer.concat(requests.map(({ link }) => hashOf(link?.ticket ?? NOBODY)));
    const places = requests.map((_, index) => index);
    return runPrepared<AccessRow>(
      this.#database,
      Prisma.sql`
      select coalesce(chat.owner_account, ${NO_ID}) || coalesce(chat.owner_sender, ${NO_ID})
               || coalesce(shown.id, ${NO_ID}) || coalesce(shown.token_hash, ${NO_ID} || ${NO_ID})
               || coalesce(shown.account_id, ${NO_ID}) || coalesce(member.sender, ${NO_ID})
               || coalesce(joined.id, ${NO_ID}) as ids,
             array[
               (chat.id is not null)::int, coalesce(chat.last_seq, 0), coalesce(chat.shared_through, 0),
               coalesce(chat.closed, false)::int,
               (shown.id is not null)::int, (coalesce(shown.mode, '') = 'collaborative')::int,
               ${timeOf("shown.expires_at")}, ${timeOf("shown.revoked_at")},
               (coalesce(shown.audience, '') = 'named')::int, (shown.account_id is not null)::int,
               coalesce(shown.view_limit, -1), coalesce(shown.views, 0),
               exists(
                 select from identities
                 where identities.kind = 'email' and identities.lookup = coalesce(shown.address_lookup, ${NO_ID})
                   and identities.account_id = wanted.account
               )::int,
               exists(
                 select from link_tickets
                 where link_tickets.chat_id = wanted.id and link_tickets.link_id = coalesce(shown.id, ${NO_ID})
                   and link_tickets.ticket_hash = wanted.ticket
               )::int,
               (member.sender is not null)::int, ${timeOf("member.removed_at")},
               (joined.id is not null)::int, (coalesce(joined.mode, '') = 'collaborative')::int,
               ${timeOf("joined.expires_at")}, ${timeOf("joined.revoked_at")}
             ]::float8[] as numbers
      from (
        select place,
               substring(${chats}::bytea from 16 * place + 1 for 16) as id,
               substring(${accounts}::bytea from 16 * place + 1 for 16) as account,
               substring(${links}::bytea from 16 * place + 1 for 16) as link,
               substring(${tickets}::bytea from 32 * place + 1 for 32) as ticket
        from unnest(${places}::int[]) place
      ) wanted
      left join chats chat on chat.id = wanted.id
      left join links shown on shown.chat_id = wanted.id and shown.id = wanted.link
      left join members member on member.chat_id = wanted.id and member.account_id = wanted.account
      left join links joined on joined.chat_id = wanted.id and joined.id = coalesce(member.link_id, ${NO_ID})
      order by wanted.place`,
    );
  }
}

/** Matches no row, so that asking without a link or an account costs what asking with one costs. */
export const NOBODY = new Uint8Array(ID_LENGTH);
const NOBODY_ID = toBase64url(NOBODY);

/** The same in SQL. */
const NO_ID = Prisma.raw("'\\x00000000000000000000000000000000'::bytea");

/** Milliseconds since 1970, NONE for null. */
function timeOf(column: string): Prisma.Sql {
  return Prisma.raw(`coalesce(extract(epoch from ${column}) * 1000, ${NONE})`);
}

const NONE = -1;

/**
 * What was found, and something as large in the place of what was not: the answer is as long, and as much work to read, for
 * a chat that is there as for one that is not (R6).
 */
interface AccessRow {
  /** 16 bytes each, the token's hash 32: owner, owner's sender, shown link, token's hash, account it is for, member, joined link. */
  readonly ids: Uint8Array;
  /** Truth as 0 and 1, times in milliseconds since 1970. */
  readonly numbers: readonly [
    chat: number,
    lastSeq: number,
    sharedThrough: number,
    closed: number,
    shown: number,
    shownWrites: number,
    shownExpiresAt: number,
    shownRevokedAt: number,
    named: number,
    granted: number,
    viewLimit: number,
    views: number,
    addressProven: number,
    ticket: number,
    member: number,
    removedAt: number,
    joined: number,
    joinedWrites: number,
    joinedExpiresAt: number,
    joinedRevokedAt: number,
  ];
}

function factsOf({ request, row, now }: { request: AccessRequest; row: AccessRow; now: number }): AccessFacts {
  const [chat, lastSeq, sharedThrough, closed, ...links] = row.numbers;
  const [shown, shownWrites, shownExpiresAt, shownRevokedAt, named, granted, viewLimit, views, ...rest] = links;
  const [addressProven, ticket, member, removedAt, joined, joinedWrites, joinedExpiresAt, joinedRevokedAt] = rest;
  const ids = new IdReader(row.ids);
  // All of it is made, whatever was found, and only then left out.
  const owner = accountIdOf(ids.take());
  const chatFacts = { owner, ownerSender: ids.id<SenderId>(), lastSeq, sharedThrough, closed: closed === 1 };
  const shownId = ids.id<LinkId>();
  const proven = proves(request.link?.token ?? NOBODY, ids.take(TOKEN_HASH_LENGTH));
  const grantedTo = accountIdOf(ids.take());
  const sender = ids.id<SenderId>();
  const joinedId = ids.id<LinkId>();
  const by = linkFacts(joinedId, { writes: joinedWrites, expiresAt: joinedExpiresAt, revokedAt: joinedRevokedAt });
  const memberFacts = { sender, removedAt: optional(removedAt), by };
  const shownFacts: ShownLinkFacts = {
    ...linkFacts(shownId, { writes: shownWrites, expiresAt: shownExpiresAt, revokedAt: shownRevokedAt }),
    proven,
    audience: named === 1 ? "named" : "public",
    grantedTo: granted === 1 ? grantedTo : null,
    addressProven: addressProven === 1,
    viewLimit: optional(viewLimit),
    views,
    ticket: ticket === 1,
  };
  return {
    chat: chat === 1 ? chatFacts : null,
    account: request.account,
    member: member === 1 && joined === 1 ? memberFacts : null,
    link: shown === 1 ? shownFacts : null,
    now,
  };
}

const TOKEN_HASH_LENGTH = 32;

class IdReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(length: number = ID_LENGTH): Uint8Array {
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  id<Id extends SenderId | LinkId>(): Id {
    return idFromBytes<Id>(this.take());
  }
}

function linkFacts(link: LinkId, facts: { writes: number; expiresAt: number; revokedAt: number }): LinkFacts {
  const mode = facts.writes === 1 ? "collaborative" : "read-only";
  return { link, mode, expiresAt: optional(facts.expiresAt), revokedAt: optional(facts.revokedAt) };
}

function optional(value: number): number | null {
  return value === NONE ? null : value;
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
