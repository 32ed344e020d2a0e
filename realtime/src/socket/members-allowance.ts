import { type Bytes, type ChatId, KIND } from "@openmates-share/protocol/wire";
import { WireFailure } from "../http/failure.ts";
import { TokenBucket } from "../limits/token-bucket.ts";
import { MEMBERS_LIMIT } from "./socket-limits.ts";

/** Bytes of one unit: what people say fits one, and who brings long documents uses up more. */
const UNIT = 4096;
/** Everybody who opens a chat loads every amendment (SPEC C10), and of other messages what they look at. */
const AMENDMENT_FACTOR = 10;
/** Chats that are remembered at once; the ones not written in for longest begin anew. */
const CHATS = 50_000;

interface Allowance {
  readonly bucket: TokenBucket;
  /** The furthest number that was counted: what is sent again costs nothing. */
  through: number;
}

/**
 * How much the members of a chat write in it together: however many accounts somebody makes who has a link for everybody,
 * a chat grows no faster than this, and its owner, who is not held back, has time to close it or to replace the link. Only
 * what is stored counts, so nobody uses it up unseen. Of this node alone.
 */
export class MembersAllowance {
  readonly #now: () => number;
  readonly #chats = new Map<ChatId, Allowance>();

  constructor(options: { now?: () => number } = {}) {
    this.#now = options.now ?? Date.now;
  }

  /** @throws WireFailure `rate_limited` */
  require(chat: ChatId, envelope: Bytes): void {
    const wait = this.#of(chat).bucket.wait(costOf(envelope), this.#now());
    if (wait === 0) return;
    const message = `The people in this chat have written more than it takes at once. Its owner can go on, close it to writing, or remove somebody; all others can in ${wait} seconds.`;
    throw new WireFailure("rate_limited", message, { retryAfter: wait });
  }

  /** `seq` is where the message was stored. */
  spend(chat: ChatId, { envelope, seq }: { envelope: Bytes; seq: number }): void {
    const allowance = this.#of(chat);
    if (seq <= allowance.through) return;
    allowance.through = seq;
    allowance.bucket.take(costOf(envelope), this.#now());
  }

  #of(chat: ChatId): Allowance {
    const known = this.#chats.get(chat);
    const allowance = known ?? { bucket: new TokenBucket(MEMBERS_LIMIT, this.#now()), through: 0 };
    // Deleting first moves it to the end of the map's order, away from being forgotten.
    this.#chats.delete(chat);
    this.#chats.set(chat, allowance);
    for (const oldest of this.#chats.keys()) {
      if (this.#chats.size <= CHATS) break;
      this.#chats.delete(oldest);
    }
    return allowance;
  }
}

/** Units; only kinds that people write come this far. */
function costOf(envelope: Bytes): number {
  const units = Math.ceil(envelope.length / UNIT);
  return envelope[1] === KIND.amendment ? units * AMENDMENT_FACTOR : units;
}
