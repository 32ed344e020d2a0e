import type { PrismaClient } from "@openmates-share/prisma";
import {
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
  type StreamId,
} from "@openmates-share/protocol/wire";
import { type AccountId, accountBytes } from "../accounts/account-id.ts";
import type { NodeId } from "../cluster/node-id.ts";

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

interface Row {
  chat_id: Uint8Array;
  id: Uint8Array;
  message_id: Uint8Array;
  state: AskState["state"];
  reason: string | null;
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
   * Makes the ask run on this node. False when it is running, has its answer, belongs to another message, was tried too
   * often, or the chat is closed to the asker's writing: one statement decides, whoever else tries at the same time.
   */
  async claim(attempt: Attempt): Promise<boolean> {
    const { stream, wrappedReplyKey, epoch } = attempt;
    const [chat, ask, message] = [idBytes(attempt.chat), idBytes(attempt.ask), idBytes(attempt.message)];
    const claimed = await this.#database.$executeRaw`
      INSERT INTO asks (chat_id, id, message_id, asker_account, state, attempt, stream_id, wrapped_reply_key, epoch,
                        node_id, lease_until)
      SELECT ${chat}, ${ask}, ${message}, ${accountBytes(attempt.account)}, 'running', 1, ${idBytes(stream)},
             ${wrappedReplyKey}, ${epoch}, ${this.#node}, now() + ${this.#leaseMs} * interval '1 millisecond'
      WHERE NOT EXISTS (SELECT FROM messages WHERE chat_id = ${chat} AND id = ${ask})
        AND EXISTS (SELECT FROM chats WHERE id = ${chat}
                    AND (NOT closed OR owner_account = ${accountBytes(attempt.account)}))
      ON CONFLICT (chat_id, id) DO UPDATE
      SET state = 'running', reason = NULL, attempt = asks.attempt + 1, asker_account = excluded.asker_account,
          stream_id = excluded.stream_id, wrapped_reply_key = excluded.wrapped_reply_key, epoch = excluded.epoch,
          node_id = excluded.node_id, lease_until = excluded.lease_until, started_at = now(), ended_at = NULL
      WHERE asks.state IN ('interrupted', 'failed') AND asks.message_id = excluded.message_id
        AND asks.attempt < ${LIMITS.askAttempts}`;
    return claimed > 0;
  }

  async find({ chat, ask }: Place): Promise<StoredAsk | null> {
    const rows = await this.#database.$queryRaw<Row[]>`
      SELECT chat_id, id, message_id, state::text AS state, reason, stream_id, wrapped_reply_key, epoch, node_id
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
      SELECT chat_id, id, message_id, state::text AS state, reason, stream_id, wrapped_reply_key, epoch, node_id
      FROM asks
      WHERE chat_id = ${idBytes(chat)} AND state IN ('running', 'interrupted', 'failed')
      ORDER BY created_at DESC LIMIT ${OPEN_ASKS}`;
    return rows.reverse().map(storedAsk);
  }

  /** How many answers are being written for an account and in a chat, on all nodes. */
  async running(of: { chat: ChatId; account: AccountId }): Promise<{ chat: number; account: number }> {
    const [chat, account] = [idBytes(of.chat), accountBytes(of.account)];
    const rows = await this.#database.$queryRaw<{ chat: number; account: number }[]>`
      SELECT count(*) FILTER (WHERE chat_id = ${chat})::int AS chat,
             count(*) FILTER (WHERE asker_account = ${account})::int AS account
      FROM asks WHERE state = 'running' AND (chat_id = ${chat} OR asker_account = ${account})`;
    return rows[0] ?? { chat: 0, account: 0 };
  }

  /** Ends an attempt. False when it is no longer this attempt that runs. */
  async end(attempt: Place & { stream: StreamId }, end: Exclude<AskState, { state: "running" }>): Promise<boolean> {
    const reason = end.state === "failed" ? end.message : null;
    const ended = await this.#database.$executeRaw`
      UPDATE asks SET state = ${end.state}::ask_state, reason = ${reason}, lease_until = NULL, ended_at = now()
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
                                    AND get_byte(m.envelope, 1) = ${KIND.reply})
                  THEN 'answered'::ask_state ELSE 'interrupted'::ask_state END,
          lease_until = NULL, ended_at = now()
      WHERE state = 'running' AND (lease_until < now() OR ${options.all})
      RETURNING chat_id, id, message_id, state::text AS state, reason, stream_id, wrapped_reply_key, epoch, node_id`;
    return rows.map(storedAsk);
  }
}

function storedAsk(row: Row): StoredAsk {
  return {
    chat: idFromBytes<ChatId>(row.chat_id),
    ask: idFromBytes<AskId>(row.id),
    message: idFromBytes<MessageId>(row.message_id),
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
      return { state: "failed", message: row.reason ?? "" };
    default:
      return { state: row.state };
  }
}
