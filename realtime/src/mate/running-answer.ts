import { setTimeout as wait } from "node:timers/promises";
import {
  givenHash,
  type Identity,
  openReplyStream,
  type ReplyStream,
  sealReply,
} from "@openmates-share/protocol/reply";
import type { Bytes, Category, ContextEntry, Delta, OutgoingMessage } from "@openmates-share/protocol/wire";
import { replyIdOf } from "@openmates-share/protocol/wire";
import { type AbortReason, answer, type Outcome } from "./answer.ts";
import type { Attempt } from "./ask-store.ts";
import { DELTA_EVERY_MS, DeltaPump } from "./delta-pump.ts";
import type { Model } from "./model.ts";
import { contextTokens, estimateTokens, newestWithin } from "./tokens.ts";

/** Some models think for a minute before their first word. */
const PATIENCE_MS = 90_000;

/** How often less is sent of a context that a provider finds too long. */
const SHORTER = 3;

/** One attempt at an answer while it is written. It alone holds the reply key and the context, and forgets them. */
export class RunningAnswer {
  readonly attempt: Attempt;
  readonly model: Model;
  readonly #aborted = new AbortController();
  readonly #pump: DeltaPump;
  readonly #category: Promise<Category | null>;
  readonly #offered: number;
  /** What of the context goes to the model. */
  #context: readonly ContextEntry[];
  #replyKey: Bytes;
  #answered = 0;

  static async prepare(options: {
    attempt: Attempt;
    replyKey: Bytes;
    context: readonly ContextEntry[];
    /** What the chat is about, as soon as it is known. */
    category: Promise<Category | null>;
    model: Model;
    emit: (delta: Delta) => void;
  }): Promise<RunningAnswer> {
    const { attempt, replyKey } = options;
    const { chat, ask } = attempt;
    return new RunningAnswer({
      ...options,
      stream: await openReplyStream({ chat, ask, stream: attempt.stream, replyKey }),
    });
  }

  private constructor(options: {
    attempt: Attempt;
    replyKey: Bytes;
    context: readonly ContextEntry[];
    category: Promise<Category | null>;
    model: Model;
    stream: ReplyStream;
    emit: (delta: Delta) => void;
  }) {
    this.attempt = options.attempt;
    this.model = options.model;
    this.#replyKey = options.replyKey;
    this.#category = options.category;
    this.#offered = options.context.length;
    const { room } = options.model;
    this.#context = room === null ? options.context : newestWithin(options.context, room);
    this.#pump = new DeltaPump({ ...options, pause: () => wait(DELTA_EVERY_MS) });
  }

  /** What was streamed so far, sealed. */
  get deltas(): readonly Delta[] {
    return this.#pump.deltas;
  }

  /** Tokens of what the model is given. */
  get given(): number {
    return contextTokens(this.#context);
  }

  /** Tokens that are set aside for it: what it is given and as much as it may say. What it did not say is given back. */
  get cost(): number {
    return this.given + this.model.answerTokens;
  }

  /** Tokens of what it has said. */
  get answered(): number {
    return this.#answered;
  }

  /** Resolves when the answer has ended and all of it has gone out. */
  async write(): Promise<Outcome> {
    const category = await this.#category;
    let outcome = await this.#answer(category);
    for (let shorter = 1; shorter <= SHORTER && isTooLong(outcome) && this.#context.length > 1; shorter++) {
      // Half of it, a quarter, and in the end the question alone.
      this.#context = newestWithin(this.#context, shorter < SHORTER ? this.given / 2 : 0);
      outcome = await this.#answer(category);
    }
    await this.#pump.close();
    return outcome;
  }

  #answer(category: Category | null): Promise<Outcome> {
    return answer({
      model: this.model,
      context: this.#context,
      category,
      write: (text) => {
        this.#answered += estimateTokens(text);
        this.#pump.push(text);
      },
      signal: this.#aborted.signal,
      patienceMs: PATIENCE_MS,
    });
  }

  /** The answer as the message to store. */
  async seal(outcome: Outcome & { type: "answered" }, service: Identity): Promise<OutgoingMessage> {
    const { chat, ask, epoch, message, wrappedReplyKey } = this.attempt;
    const envelope = await sealReply({
      chat,
      ask,
      epoch,
      replyKey: this.#replyKey,
      wrappedReplyKey,
      service,
      reply: {
        type: "reply",
        text: outcome.text,
        replyTo: message,
        model: this.model.id,
        demo: this.model.demo,
        ended: outcome.ended,
        given: {
          count: this.#context.length,
          offered: this.#offered,
          hash: await givenHash(this.#context),
        },
        time: Date.now(),
      },
    });
    return { id: replyIdOf(ask), sender: service.sender, envelope };
  }

  /** Ends it; the first reason counts. */
  abort(reason: AbortReason): void {
    this.#aborted.abort(reason);
  }

  /** Drops what was told in confidence. */
  forget(): void {
    this.#replyKey.fill(0);
    this.#replyKey = new Uint8Array(0);
    this.#context = [];
  }
}

function isTooLong(outcome: Outcome): boolean {
  return outcome.type === "failed" && outcome.error.code === "too_long";
}
