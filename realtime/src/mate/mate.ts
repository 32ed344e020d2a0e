import { setTimeout as wait } from "node:timers/promises";
import type { Identity } from "@openmates-share/protocol/reply";
import {
  type AskId,
  type AskState,
  type askSchema,
  type ChatId,
  type Joined,
  newId,
  replyIdOf,
  type SenderId,
  type ServiceInfo,
  type StreamId,
  toBase64url,
} from "@openmates-share/protocol/wire";
import type * as v from "valibot";
import type { AccountId } from "../accounts/account-id.ts";
import type { Bus } from "../cluster/bus.ts";
import type { Log } from "../cluster/redis-line.ts";
import { asWireFailure, WireFailure } from "../http/failure.ts";
import type { RateLimiter } from "../limits/rate-limiter.ts";
import type { Committer } from "../messages/committer.ts";
import type { MessageStore } from "../messages/message-store.ts";
import type { Outcome } from "./answer.ts";
import { requireContextFits, requireRoom, takeAsk } from "./ask-limits.ts";
import type { AskNews } from "./ask-news.ts";
import type { AskStore, Attempt, StoredAsk } from "./ask-store.ts";
import { DELTA_EVERY_MS } from "./delta-pump.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import { MATE_NAME } from "./mate-name.ts";
import type { Model } from "./model.ts";
import { RemoteAnswers } from "./remote-answers.ts";
import { RunningAnswer } from "./running-answer.ts";

/** Some models think for a minute before their first word. */
const PATIENCE_MS = 90_000;
/** What a stopping server gives its answers to end in. */
const STOP_WITHIN_MS = 5000;

type Ask = v.InferOutput<typeof askSchema>;
type EndState = Exclude<AskState, { state: "running" }>;

/** Who asks: somebody who may write in the chat, under that sender. */
export interface Asker {
  readonly account: AccountId;
  readonly sender: SenderId;
}

/** Answers mentions: takes an ask, lets a model write, streams it sealed and stores the reply, exactly one per ask. */
export class Mate {
  readonly #asks: AskStore;
  readonly #committer: Committer;
  readonly #messages: MessageStore;
  readonly #limiter: RateLimiter;
  readonly #news: AskNews;
  readonly #service: Identity;
  readonly #models: readonly [Model, ...Model[]];
  readonly #log: Log;
  readonly #node: string;
  readonly #leases: LeaseKeeper;
  readonly #remote: RemoteAnswers;
  readonly #pause: () => Promise<unknown>;
  readonly #patienceMs: number;
  readonly #running = new Map<StreamId, RunningAnswer>();
  readonly #work = new Set<Promise<void>>();
  /** Asks are let in one by one, so that the count of running ones is true when it decides. */
  #admission: Promise<unknown> = Promise.resolve();
  #stopping = false;

  constructor(options: MateOptions) {
    this.#committer = options.committer;
    this.#messages = options.messages;
    this.#limiter = options.limiter;
    this.#news = options.news;
    this.#service = options.service;
    this.#models = options.models;
    this.#log = options.log;
    this.#node = options.bus.node;
    this.#pause = options.pause ?? (() => wait(DELTA_EVERY_MS));
    this.#patienceMs = options.patienceMs ?? PATIENCE_MS;
    this.#asks = options.asks;
    this.#leases = new LeaseKeeper({
      asks: this.#asks,
      news: options.news,
      log: options.log,
      held: () => [...this.#running.keys()],
      lose: (stream) => this.#running.get(stream)?.abort("interrupted"),
      ...(options.renewEveryMs === undefined ? {} : { renewEveryMs: options.renewEveryMs }),
    });
    this.#remote = new RemoteAnswers({
      bus: options.bus,
      stopHere: (stream) => this.#stopHere(stream),
      deltasHere: (stream) => this.#running.get(stream)?.deltas.map(({ sealed }) => sealed) ?? [],
    });
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
   * @throws WireFailure `bad_request`, `too_large`, `forbidden`, `rate_limited`, `mate_busy`, `already_answered`, `unavailable`
   */
  async ask(asker: Asker, request: Ask): Promise<void> {
    if (this.#stopping) throw stopping();
    requireContextFits(request.context);
    const model = this.#modelOf(request.model);
    await this.#requireMayAsk(asker, request);
    await takeAsk(this.#limiter, { chat: request.chat, account: asker.account });
    const { chat, ask, message, wrappedReplyKey, epoch, replyKey, context } = request;
    const attempt: Attempt = {
      chat,
      ask,
      message,
      wrappedReplyKey,
      epoch,
      account: asker.account,
      stream: newId<StreamId>(),
    };
    const running = await RunningAnswer.prepare({
      attempt,
      replyKey,
      context,
      model,
      emit: (delta) => this.#news.delta(delta),
      pause: this.#pause,
      patienceMs: this.#patienceMs,
    });
    try {
      await this.#admit(attempt);
    } catch (error) {
      running.forget();
      throw error;
    }
    this.#begin(running);
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

  /** Renews leases and gives up dead nodes' asks now rather than at the next turn. */
  async keepLeases(): Promise<void> {
    await this.#leases.turn();
  }

  /** Interrupts what is being written, tells the rooms, and waits for that, but not for long. */
  async close(): Promise<void> {
    this.#stopping = true;
    for (const running of this.#running.values()) running.abort("interrupted");
    const patience = new AbortController();
    await Promise.race([
      Promise.allSettled(this.#work),
      wait(STOP_WITHIN_MS, undefined, { signal: patience.signal }).catch(() => {}),
    ]);
    patience.abort();
    await this.#leases.stop();
  }

  #modelOf(id: string | null): Model {
    const model = id === null ? this.#models[0] : this.#models.find((known) => known.id === id);
    if (model) return model;
    throw new WireFailure("bad_request", "This server has no such model.");
  }

  /** The first attempt is for whoever wrote the mention; once the ask is known, any member may try again. */
  async #requireMayAsk(asker: Asker, { chat, ask, message }: Ask): Promise<void> {
    const found = await this.#messages.find({ chat, message });
    if (!found) throw new WireFailure("bad_request", "The message that asks is not stored in this chat.");
    if (found.sender === asker.sender) return;
    const known = await this.#asks.find({ chat, ask });
    if (known?.message === message) return;
    throw new WireFailure("forbidden", "Only who wrote the message can ask with it.");
  }

  async #admit(attempt: Attempt): Promise<void> {
    const admitted = this.#admission.then(async () => {
      if (this.#stopping) throw stopping();
      requireRoom(await this.#asks.running(attempt));
      if (!(await this.#asks.claim(attempt))) await this.#refuse(attempt);
    });
    this.#admission = admitted.catch(() => {});
    await admitted;
  }

  async #refuse(attempt: Attempt): Promise<never> {
    const known = await this.#asks.find(attempt);
    const open = known?.status.state === "interrupted" || known?.status.state === "failed";
    if (!known || (open && (await this.#messages.find({ chat: attempt.chat, message: replyIdOf(attempt.ask) })))) {
      throw new WireFailure("already_answered", "The answer is in the chat already.");
    }
    if (known.message !== attempt.message) throw new WireFailure("conflict", "This ask belongs to another message.");
    if (open) throw new WireFailure("forbidden", "This was tried too often. Please ask again in a new message.");
    throw new WireFailure("already_answered", "This is being answered, or was answered, already.");
  }

  #begin(running: RunningAnswer): void {
    const { chat, ask, message, stream, wrappedReplyKey, epoch } = running.attempt;
    this.#running.set(stream, running);
    this.#news.status({ chat, ask, message, status: { state: "running", stream, wrappedReplyKey, epoch } });
    const work = this.#carryThrough(running).finally(() => {
      running.forget();
      this.#running.delete(stream);
      this.#work.delete(work);
    });
    this.#work.add(work);
  }

  async #carryThrough(running: RunningAnswer): Promise<void> {
    const { attempt } = running;
    const { chat, ask, message } = attempt;
    try {
      const status = await this.#settle(running, await running.write());
      if (await this.#asks.end(attempt, status)) this.#news.status({ chat, ask, message, status });
    } catch (error) {
      // The database is away: the lease runs out, and the ask can be tried again.
      this.#log.error({ err: error, chat, ask }, "the end of an answer cannot be written down");
    }
  }

  async #settle(running: RunningAnswer, outcome: Outcome): Promise<EndState> {
    switch (outcome.type) {
      case "answered":
        return this.#store(running, outcome);
      case "interrupted":
        return { state: "interrupted" };
      case "failed": {
        const { chat, ask } = running.attempt;
        this.#log.warn({ chat, ask, code: outcome.error.code, model: running.model.id }, "a model gave no answer");
        return { state: "failed", message: outcome.error.message };
      }
    }
  }

  /** The reply is stored before the ask is marked: after a crash in between, the reply is there and counts. */
  async #store(running: RunningAnswer, outcome: Outcome & { type: "answered" }): Promise<EndState> {
    const { chat } = running.attempt;
    const message = await running.seal(outcome, this.#service);
    const stored: EndState = { state: outcome.ended === "stopped" ? "stopped" : "answered" };
    try {
      await this.#committer.append({ chat, author: { type: "mate" }, message });
      return stored;
    } catch (error) {
      const { code } = asWireFailure(error);
      if (code === "conflict") return this.#afterConflict(running);
      if (code === "unavailable") return { state: "interrupted" };
      this.#log.warn({ err: error, chat }, "an answer cannot be stored");
      return { state: "failed", message: "The answer could not be stored. Please try again." };
    }
  }

  /** Something has the reply's place: an earlier attempt's answer, or a message that somebody put there to be in the way. */
  async #afterConflict({ attempt }: RunningAnswer): Promise<EndState> {
    const found = await this.#messages.find({ chat: attempt.chat, message: replyIdOf(attempt.ask) });
    if (found?.sender === this.#service.sender) return { state: "answered" };
    return { state: "failed", message: "Another message has taken this answer's place. Please ask again." };
  }

  #stopHere(stream: StreamId): boolean {
    const running = this.#running.get(stream);
    running?.abort("stopped");
    return running !== undefined;
  }

  async #deltasOf({ chat, ask, status, node }: StoredAsk): Promise<Joined["asks"][number]["deltas"]> {
    if (status.state !== "running" || !node) return [];
    const { stream } = status;
    const here = this.#running.get(stream);
    if (here) return [...here.deltas];
    if (node === this.#node) return [];
    const sealed = await this.#remote.deltas(node, stream);
    return sealed.map((bytes, index) => ({ chat, ask, stream, index, sealed: bytes }));
  }
}

export interface MateOptions {
  readonly asks: AskStore;
  readonly committer: Committer;
  readonly messages: MessageStore;
  readonly limiter: RateLimiter;
  readonly bus: Bus;
  readonly news: AskNews;
  readonly service: Identity;
  /** The first answers unless another is named. */
  readonly models: readonly [Model, ...Model[]];
  readonly log: Log;
  /** Between two deltas of an answer. */
  readonly pause?: () => Promise<unknown>;
  readonly patienceMs?: number;
  readonly renewEveryMs?: number;
}

function stopping(): WireFailure {
  return new WireFailure("unavailable", "The server is about to stop. Please try again in a moment.");
}
