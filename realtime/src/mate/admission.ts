import { type askSchema, replyIdOf, type SenderId } from "@openmates-share/protocol/wire";
import type * as v from "valibot";
import type { AccountId } from "../accounts/account-id.ts";
import { chatClosed, staleEpoch, WireFailure } from "../http/failure.ts";
import type { RateLimiter } from "../limits/rate-limiter.ts";
import type { MessageStore } from "../messages/message-store.ts";
import { requireContextFits, takeAsk } from "./ask-limits.ts";
import type { AskStore, Attempt, Claim } from "./ask-store.ts";
import { type Allowance, busy, type Quotas, timeOf, usedUp } from "./quotas.ts";

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
  readonly #quotas: Quotas;

  constructor(options: { asks: AskStore; messages: MessageStore; limiter: RateLimiter; quotas: Quotas }) {
    this.#asks = options.asks;
    this.#messages = options.messages;
    this.#limiter = options.limiter;
    this.#quotas = options.quotas;
  }

  /** @throws WireFailure `too_large`, `bad_request`, `forbidden`, `stale_epoch`, `rate_limited` */
  async require(asker: Asker, ask: Ask): Promise<void> {
    requireContextFits(ask.context);
    if ((await this.#asks.epochOf(ask.chat)) !== ask.epoch) throw staleEpoch();
    await this.#requireMayAsk(asker, ask);
    await takeAsk(this.#limiter, { chat: ask.chat, account: asker.account });
  }

  /**
   * The same for somebody who answers with a model of their own: a message of their own, or one that asks them, which the
   * clients see and the server does not (SPEC A12, A13). @throws WireFailure as `require`
   */
  async requireOwn(asker: Asker, ask: Pick<Ask, "chat" | "ask" | "message" | "epoch">): Promise<void> {
    if ((await this.#asks.epochOf(ask.chat)) !== ask.epoch) throw staleEpoch();
    const found = await this.#messages.find(ask);
    if (!found) throw new WireFailure("bad_request", "The message that asks is not stored in this chat.");
    const known = found.sender === asker.sender ? null : await this.#asks.find(ask);
    if (known && known.by !== asker.sender) {
      throw new WireFailure("forbidden", "Only who was asked can answer this with a model of their own.");
    }
    await takeAsk(this.#limiter, { chat: ask.chat, account: asker.account });
  }

  /**
   * Makes the attempt one that this node passes on: counted apart from the mate's, as many at once for a person and a chat,
   * and any number on a server, which only passes them on. @throws WireFailure as `claim`, but for `quota_used`
   */
  async claimOwn(attempt: Attempt, own: SenderId): Promise<void> {
    const free = (allowance: Allowance) => ({ ...allowance, asks: null, tokens: null });
    const { person, chat } = this.#quotas;
    const quotas = { person: free(person), chat: free(chat), server: { asks: null, tokens: null, atOnce: null } };
    await this.#requireClaimed(attempt, await this.#asks.claim(attempt, { quotas, cost: 0, own }));
  }

  /**
   * Makes the attempt this node's to answer, at the cost of so many tokens.
   * @throws WireFailure `mate_busy`, `quota_used`, `already_answered`, `conflict`, `forbidden`, `chat_closed`
   */
  async claim(attempt: Attempt, cost: number): Promise<Claim & { outcome: "claimed" }> {
    return this.#requireClaimed(attempt, await this.#asks.claim(attempt, { quotas: this.#quotas, cost, own: null }));
  }

  async #requireClaimed(attempt: Attempt, claim: Claim): Promise<Claim & { outcome: "claimed" }> {
    switch (claim.outcome) {
      case "claimed":
        return claim;
      case "taken":
        throw await this.#refusalOf(attempt);
      case "early":
        throw new WireFailure("mate_busy", `The model can be asked again in ${timeOf(claim.wait)}.`, {
          retryAfter: claim.wait,
        });
      case "used_up":
        throw usedUp(claim.scope, claim.wait);
      case "busy":
        throw busy(claim.scope);
    }
  }

  /**
   * The first attempt is for whoever wrote the mention; once the ask is known, any member may try again, unless it was kept
   * from this server.
   */
  async #requireMayAsk(asker: Asker, { chat, ask, message }: Ask): Promise<void> {
    const found = await this.#messages.find({ chat, message });
    if (!found) throw new WireFailure("bad_request", "The message that asks is not stored in this chat.");
    if (found.sender === asker.sender) return;
    const known = await this.#asks.find({ chat, ask });
    if (known?.message === message && known.by === null) return;
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
