import type { ChatId, MessageId, Receipt } from "@openmates-share/protocol/wire";
import type { WireFailure } from "../http/failure.ts";
import type { AppendRequest } from "./append-request.ts";

/** A message to be committed, and who waits for that. */
export interface Pending {
  readonly request: AppendRequest;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (failure: WireFailure) => void;
}

/** One commit's share of what waits: enough to use a round trip well, little enough that nobody waits long behind it. */
const BATCH_MESSAGES = 512;
const BATCH_BYTES = 4 << 20;

/** Messages that wait to be committed: those of a chat in the order in which they were handed in, chats by turns. */
export class Waiting {
  readonly #chats = new Map<ChatId, Pending[]>();
  #bytes = 0;
  #count = 0;

  /** Of all envelopes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Of messages. */
  get count(): number {
    return this.#count;
  }

  add(pending: Pending): void {
    const { chat } = pending.request;
    const ofChat = this.#chats.get(chat);
    if (ofChat) ofChat.push(pending);
    else this.#chats.set(chat, [pending]);
    this.#bytes += sizeOf(pending);
    this.#count += 1;
  }

  /** What goes into one commit; nothing of chats that are busy. What is left of a chat waits behind the others. */
  take(busy: ReadonlySet<ChatId>): readonly Pending[] {
    const batch = new Batch();
    for (const [chat, ofChat] of [...this.#chats]) {
      if (batch.isFull) break;
      if (busy.has(chat)) continue;
      const count = batch.fill(ofChat);
      this.#chats.delete(chat);
      if (count < ofChat.length) this.#chats.set(chat, ofChat.slice(count));
    }
    this.#bytes -= batch.bytes;
    this.#count -= batch.messages.length;
    return batch.messages;
  }
}

class Batch {
  readonly messages: Pending[] = [];
  bytes = 0;
  isFull = false;

  /** Takes as many of a chat's messages as fit, from the first on; the first of all fits always. Returns how many. */
  fill(ofChat: readonly Pending[]): number {
    const ids = new Set<MessageId>();
    for (const [index, pending] of ofChat.entries()) {
      const size = sizeOf(pending);
      const { length } = this.messages;
      this.isFull = length > 0 && (length === BATCH_MESSAGES || this.bytes + size > BATCH_BYTES);
      // The same message once more is known only when the first is committed.
      if (this.isFull || ids.has(pending.request.message.id)) return index;
      ids.add(pending.request.message.id);
      this.messages.push(pending);
      this.bytes += size;
    }
    return ofChat.length;
  }
}

function sizeOf({ request }: Pending): number {
  return request.message.envelope.length;
}
