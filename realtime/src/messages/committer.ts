import { setImmediate as endOfTurn } from "node:timers/promises";
import type { PrismaClient } from "@openmates-share/prisma";
import {
  type ChatId,
  envelopeHead,
  KIND,
  ProtocolError,
  type Receipt,
  type StoredMessage,
} from "@openmates-share/protocol/wire";
import { isUnavailable, unavailable } from "../http/database-failure.ts";
import { asWireFailure, chatClosed, chatNotFound, staleEpoch, WireFailure } from "../http/failure.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { type AppendBatch, type AppendedRow, appendMessages } from "./append-messages.ts";
import type { AppendRequest } from "./append-request.ts";
import { type Pending, Waiting } from "./waiting.ts";

export type { AppendRequest, Author } from "./append-request.ts";

/** Messages of one chat in the order of their numbers. */
export interface CommittedBatch {
  readonly chat: ChatId;
  readonly messages: readonly StoredMessage[];
}

export type CommitListener = (batches: readonly CommittedBatch[]) => void;

/** Commits under way at once: this process gets the next one ready, and reads the last one's answer, while PostgreSQL works. */
const LANES = 3;
/**
 * Messages under way and waiting from which on there is more than one lane. A few wait for the commit of a few others: to
 * PostgreSQL a commit is as much work as ten messages, and two at once would take each other's time.
 */
const LANES_FROM = 64;
/** But not for a commit that takes longer than this, as for a lock that something else holds. Milliseconds. */
const PATIENCE_MS = 10;
/** What may wait in memory before senders are told to come back later. */
const QUEUE_BYTES = 64 << 20;

export interface CommitterOptions {
  readonly database: PrismaClient;
  readonly append?: AppendBatch | undefined;
  readonly metrics?: Metrics | undefined;
}

/**
 * Group commit: what is handed in within one turn of the event loop is committed together, and what arrives while all lanes
 * are busy goes into the next commit. So there is no timer on the idle path, and under load one round trip carries many
 * messages. A few messages have one lane, many have several. Of one chat only one commit is under way at a time, which keeps
 * messages in the order in which they were handed in, and commits from waiting for each other's locks.
 */
export class Committer {
  readonly #append: AppendBatch;
  readonly #metrics: Metrics | null;
  readonly #listeners = new Set<CommitListener>();
  readonly #waiting = new Waiting();
  /** Chats of the commits under way. */
  readonly #busy = new Set<ChatId>();
  readonly #commits = new Set<Promise<void>>();
  /** Messages of those. */
  #underWay = 0;
  /** When the last of those began. */
  #begunAt = 0;
  /** Runs while messages wait for a commit that may take long. */
  #patience: NodeJS.Timeout | null = null;
  #planned: Promise<void> | null = null;
  #stopped = false;

  /** @param options.append takes the database's place, to see what storing costs */
  constructor({ database, append, metrics }: CommitterOptions) {
    this.#metrics = metrics ?? null;
    this.#append = append ?? ((batch) => appendMessages(database, batch));
  }

  /**
   * Resolves when the message is committed; for an id that is stored already with the same bytes, with where it stands.
   * @throws WireFailure `bad_request`, `too_large`, `forbidden`, `chat_closed`, `conflict`, `stale_epoch`, `not_found` (chat deleted),
   * `unavailable`
   */
  append(request: AppendRequest): Promise<Receipt> {
    return new Promise((resolve, reject) => {
      const size = request.message.envelope.length;
      const refusal = this.#refusalOf(request, size);
      if (refusal) return reject(refusal);
      this.#waiting.add({ request, resolve, reject });
      this.#plan();
    });
  }

  /** Hands in a page in its order. @throws WireFailure the first refusal; what was accepted stays stored. */
  async appendAll(requests: readonly AppendRequest[]): Promise<readonly Receipt[]> {
    const results = await Promise.allSettled(requests.map((request) => this.append(request)));
    return results.map((result) => {
      if (result.status === "rejected") throw result.reason;
      return result.value;
    });
  }

  /**
   * Tells what this process has committed, synchronously after each commit. A message that was sent again comes again, in
   * a batch of its own, since its first telling may have been lost with a crash: receivers go by the numbers.
   * @returns the function that ends it. A listener must not throw.
   */
  onCommitted(listener: CommitListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Finishes what was accepted; from now on `append` refuses with `unavailable`. */
  async stop(): Promise<void> {
    this.#stopped = true;
    while (this.#planned || this.#commits.size > 0) await (this.#planned ?? Promise.race(this.#commits));
    if (this.#patience) clearTimeout(this.#patience);
  }

  #refusalOf(request: AppendRequest, size: number): WireFailure | null {
    if (this.#stopped) return new WireFailure("unavailable", "The server is stopping. Please try again in a moment.");
    if (this.#waiting.bytes + size > QUEUE_BYTES) {
      return new WireFailure("unavailable", "The server has more to store than it can. Please try again in a moment.", {
        retryAfter: 1,
      });
    }
    return envelopeRefusal(request);
  }

  #plan(): void {
    this.#planned ??= endOfTurn().then(() => {
      this.#planned = null;
      this.#begin();
    });
  }

  get #hasLane(): boolean {
    const { size } = this.#commits;
    if (size === 0 || size === LANES) return size === 0;
    return this.#underWay + this.#waiting.count >= LANES_FROM || performance.now() - this.#begunAt >= PATIENCE_MS;
  }

  #begin(): void {
    while (this.#hasLane) {
      const batch = this.#waiting.take(this.#busy);
      if (batch.length === 0) break;
      const chats = new Set(batch.map(({ request }) => request.chat));
      for (const chat of chats) this.#busy.add(chat);
      this.#underWay += batch.length;
      this.#begunAt = performance.now();
      const commit = this.#commit(batch).then(() => {
        for (const chat of chats) this.#busy.delete(chat);
        this.#underWay -= batch.length;
        this.#commits.delete(commit);
        if (this.#waiting.count > 0) this.#plan();
      });
      this.#commits.add(commit);
    }
    if (this.#waiting.count > 0) this.#bePatient();
  }

  #bePatient(): void {
    this.#patience ??= setTimeout(() => {
      this.#patience = null;
      this.#begin();
    }, PATIENCE_MS);
  }

  /** Settles every message of the batch; never throws. */
  async #commit(batch: readonly Pending[]): Promise<void> {
    try {
      const start = performance.now();
      const rows = await this.#append(batch.map(({ request }) => request));
      const stored = rows.reduce((count, { outcome }) => count + (outcome === "stored" ? 1 : 0), 0);
      this.#metrics?.onCommit({ messages: batch.length, stored, milliseconds: performance.now() - start });
      this.#tell(batch, rows);
      for (const row of rows) settle(at(batch, row.ordinal), row);
    } catch (error) {
      if (isUnavailable(error)) {
        for (const { reject } of batch) reject(unavailable(error));
      } else if (batch.length === 1) {
        at(batch, 0).reject(asWireFailure(error));
      } else {
        // Something about one of them is beyond the database; the others must not suffer for it.
        for (const pending of batch) await this.#commit([pending]);
      }
    }
  }

  #tell(batch: readonly Pending[], rows: readonly AppendedRow[]): void {
    const batches = committedBatches(batch, rows);
    if (batches.length === 0) return;
    for (const listener of [...this.#listeners]) listener(batches);
  }
}

/** What can be told without the database: whether this is a message, and of the sort that its author may write. */
function envelopeRefusal({ author, message }: AppendRequest): WireFailure | null {
  try {
    const { kind } = envelopeHead(message.envelope);
    if (author.type === "mate" ? kind === KIND.reply : kind === KIND.content || kind === KIND.amendment) return null;
    return new WireFailure("bad_request", "This kind of envelope cannot be sent as a message.");
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return new WireFailure(error.code === "too_large" ? "too_large" : "bad_request", error.message, { cause: error });
  }
}

function settle({ resolve, reject }: Pending, row: AppendedRow): void {
  if (row.outcome === "stored" || row.outcome === "known") resolve({ seq: row.seq, head: row.head });
  else reject(refusalOf(row.outcome));
}

function refusalOf(outcome: "conflict" | "forbidden" | "closed" | "stale" | "missing"): WireFailure {
  switch (outcome) {
    case "conflict":
      return new WireFailure("conflict", "Another message has this id already.");
    case "forbidden":
      return new WireFailure("forbidden", "You may not write in this chat as this sender.");
    case "closed":
      return chatClosed();
    case "stale":
      return staleEpoch();
    case "missing":
      return chatNotFound();
  }
}

/** One batch of new messages per chat, and one for each message sent again. */
function committedBatches(batch: readonly Pending[], rows: readonly AppendedRow[]): readonly CommittedBatch[] {
  const fresh = new Map<ChatId, StoredMessage[]>();
  const again: CommittedBatch[] = [];
  for (const row of rows) {
    if (row.outcome !== "stored" && row.outcome !== "known") continue;
    const { chat, message } = at(batch, row.ordinal).request;
    const stored = { ...message, seq: row.seq, head: row.head, storedAt: row.storedAt };
    if (row.outcome === "known") again.push({ chat, messages: [stored] });
    else listOf(fresh, chat).push(stored);
  }
  const inOrder = [...fresh].map(([chat, messages]) => ({ chat, messages: messages.sort((a, b) => a.seq - b.seq) }));
  return [...inOrder, ...again];
}

function listOf(lists: Map<ChatId, StoredMessage[]>, chat: ChatId): StoredMessage[] {
  const list = lists.get(chat) ?? [];
  lists.set(chat, list);
  return list;
}

function at(batch: readonly Pending[], ordinal: number): Pending {
  const pending = batch[ordinal];
  if (!pending) throw new RangeError("The database answered a row that nobody asked about.");
  return pending;
}
