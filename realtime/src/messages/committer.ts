import type { PrismaClient } from "@openmates-share/prisma";
import {
  type ChatId,
  KIND,
  ProtocolError,
  parseEnvelope,
  type Receipt,
  type StoredMessage,
} from "@openmates-share/protocol/wire";
import { isUnavailable, unavailable } from "../http/database-failure.ts";
import { asWireFailure, chatClosed, chatNotFound, staleEpoch, WireFailure } from "../http/failure.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { type AppendBatch, type AppendedRow, appendMessages } from "./append-messages.ts";
import type { AppendRequest } from "./append-request.ts";

export type { AppendRequest, Author } from "./append-request.ts";

/** Messages of one chat in the order of their numbers. */
export interface CommittedBatch {
  readonly chat: ChatId;
  readonly messages: readonly StoredMessage[];
}

export type CommitListener = (batches: readonly CommittedBatch[]) => void;

/** One commit's share of the queue: enough to use a round trip well, little enough that nobody waits long behind it. */
const BATCH_MESSAGES = 256;
const BATCH_BYTES = 4 << 20;
/** What may wait in memory before senders are told to come back later. */
const QUEUE_BYTES = 64 << 20;

interface Pending {
  readonly request: AppendRequest;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (failure: WireFailure) => void;
}

export interface CommitterOptions {
  readonly database: PrismaClient;
  readonly append?: AppendBatch | undefined;
  readonly metrics?: Metrics | undefined;
}

/**
 * Group commit: a message that finds nobody at work is committed at once; what arrives while a commit is in flight goes
 * into the next one, together. So there is no timer on the idle path, and under load one round trip carries many messages.
 * One commit at a time also keeps one sender's messages in the order in which they were handed in.
 */
export class Committer {
  readonly #append: AppendBatch;
  readonly #metrics: Metrics | null;
  readonly #listeners = new Set<CommitListener>();
  #queue: Pending[] = [];
  #queuedBytes = 0;
  #working: Promise<void> | null = null;
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
      this.#queue.push({ request, resolve, reject });
      this.#queuedBytes += size;
      // What is handed in within one tick, such as a page of an upload, goes out together.
      this.#working ??= Promise.resolve().then(() => this.#work());
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
    await this.#working;
  }

  #refusalOf(request: AppendRequest, size: number): WireFailure | null {
    if (this.#stopped) return new WireFailure("unavailable", "The server is stopping. Please try again in a moment.");
    if (this.#queuedBytes + size > QUEUE_BYTES) {
      return new WireFailure("unavailable", "The server has more to store than it can. Please try again in a moment.", {
        retryAfter: 1,
      });
    }
    return envelopeRefusal(request);
  }

  async #work(): Promise<void> {
    while (this.#queue.length > 0) await this.#commit(this.#takeBatch());
    this.#working = null;
  }

  #takeBatch(): readonly Pending[] {
    let bytes = 0;
    let count = 0;
    for (const { request } of this.#queue) {
      bytes += request.message.envelope.length;
      if (count > 0 && (count === BATCH_MESSAGES || bytes > BATCH_BYTES)) break;
      count++;
    }
    const batch = this.#queue.slice(0, count);
    this.#queue = this.#queue.slice(count);
    this.#queuedBytes -= batch.reduce((sum, { request }) => sum + request.message.envelope.length, 0);
    return batch;
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
    const { kind } = parseEnvelope(message.envelope);
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
    else fresh.set(chat, [...(fresh.get(chat) ?? []), stored]);
  }
  const inOrder = [...fresh].map(([chat, messages]) => ({ chat, messages: messages.sort((a, b) => a.seq - b.seq) }));
  return [...inOrder, ...again];
}

function at(batch: readonly Pending[], ordinal: number): Pending {
  const pending = batch[ordinal];
  if (!pending) throw new RangeError("The database answered a row that nobody asked about.");
  return pending;
}
