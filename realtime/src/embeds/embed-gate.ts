import { Prisma, type PrismaClient } from "@openmates-share/prisma";
import {
  type ChatId,
  type EmbedId,
  idBytes,
  idFromBytes,
  type LinkAccess,
  type LinkId,
} from "@openmates-share/protocol/wire";
import { type Gate, NO_HASH, NOBODY, proves } from "../access/gate.ts";
import { type AccountId, accountIdOf } from "../accounts/account-id.ts";
import { chatClosed, embedNotFound, WireFailure } from "../http/failure.ts";
import { accessToEmbed, type EmbedAccess, type EmbedAccessFacts } from "./embed-access.ts";

export interface EmbedRequest {
  readonly embed: EmbedId;
  readonly account: AccountId | null;
  /** Of the embed, or of the chat that it belongs to. */
  readonly link: LinkAccess | null;
}

/** Loads what `accessToEmbed` asks about. */
export class EmbedGate {
  readonly #database: PrismaClient;
  readonly #chats: Gate;
  readonly #now: () => number;

  constructor(options: { database: PrismaClient; chats: Gate; now?: () => number }) {
    this.#database = options.database;
    this.#chats = options.chats;
    this.#now = options.now ?? Date.now;
  }

  /**
   * Every refusal takes the same path, whatever its reason: the same two queries, also where there is no embed or it has
   * no chat (R6).
   * @throws WireFailure `not_found`
   */
  async check(request: EmbedRequest): Promise<EmbedAccess> {
    const row = await this.#load(request);
    const chat = await this.#chats.look({
      chat: idFromBytes<ChatId>(row.chat_id ?? NOBODY),
      account: request.account,
      link: request.link,
    });
    const access = accessToEmbed({ ...factsOf({ request, row }), chat, now: this.#now() });
    if (access === "not_found") throw embedNotFound();
    return access;
  }

  async #load({ embed, link }: EmbedRequest): Promise<EmbedRow> {
    const embedId = idBytes(embed);
    const [row] = await this.#database.$queryRaw<EmbedRow[]>(Prisma.sql`
      select embed.owner_account, embed.chat_id, embed.completed_at,
             shown.id as shown_id, shown.token_hash, shown.expires_at, shown.revoked_at
      from (select ${embedId}::bytea as id) wanted
      left join embeds embed on embed.id = wanted.id
      left join embed_links shown
        on shown.embed_id = wanted.id and shown.id = ${link ? idBytes(link.link) : NOBODY}::bytea`);
    if (!row) throw new Error("A query without a condition always has a row.");
    return row;
  }
}

/** @throws WireFailure `forbidden`: whoever may read learns that the embed is there, and that it is not theirs. */
export function requireManager(access: EmbedAccess): void {
  if (!access.mayManage) throw notYours();
}

/** @throws WireFailure `forbidden`, `chat_closed` */
export function requireUploader({ role, upload }: EmbedAccess): void {
  if (upload === "yes") return;
  if (upload === "chat_closed") throw chatClosed();
  throw role === "owner" ? notInTheChat() : notYours();
}

function notYours(): WireFailure {
  return new WireFailure("forbidden", "Only its owner may do that.");
}

/** For those who may not add files to a chat: readers, and whoever was removed. */
export function notInTheChat(): WireFailure {
  return new WireFailure("forbidden", "Only those who write in this chat may add files.");
}

interface EmbedRow {
  readonly owner_account: Uint8Array | null;
  readonly chat_id: Uint8Array | null;
  readonly completed_at: Date | null;
  readonly shown_id: Uint8Array | null;
  readonly token_hash: Uint8Array;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
}

function factsOf({ request, row }: { request: EmbedRequest; row: EmbedRow }): Omit<EmbedAccessFacts, "chat" | "now"> {
  const proven = proves(request.link?.token ?? NOBODY, row.shown_id ? row.token_hash : NO_HASH);
  return {
    embed: row.owner_account && {
      owner: accountIdOf(row.owner_account),
      complete: row.completed_at !== null,
      inChat: row.chat_id !== null,
    },
    account: request.account,
    link: row.shown_id && {
      link: idFromBytes<LinkId>(row.shown_id),
      expiresAt: row.expires_at?.getTime() ?? null,
      revokedAt: row.revoked_at?.getTime() ?? null,
      proven,
    },
  };
}
