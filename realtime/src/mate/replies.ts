import type { Identity } from "@openmates-share/protocol/reply";
import { type AskFault, type AskState, replyIdOf } from "@openmates-share/protocol/wire";
import type { Log } from "../cluster/redis-line.ts";
import { asWireFailure } from "../http/failure.ts";
import type { Committer } from "../messages/committer.ts";
import type { MessageStore } from "../messages/message-store.ts";
import type { Outcome } from "./answer.ts";
import type { RunningAnswer } from "./running-answer.ts";

/** How an ask stands once nobody works on it. */
export type EndState = Exclude<AskState, { state: "running" }>;

/** Stores what came of an answer, if anything did, and says how the ask stands with that. */
export class Replies {
  readonly #committer: Committer;
  readonly #messages: MessageStore;
  readonly #service: Identity;
  readonly #log: Log;

  constructor(options: { committer: Committer; messages: MessageStore; service: Identity; log: Log }) {
    this.#committer = options.committer;
    this.#messages = options.messages;
    this.#service = options.service;
    this.#log = options.log;
  }

  async settle(running: RunningAnswer, outcome: Outcome): Promise<EndState> {
    switch (outcome.type) {
      case "answered":
        return this.#store(running, outcome);
      case "stopped":
        return stoppedAtOnce();
      case "interrupted":
        return { state: "interrupted" };
      case "failed": {
        const { chat, ask } = running.attempt;
        this.#log.warn({ chat, ask, code: outcome.error.code, model: running.model.id }, "a model gave no answer");
        const { message, code: fault, retryAfter } = outcome.error;
        return { state: "failed", message, fault, retryAfter };
      }
    }
  }

  async #store(running: RunningAnswer, outcome: Outcome & { type: "answered" }): Promise<EndState> {
    const { chat } = running.attempt;
    const message = await running.seal(outcome, this.#service);
    try {
      await this.#committer.append({ chat, author: { type: "mate" }, message });
      return { state: outcome.ended === "stopped" ? "stopped" : "answered" };
    } catch (error) {
      const { code } = asWireFailure(error);
      if (code === "conflict") return this.#afterConflict(running);
      if (code === "unavailable") return { state: "interrupted" };
      this.#log.warn({ err: error, chat }, "an answer cannot be stored");
      return failed("The answer could not be stored. Please try again.");
    }
  }

  /** Something has the reply's place: an earlier attempt's answer, or a message that somebody put there to be in the way. */
  async #afterConflict({ attempt }: RunningAnswer): Promise<EndState> {
    const found = await this.#messages.find({ chat: attempt.chat, message: replyIdOf(attempt.ask) });
    if (found?.sender === this.#service.sender) return { state: "answered" };
    return failed("Another message has taken this answer's place. Please ask again.");
  }
}

/** Somebody stopped an answer before its first word: nothing is stored of it, and who reads along is told why. */
export function stoppedAtOnce(): EndState {
  return failed("Somebody stopped the answer before its first word.", "stopped");
}

function failed(message: string, fault: AskFault = "other"): EndState {
  return { state: "failed", message, fault, retryAfter: null };
}
