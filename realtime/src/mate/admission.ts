import { type askSchema, replyIdOf, type SenderId } from "@openmates-share/protocol/wire";
import type * as v from "valibot";
import type { AccountId } from "../accounts/account-id.ts";
import { chatClosed, staleEpoch, WireFailure } from "../http/failure.ts";
import type { RateLimiter } from "../limits/rate-limiter.ts";
import type { MessageStore } from "../messages/message-store.ts";
import { requireContextFits, requireRoom, takeAsk } from "./ask-limits.ts";
import type { AskStore, Attempt } from "./ask-store.ts";

/** What a client asks, parsed. */
export type Ask = v.InferOutput<typeof askSchema>;

/** Who asks: somebody who may write in the chat, under that sender. */
export interface Asker {
  readonly account: AccountId;
  readonly sender: SenderId;
}

/** Decides which asks are taken. */
export class Admission {
  readonly #asks: AskStore;
  readonly #messages: MessageStore;
  readonly #limiter: RateLimiter;
  /** Claims are made one by one, so that the count of running ones is true when it decides. */
  #claims: Promise<unknown> = Promise.resolve();

  constructor(options: { asks: AskStore; messages: MessageStore; limiter: RateLimiter }) {
    this.#asks = options.asks;
    this.#messages = options.messages;
    this.#limiter = options.limiter;
  }

  /** @throws WireFailure `too_large`, `bad_request`, `forbidden`, `stale_epoch`, `rate_limited` */
  async require(asker: Asker, ask: Ask): Promise<void> {
    requireContextFits(ask.context);
    if ((await this.#asks.epochOf(ask.chat)) !== ask.epoch) throw staleEpoch();
    await this.#requireMayAsk(asker, ask);
    await takeAsk(this.#limiter, { chat: ask.chat, account: asker.account });
  }

  /** Makes the attempt this node's to answer. @throws WireFailure `mate_busy`, `already_answered`, `conflict`, `forbidden`, `chat_closed` */
  async claim(attempt: Attempt): Promise<void> {
    const claimed = this.#claims.then(async () => {
      requireRoom(await this.#asks.running(attempt));
      if (!(await this.#asks.claim(attempt))) throw await this.#refusalOf(attempt);
    });
    this.#claims = claimed.catch(() => {});
    await claimed;
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

  async #refusalOf({ chat, ask, message, account }: Attempt): Promise<WireFailure> {
    if (await this.#asks.isClosedTo({ chat, account })) return chatClosed();
    const known = await this.#asks.find({ chat, ask });
    if (known && known.message !== message) return new WireFailure("conflict", "This ask belongs to another message.");
    const open = known?.status.state === "interrupted" || known?.status.state === "failed";
    if (open && !(await this.#messages.find({ chat, message: replyIdOf(ask) }))) {
      return new WireFailure("forbidden", "This was tried too often. Please ask again in a new message.");
    }
    return new WireFailure("already_answered", "This is being answered, or was answered, already.");
  }
}
