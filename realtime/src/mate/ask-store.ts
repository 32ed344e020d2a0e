import { Prisma, type PrismaClient } from "@openmates-share/prisma";
import {
  ASK_FAULTS,
  type AskId,
  type AskState,
  type AskStatus,
  type Bytes,
  type ChatId,
  idBytes,
  idFromBytes,
  KIND,
  LIMITS,
  type MessageId,
  ownBytes,
  type SenderId,
  type StreamId,
} from "@openmates-share/protocol/wire";
import { type AccountId, accountBytes } from "../accounts/account-id.ts";
import type { NodeId } from "../cluster/node-id.ts";
import { type Allowance, type Quotas, SCOPES, type Scope } from "./quotas.ts";

/** Open asks that a room is told of when somebody comes in; older ones that nobody retried are history. */
const OPEN_ASKS = 50;

interface Place {
  readonly chat: ChatId;
  readonly ask: AskId;
}

/** An ask as the database knows it. */
export interface StoredAsk extends AskStatus {
  /** Who answers it, while it is running. */
  readonly node: NodeId | null;
}

/** One attempt at an ask, to be answered by one node. */
export interface Attempt extends Place {
  readonly message: MessageId;
  readonly account: AccountId;
  readonly stream: StreamId;
  readonly wrappedReplyKey: Bytes;
  readonly epoch: number;
}

/** Whether an attempt may be made: it is made in the same moment, or something is in the way. */
export type Claim =
  /** `asks` are those of the day that is charged, with this one, in the order of `SCOPES`. */
  | { readonly outcome: "claimed"; readonly day: string; readonly asks: readonly number[] }
  /** It runs, has its answer, belongs to another message, or was tried too often. */
  | { readonly outcome: "taken" }
  /** The model's provider wants to be left alone for so many seconds. */
  | { readonly outcome: "early"; readonly wait: number }
  | { readonly outcome: "used_up"; readonly scope: Scope; readonly wait: number }
  | { readonly outcome: "busy"; readonly scope: Scope };

interface ClaimRow {
  outcome: Claim["outcome"];
  /** From 1. */
  scope: number | null;
  wait: number | null;
  day: string;
  asks: number[];
}

interface Row {
  chat_id: Uint8Array;
  id: Uint8Array;
  message_id: Uint8Array;
  state: AskState["state"];
  reason: string | null;
  fault: string | null;
  retry_after: number | null;
  own_sender: Uint8Array | null;
  stream_id: Uint8Array;
  wrapped_reply_key: Uint8Array;
  epoch: number;
  node_id: string | null;
}

/** How asks go. The stream id fences: an attempt that was given up cannot change the state of the next one. */
export class AskStore {
  readonly #database: PrismaClient;
  readonly #node: NodeId;
  readonly #leaseMs: number;

  constructor(options: { database: PrismaClient; node: NodeId; leaseMs: number }) {
    this.#database = options.database;
    this.#node = options.node;
    this.#leaseMs = options.leaseMs;
  }

  /**
   * Makes the ask run on this node and charges for it, if nothing is in the way: one statement decides, whoever else tries at
   * the same time. `cost` are the tokens of its context; `own` is who answers with a model of their own, which is not charged.
   */
  async claim(attempt: Attempt, options: { quotas: Quotas; cost: number; own: SenderId | null }): Promise<Claim> {
    const { quotas, cost, own } = options;
    const { stream, wrappedReplyKey, epoch } = attempt;
    const [chat, ask, message] = [idBytes(attempt.chat), idBytes(attempt.ask), idBytes(attempt.message)];
    const most = (what: keyof Allowance) => SCOPES.map((scope) => quotas[scope][what]);
    const rows = await this.#database.$queryRaw<ClaimRow[]>`
      SELECT outcome, scope, wait, charged::text AS day, asks FROM claim_ask(
        ${chat}, ${ask}, ${message}, ${accountBytes(attempt.account)}, ${idBytes(stream)}, ${wrappedReplyKey}, ${epoch}::int,
        ${this.#node}, ${this.#leaseMs}::int, ${LIMITS.askAttempts}::int, ${cost}::bigint,
        ${most("asks")}::int[], ${most("tokens")}::bigint[], ${most("atOnce")}::int[], ${own && idBytes(own)}::bytea)`;
    return claimOf(rows[0]);
  }

  async find({ chat, ask }: Place): Promise<StoredAsk | null> {
    const rows = await this.#database.$queryRaw<Row[]>`
      SELECT ${COLUMNS}
      FROM asks WHERE chat_id = ${idBytes(chat)} AND id = ${idBytes(ask)}`;
    return rows[0] ? storedAsk(rows[0]) : null;
  }

  /** Whether the chat is closed to that account's writing. */
  async isClosedTo({ chat, account }: { chat: ChatId; account: AccountId }): Promise<boolean> {
    const where = { id: idBytes(chat), closed: true, ownerAccount: { not: accountBytes(account) } };
    return (await this.#database.chat.count({ where })) > 0;
  }

  /** The epoch that a new answer has to be readable in; null for no chat. */
  async epochOf(chat: ChatId): Promise<number | null> {
    const row = await this.#database.chat.findUnique({ where: { id: idBytes(chat) }, select: { epoch: true } });
    return row?.epoch ?? null;
  }

  /** Asks of a chat that are running or may be tried again, oldest first. */
  async open(chat: ChatId): Promise<readonly StoredAsk[]> {
    const rows = await this.#database.$queryRaw<Row[]>`
      SELECT ${COLUMNS}
      FROM asks
      WHERE chat_id = ${idBytes(chat)} AND state IN ('running', 'interrupted', 'failed')
      ORDER BY created_at DESC LIMIT ${OPEN_ASKS}`;
    return rows.reverse().map(storedAsk);
  }

  /** Ends an attempt. False when it is no longer this attempt that runs. */
  async end(attempt: Place & { stream: StreamId }, end: Exclude<AskState, { state: "running" }>): Promise<boolean> {
    const { message, fault, retryAfter } = end.state === "failed" ? end : NO_FAULT;
    const ended = await this.#database.$executeRaw`
      UPDATE asks SET state = ${end.state}::ask_state, reason = ${message}, fault = ${fault},
                      retry_at = now() + ${retryAfter}::int * interval '1 second', lease_until = NULL, ended_at = now()
      WHERE chat_id = ${idBytes(attempt.chat)} AND id = ${idBytes(attempt.ask)}
        AND stream_id = ${idBytes(attempt.stream)} AND state = 'running'`;
    return ended > 0;
  }

  /** Says that this node is at work on its asks; returns the streams that it still holds. */
  async renew(): Promise<ReadonlySet<StreamId>> {
    const rows = await this.#database.$queryRaw<{ stream_id: Uint8Array }[]>`
      UPDATE asks SET lease_until = now() + ${this.#leaseMs} * interval '1 millisecond'
      WHERE state = 'running' AND node_id = ${this.#node}
      RETURNING stream_id`;
    return new Set(rows.map((row) => idFromBytes<StreamId>(row.stream_id)));
  }

  /**
   * Gives up what nobody works on any more: asks whose lease has run out, or all of them when this node knows itself
   * alone. One whose answer was stored just before the crash is answered. Returns what changed.
   */
  async giveUp(options: { all: boolean }): Promise<readonly StoredAsk[]> {
    const rows = await this.#database.$queryRaw<Row[]>`
      UPDATE asks
      SET state = CASE WHEN EXISTS (SELECT FROM messages m WHERE m.chat_id = asks.chat_id AND m.id = asks.id
                                    AND (m.kind = ${KIND.reply} OR m.sender = asks.own_sender))
                  THEN 'answered'::ask_state ELSE 'interrupted'::ask_state END,
          lease_until = NULL, ended_at = now()
      WHERE state = 'running' AND (lease_until < now() OR ${options.all})
      RETURNING ${COLUMNS}`;
    return rows.map(storedAsk);
  }
}

const NO_FAULT = { message: null, fault: null, retryAfter: null };

const COLUMNS = Prisma.sql`chat_id, id, message_id, state::text AS state, reason, fault,
  ceil(extract(epoch FROM retry_at - now()))::int AS retry_after, own_sender, stream_id, wrapped_reply_key, epoch, node_id`;

function claimOf(row: ClaimRow | undefined): Claim {
  const { outcome, wait, day, asks } = row ?? missing();
  const scope = SCOPES[(row?.scope ?? 1) - 1] ?? "server";
  switch (outcome) {
    case "claimed":
      return { outcome, day, asks };
    case "taken":
      return { outcome };
    case "early":
      return { outcome, wait: wait ?? 1 };
    case "used_up":
      return { outcome, scope, wait: wait ?? 1 };
    case "busy":
      return { outcome, scope };
  }
}

function missing(): never {
  throw new RangeError("The database has not said whether an ask may be made.");
}

function storedAsk(row: Row): StoredAsk {
  return {
    chat: idFromBytes<ChatId>(row.chat_id),
    ask: idFromBytes<AskId>(row.id),
    message: idFromBytes<MessageId>(row.message_id),
    by: row.own_sender && idFromBytes<SenderId>(row.own_sender),
    status: stateOf(row),
    // The column is written by this class alone.
    node: row.state === "running" ? (row.node_id as NodeId | null) : null,
  };
}

function stateOf(row: Row): AskState {
  switch (row.state) {
    case "running":
      return {
        state: "running",
        stream: idFromBytes<StreamId>(row.stream_id),
        wrappedReplyKey: ownBytes(row.wrapped_reply_key),
        epoch: row.epoch,
      };
    case "failed":
      return {
        state: "failed",
        message: row.reason ?? "",
        fault: ASK_FAULTS.find((fault) => fault === row.fault) ?? "other",
        retryAfter: row.retry_after !== null && row.retry_after > 0 ? row.retry_after : null,
      };
    default:
      return { state: row.state };
  }
}
