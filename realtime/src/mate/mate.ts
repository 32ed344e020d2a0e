import { setTimeout as wait } from "node:timers/promises";
import type { Identity } from "@openmates-share/protocol/reply";
import {
  type Asked,
  type AskId,
  type Category,
  type ChatId,
  type Delta,
  type Joined,
  newId,
  type SenderId,
  type ServiceInfo,
  type StreamId,
  toBase64url,
} from "@openmates-share/protocol/wire";
import type { Bus } from "../cluster/bus.ts";
import type { Log } from "../cluster/redis-line.ts";
import { WireFailure } from "../http/failure.ts";
import type { RateLimiter } from "../limits/rate-limiter.ts";
import type { Committer } from "../messages/committer.ts";
import type { MessageStore } from "../messages/message-store.ts";
import { Admission, type Ask, type Asker } from "./admission.ts";
import type { Outcome } from "./answer.ts";
import type { AskNews } from "./ask-news.ts";
import type { AskStore, StoredAsk } from "./ask-store.ts";
import type { AskUsage, Charge } from "./ask-usage.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import { MATE_NAME } from "./mate-name.ts";
import type { Model } from "./model.ts";
import { OwnAnswers } from "./own-answers.ts";
import { leastLeft, type Quotas } from "./quotas.ts";
import { RemoteAnswers } from "./remote-answers.ts";
import { Replies } from "./replies.ts";
import { RunningAnswer } from "./running-answer.ts";

/** What a stopping server gives its answers to end in. */
const STOP_WITHIN_MS = 5000;

export interface MateOptions {
  readonly asks: AskStore;
  readonly usage: AskUsage;
  readonly quotas: Quotas;
  readonly committer: Committer;
  readonly messages: MessageStore;
  readonly limiter: RateLimiter;
  readonly bus: Bus;
  readonly news: AskNews;
  readonly service: Identity;
  /** The first answers unless another is named. */
  readonly models: readonly [Model, ...Model[]];
  /** What a chat is about, as far as everybody may know. */
  readonly categoryOf: (chat: ChatId) => Promise<Category | null>;
  readonly log: Log;
}

/** Answers mentions: takes an ask, lets a model write, streams it sealed and stores the reply, exactly one per ask. */
export class Mate {
  readonly #asks: AskStore;
  readonly #admission: Admission;
  readonly #replies: Replies;
  readonly #news: AskNews;
  readonly #service: Identity;
  readonly #models: readonly [Model, ...Model[]];
  readonly #usage: AskUsage;
  readonly #quotas: Quotas;
  readonly #categoryOf: MateOptions["categoryOf"];
  readonly #log: Log;
  readonly #node: string;
  readonly #leases: LeaseKeeper;
  readonly #remote: RemoteAnswers;
  /** Answers that members give with models of their own. */
  readonly own: OwnAnswers;
  readonly #running = new Map<StreamId, RunningAnswer>();
  readonly #work = new Set<Promise<void>>();
  #stopping = false;

  constructor(options: MateOptions) {
    this.#asks = options.asks;
    this.#admission = new Admission(options);
    this.#replies = new Replies(options);
    this.own = new OwnAnswers({ ...options, admission: this.#admission });
    this.#news = options.news;
    this.#service = options.service;
    this.#models = options.models;
    this.#usage = options.usage;
    this.#quotas = options.quotas;
    this.#categoryOf = options.categoryOf;
    this.#log = options.log;
    this.#node = options.bus.node;
    this.#leases = new LeaseKeeper({
      ...options,
      held: () => [...this.#running.keys(), ...this.own.held],
      lose: (stream) => {
        this.#running.get(stream)?.abort("interrupted");
        void this.own.lose(stream);
      },
    });
    this.#remote = new RemoteAnswers({
      bus: options.bus,
      stopHere: (stream) => this.#stopHere(stream),
      deltasHere: (stream) => this.#deltasHere(stream)?.map(({ sealed }) => sealed) ?? [],
    });
  }

  /** Whose answers are the mate's. */
  get sender(): SenderId {
    return this.#service.sender;
  }

  get info(): ServiceInfo["mate"] {
    return {
      name: MATE_NAME,
      publicKey: toBase64url(this.#service.publicKey),
      models: this.#models.map(({ id, name }) => ({ id, name })),
      demo: this.#models[0].demo,
    };
  }

  /**
   * Begins to answer; resolves when the ask is taken, long before it is answered.
   * @throws WireFailure `bad_request`, `too_large`, `forbidden`, `conflict`, `rate_limited`, `mate_busy`, `quota_used`,
   * `already_answered`, `unavailable`
   */
  async ask(asker: Asker, ask: Ask): Promise<Asked> {
    this.#requireOpen();
    const model = this.#modelOf(ask.model);
    await this.#admission.require(asker, ask);
    // Only this: the reply key and the context stay with the running answer, which forgets them.
    const { chat, message, wrappedReplyKey, epoch } = ask;
    const stream = newId<StreamId>();
    const running = await RunningAnswer.prepare({
      attempt: { chat, ask: ask.ask, message, wrappedReplyKey, epoch, account: asker.account, stream },
      replyKey: ask.replyKey,
      context: ask.context,
      category: this.#categoryOf(chat).catch(() => null),
      model,
      emit: (delta) => this.#news.delta(delta),
    });
    try {
      this.#requireOpen();
      const { cost, attempt } = running;
      const { day, asks } = await this.#admission.claim(attempt, cost);
      this.#begin(running, { day, cost, chat, account: attempt.account });
      return { quota: leastLeft(this.#quotas, asks) };
    } catch (error) {
      running.forget();
      throw error;
    }
  }

  /** Ends a running answer, wherever it is written; what there is of it is stored. Nothing happens when none runs. */
  async stop({ chat, ask }: { chat: ChatId; ask: AskId }): Promise<void> {
    const stored = await this.#asks.find({ chat, ask });
    if (stored?.status.state !== "running" || !stored.node) return;
    const { stream } = stored.status;
    if (this.#stopHere(stream) || stored.node === this.#node) return;
    // A node that does not answer is dead or cut off; if dead, its lease ends the answer soon.
    if (await this.#remote.stop(stored.node, stream)) return;
    throw new WireFailure("unavailable", "The answer cannot be stopped at the moment. Please try again.");
  }

  /** What somebody who comes in has to know: asks that run, with what was streamed so far, and those to try again. */
  async openIn(chat: ChatId): Promise<Joined["asks"]> {
    const asks = await this.#asks.open(chat);
    return Promise.all(
      asks.map(async ({ node, ...status }) => ({ ...status, deltas: await this.#deltasOf({ node, ...status }) })),
    );
  }

  /** A server without companions knows at its start that nobody works on what is still marked as running. */
  async giveUpAll(): Promise<void> {
    await this.#asks.giveUp({ all: true });
  }

  /** Interrupts what is being written, tells the rooms, and waits for that, but not for long. */
  async close(): Promise<void> {
    this.#stopping = true;
    for (const running of this.#running.values()) running.abort("interrupted");
    await this.own.close();
    const patience = new AbortController();
    await Promise.race([
      Promise.allSettled(this.#work),
      wait(STOP_WITHIN_MS, undefined, { signal: patience.signal }).catch(() => {}),
    ]);
    patience.abort();
    await this.#leases.stop();
  }

  #requireOpen(): void {
    if (!this.#stopping) return;
    throw new WireFailure("unavailable", "The server is about to stop. Please try again in a moment.");
  }

  #modelOf(id: string | null): Model {
    const model = id === null ? this.#models[0] : this.#models.find((known) => known.id === id);
    if (model) return model;
    throw new WireFailure("bad_request", "This server has no such model.");
  }

  #begin(running: RunningAnswer, charge: Charge): void {
    const { chat, ask, message, stream, wrappedReplyKey, epoch } = running.attempt;
    this.#running.set(stream, running);
    const status = { state: "running", stream, wrappedReplyKey, epoch } as const;
    this.#news.status({ chat, ask, message, by: null, status });
    // A server that began to stop while this was claimed has not seen it among its running ones.
    if (this.#stopping) running.abort("interrupted");
    const work = this.#carryThrough(running, charge).finally(() => {
      running.forget();
      this.#running.delete(stream);
      this.#work.delete(work);
    });
    this.#work.add(work);
  }

  /** The reply is stored before the ask is marked: after a crash in between, the reply is there and counts. */
  async #carryThrough(running: RunningAnswer, charge: Charge): Promise<void> {
    const { attempt } = running;
    const { chat, ask, message } = attempt;
    try {
      const outcome = await running.write();
      const status = await this.#replies.settle(running, outcome);
      await this.#account(running, { outcome, charge });
      if (await this.#asks.end(attempt, status)) this.#news.status({ chat, ask, message, by: null, status });
    } catch (error) {
      // The database is away: the lease runs out, and the ask can be tried again.
      this.#log.error({ err: error, chat, ask }, "the end of an answer cannot be written down");
    }
  }

  /**
   * What was set aside for an answer and not said is given back; a question that the provider did not even begin to answer
   * costs nothing. Of a process that dies before this all stays charged: an answer may have been paid for.
   */
  async #account(running: RunningAnswer, { outcome, charge }: { outcome: Outcome; charge: Charge }): Promise<void> {
    const { answered, model } = running;
    const inVain = outcome.type === "failed" && answered === 0;
    await this.#usage.correct(
      charge,
      inVain ? { asks: -1, tokens: -charge.cost } : { asks: 0, tokens: answered - model.answerTokens },
    );
  }

  #stopHere(stream: StreamId): boolean {
    const running = this.#running.get(stream);
    running?.abort("stopped");
    return running !== undefined || this.own.stop(stream);
  }

  #deltasHere(stream: StreamId): readonly Delta[] | null {
    return this.#running.get(stream)?.deltas ?? this.own.deltas(stream);
  }

  async #deltasOf({ chat, ask, status, node }: StoredAsk): Promise<Joined["asks"][number]["deltas"]> {
    if (status.state !== "running" || !node) return [];
    const { stream } = status;
    const here = this.#deltasHere(stream);
    if (here) return [...here];
    if (node === this.#node) return [];
    const sealed = await this.#remote.deltas(node, stream);
    return sealed.map((bytes, index) => ({ chat, ask, stream, index, sealed: bytes }));
  }
}
