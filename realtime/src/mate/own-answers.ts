import {
  type AskFault,
  type AskId,
  type AskStatus,
  type Bytes,
  type ChatId,
  type Delta,
  LIMITS,
  type MessageId,
  newId,
  type OutgoingMessage,
  type Receipt,
  replyIdOf,
  type SenderId,
  type StreamId,
} from "@openmates-share/protocol/wire";
import type { Log } from "../cluster/redis-line.ts";
import { asWireFailure, WireFailure } from "../http/failure.ts";
import type { Committer } from "../messages/committer.ts";
import type { Admission, Asker } from "./admission.ts";
import type { AskNews } from "./ask-news.ts";
import type { AskStore, Attempt } from "./ask-store.ts";
import { type EndState, stoppedAtOnce } from "./replies.ts";

/** What a member's client has to hand in what there is after somebody has stopped its answer. */
const SETTLE_WITHIN_MS = 10_000;
/** A slow machine thinks for minutes before its first word, but not for longer. */
const PATIENCE_MS = 5 * 60_000;

export interface OwnAsk {
  readonly chat: ChatId;
  readonly ask: AskId;
  readonly message: MessageId;
  readonly wrappedReplyKey: Bytes;
  readonly epoch: number;
}

/** An answer that is being given, as its member's client names it. */
export interface OwnStream {
  readonly chat: ChatId;
  readonly ask: AskId;
  readonly stream: StreamId;
}

export type OwnEnd =
  | { readonly type: "answered"; readonly stopped: boolean; readonly message: OutgoingMessage }
  | { readonly type: "failed"; readonly fault: AskFault }
  | { readonly type: "interrupted" };

/** The connection that answers: told when somebody stops it. */
export interface Answerer {
  halt(change: { chat: ChatId; ask: AskId; stream: StreamId }): void;
}

interface Own {
  readonly attempt: Attempt;
  readonly sender: SenderId;
  readonly answerer: Answerer;
  readonly deltas: Delta[];
  bytes: number;
  stopped: boolean;
  /** Being stored: nothing else ends it. */
  settling: boolean;
  timer: NodeJS.Timeout;
}

const SENTENCES: Partial<Record<AskFault, string>> = {
  unreachable: "The member's own model cannot be reached.",
  refused_key: "The member's own model did not accept the key.",
};

/**
 * Answers that members give with models of their own (SPEC A9 to A11). This passes sealed pieces on and stores what comes of
 * them, exactly one answer for an ask; it can open neither.
 */
export class OwnAnswers {
  readonly #asks: AskStore;
  readonly #admission: Admission;
  readonly #committer: Committer;
  readonly #news: AskNews;
  readonly #log: Log;
  readonly #running = new Map<StreamId, Own>();
  #stopping = false;

  constructor(options: { asks: AskStore; admission: Admission; committer: Committer; news: AskNews; log: Log }) {
    this.#asks = options.asks;
    this.#admission = options.admission;
    this.#committer = options.committer;
    this.#news = options.news;
    this.#log = options.log;
  }

  /** Streams that are passed on by this node. */
  get held(): readonly StreamId[] {
    return [...this.#running.keys()];
  }

  /** What was passed on so far; null for a stream that is not passed on here. */
  deltas(stream: StreamId): readonly Delta[] | null {
    return this.#running.get(stream)?.deltas ?? null;
  }

  /** @throws WireFailure as `Mate.ask`, but for `quota_used`: nobody here pays for it */
  async begin(asker: Asker, ask: OwnAsk, answerer: Answerer): Promise<{ stream: StreamId }> {
    if (this.#stopping) throw stopping();
    await this.#admission.requireOwn(asker, ask);
    const stream = newId<StreamId>();
    const attempt = { ...ask, account: asker.account, stream };
    await this.#admission.claimOwn(attempt, asker.sender);
    const own = { attempt, sender: asker.sender, answerer, deltas: [], bytes: 0, stopped: false, settling: false };
    this.#running.set(stream, { ...own, timer: this.#interruptIn(stream, PATIENCE_MS) });
    const { wrappedReplyKey, epoch } = ask;
    this.#tell(attempt, asker.sender, { state: "running", stream, wrappedReplyKey, epoch });
    if (this.#stopping) await this.#end(stream, { state: "interrupted" });
    return { stream };
  }

  /** @throws WireFailure `conflict` for a stream that is over or not of this connection, or pieces out of order; `too_large` */
  relay(answerer: Answerer, relayed: OwnStream & { index: number; pieces: readonly Bytes[] }): void {
    const own = this.#require(answerer, relayed);
    const { index, pieces, stream } = relayed;
    if (own.stopped) throw over();
    if (index !== own.deltas.length) throw new WireFailure("conflict", "Pieces of an answer come in their order.");
    own.bytes += pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (own.bytes > LIMITS.relayedBytes) throw new WireFailure("too_large", "This answer is too long to be passed on.");
    clearTimeout(own.timer);
    own.timer = this.#interruptIn(stream, PATIENCE_MS);
    const { chat, ask } = relayed;
    const deltas = pieces.map((sealed, at) => ({ chat, ask, stream, index: index + at, sealed }));
    own.deltas.push(...deltas);
    for (const delta of deltas) this.#news.delta(delta);
  }

  /**
   * Stores the answer, and tells where it stands; or says that there is none.
   * @throws WireFailure `conflict` for a stream that is over or not of this connection, `bad_request` for another message than the answer, and as `Committer.append`
   */
  async settle(answerer: Answerer, settled: OwnStream & { end: OwnEnd }): Promise<Receipt | null> {
    const own = this.#require(answerer, settled);
    const { stream, end } = settled;
    if (end.type !== "answered") {
      await this.#end(stream, endOf(end, own));
      return null;
    }
    if (end.message.id !== replyIdOf(own.attempt.ask) || end.message.sender !== own.sender) {
      throw new WireFailure("bad_request", "The answer is another message than the one that the ask names.");
    }
    own.settling = true;
    try {
      const author = { type: "account", account: own.attempt.account } as const;
      const receipt = await this.#committer.append({ chat: own.attempt.chat, author, message: end.message });
      await this.#end(stream, { state: end.stopped ? "stopped" : "answered" });
      return receipt;
    } catch (error) {
      own.settling = false;
      // Under a new key it can be handed in again; everything else will not become better.
      if (asWireFailure(error).code !== "stale_epoch") await this.#end(stream, { state: "interrupted" });
      throw error;
    }
  }

  /** Somebody wants it to end; what there is of it is stored by its member's client. False when it is not passed on here. */
  stop(stream: StreamId): boolean {
    const own = this.#running.get(stream);
    if (!own) return false;
    if (own.stopped) return true;
    own.stopped = true;
    clearTimeout(own.timer);
    own.timer = this.#interruptIn(stream, SETTLE_WITHIN_MS);
    const { chat, ask } = own.attempt;
    own.answerer.halt({ chat, ask, stream });
    return true;
  }

  /** A connection has ended, or is no longer in that chat. */
  async leave(answerer: Answerer, chat: ChatId): Promise<void> {
    for (const [stream, own] of this.#running) {
      if (own.answerer === answerer && own.attempt.chat === chat && !own.settling) await this.lose(stream);
    }
  }

  /** Gives a stream up, if it is passed on here. */
  async lose(stream: StreamId): Promise<void> {
    await this.#end(stream, { state: "interrupted" });
  }

  async close(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.held.map((stream) => this.lose(stream)));
  }

  /** The chat counts, too: whether this person may write was looked up for the one that they name. */
  #require(answerer: Answerer, { chat, ask, stream }: OwnStream): Own {
    const own = this.#running.get(stream);
    if (!own || own.answerer !== answerer || own.settling) throw over();
    if (own.attempt.chat !== chat || own.attempt.ask !== ask) throw over();
    return own;
  }

  #interruptIn(stream: StreamId, milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => {
      if (!this.#running.get(stream)?.settling) void this.lose(stream);
    }, milliseconds).unref();
  }

  async #end(stream: StreamId, end: EndState): Promise<void> {
    const own = this.#running.get(stream);
    if (!own) return;
    this.#running.delete(stream);
    clearTimeout(own.timer);
    try {
      if (await this.#asks.end(own.attempt, end)) this.#tell(own.attempt, own.sender, end);
    } catch (error) {
      // The database is away: the lease runs out, and the ask can be tried again.
      const { chat, ask } = own.attempt;
      this.#log.error({ err: error, chat, ask }, "the end of a member's answer cannot be written down");
    }
  }

  #tell({ chat, ask, message }: Attempt, by: SenderId, status: AskStatus["status"]): void {
    this.#news.status({ chat, ask, message, by, status });
  }
}

function endOf(end: Exclude<OwnEnd, { type: "answered" }>, { stopped }: Pick<Own, "stopped">): EndState {
  if (end.type === "interrupted") return stopped ? stoppedAtOnce() : { state: "interrupted" };
  const message = SENTENCES[end.fault] ?? "The member's own model gave no answer.";
  return { state: "failed", message, fault: end.fault, retryAfter: null };
}

function over(): WireFailure {
  return new WireFailure("conflict", "This answer is over.");
}

function stopping(): WireFailure {
  return new WireFailure("unavailable", "The server is about to stop. Please try again in a moment.");
}
