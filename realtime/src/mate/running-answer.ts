import { setTimeout as wait } from "node:timers/promises";
import {
  givenHash,
  type Identity,
  openReplyStream,
  type ReplyStream,
  sealReply,
} from "@openmates-share/protocol/reply";
import type { Bytes, ContextEntry, Delta, OutgoingMessage } from "@openmates-share/protocol/wire";
import { replyIdOf } from "@openmates-share/protocol/wire";
import { type AbortReason, answer, type Outcome } from "./answer.ts";
import type { Attempt } from "./ask-store.ts";
import { DELTA_EVERY_MS, DeltaPump } from "./delta-pump.ts";
import type { Model } from "./model.ts";

/** Some models think for a minute before their first word. */
const PATIENCE_MS = 90_000;

/** One attempt at an answer while it is written. It alone holds the reply key and the context, and forgets them. */
export class RunningAnswer {
  readonly attempt: Attempt;
  readonly model: Model;
  readonly #aborted = new AbortController();
  readonly #pump: DeltaPump;
  readonly #given: { readonly count: number; readonly hash: Bytes };
  #context: readonly ContextEntry[];
  #replyKey: Bytes;

  static async prepare(options: {
    attempt: Attempt;
    replyKey: Bytes;
    context: readonly ContextEntry[];
    model: Model;
    emit: (delta: Delta) => void;
  }): Promise<RunningAnswer> {
    const { attempt, replyKey, context } = options;
    const { chat, ask } = attempt;
    const stream = await openReplyStream({ chat, ask, stream: attempt.stream, replyKey });
    return new RunningAnswer({ ...options, stream, given: { count: context.length, hash: await givenHash(context) } });
  }

  private constructor(options: {
    attempt: Attempt;
    replyKey: Bytes;
    context: readonly ContextEntry[];
    given: { count: number; hash: Bytes };
    model: Model;
    stream: ReplyStream;
    emit: (delta: Delta) => void;
  }) {
    this.attempt = options.attempt;
    this.model = options.model;
    this.#replyKey = options.replyKey;
    this.#context = options.context;
    this.#given = options.given;
    this.#pump = new DeltaPump({ ...options, pause: () => wait(DELTA_EVERY_MS) });
  }

  /** What was streamed so far, sealed. */
  get deltas(): readonly Delta[] {
    return this.#pump.deltas;
  }

  /** Resolves when the answer has ended and all of it has gone out. */
  async write(): Promise<Outcome> {
    const outcome = await answer({
      model: this.model,
      context: this.#context,
      write: (text) => this.#pump.push(text),
      signal: this.#aborted.signal,
      patienceMs: PATIENCE_MS,
    });
    await this.#pump.close();
    return outcome;
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
        given: this.#given,
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
