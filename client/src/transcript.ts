import type { ReplyContent } from "@openmates-share/protocol/content";
import { type ChatKey, openMessage, openReply, replyEnvelope, unwrapReplyKey } from "@openmates-share/protocol/crypto";
import {
  type AskId,
  appendToTranscript,
  type Bytes,
  type ChatId,
  checkClaim,
  emptyTranscript,
  equalBytes,
  KIND,
  type MessageId,
  type Position,
  ProtocolError,
  parseEnvelope,
  type SenderId,
  type StoredMessage,
} from "@openmates-share/protocol/wire";
import type { RoomMessage } from "./room-state.ts";

export interface TranscriptOptions {
  readonly chat: ChatId;
  readonly keys: readonly ChatKey[];
  /** From the key that came with the link, not from the server. */
  readonly owner: SenderId;
  /** The service, whose signature makes a reply the mate's. */
  readonly mate: SenderId;
}

/** Messages opened at a time: enough to keep WebCrypto's threads busy, few enough to show something soon. */
const BATCH = 50;

/**
 * The verified history of a chat from its first message. What is handed in is checked against the chain of heads and
 * against what the writers claim to have seen; the first contradiction is kept and never forgotten.
 */
export class Transcript {
  readonly #chat: ChatId;
  readonly #keys: ReadonlyMap<number, ChatKey>;
  readonly #owner: SenderId;
  readonly #mate: SenderId;
  readonly #ids = new Set<MessageId>();
  readonly #heads: Bytes[];
  #messages: readonly RoomMessage[] = [];
  #violation: ProtocolError | null = null;

  private constructor({ chat, keys, owner, mate }: TranscriptOptions, start: Position) {
    this.#chat = chat;
    this.#keys = new Map(keys.map((key) => [key.epoch, key]));
    this.#owner = owner;
    this.#mate = mate;
    this.#heads = [start.head];
  }

  static async create(options: TranscriptOptions): Promise<Transcript> {
    return new Transcript(options, await emptyTranscript(options.chat));
  }

  get messages(): readonly RoomMessage[] {
    return this.#messages;
  }

  get violation(): ProtocolError | null {
    return this.#violation;
  }

  get end(): Position {
    const seq = this.#heads.length - 1;
    return { seq, head: this.#headAt(seq) };
  }

  /** The newest key, which new messages are written under. */
  get newestKey(): ChatKey {
    const newest = this.#keys.get(Math.max(...this.#keys.keys()));
    if (!newest) throw new ProtocolError("wrong_epoch", "There is no key for this chat.");
    return newest;
  }

  keyOf(epoch: number): ChatKey {
    const key = this.#keys.get(epoch);
    if (!key) throw new ProtocolError("wrong_epoch", "This was written under a key that this device doesn't have.");
    return key;
  }

  /** Null beyond the verified end. */
  positionAt(seq: number): Position | null {
    const head = this.#heads[seq];
    return head ? { seq, head } : null;
  }

  /** Keeps a contradiction found elsewhere (seal, rollback). */
  violate(error: ProtocolError): void {
    this.#violation ??= error;
  }

  /**
   * Takes messages as the server sent them. Known ones are passed over; returns `gap` when they begin further on than
   * this transcript ends, and then takes none.
   */
  async add(stored: readonly StoredMessage[]): Promise<"added" | "gap"> {
    const fresh = stored.filter((message) => message.seq > this.end.seq);
    const first = fresh[0];
    if (first && first.seq !== this.end.seq + 1) return "gap";
    for (let i = 0; i < fresh.length; i += BATCH) await this.#addBatch(fresh.slice(i, i + BATCH));
    return "added";
  }

  async #addBatch(batch: readonly StoredMessage[]): Promise<void> {
    const bodies = await Promise.all(batch.map((message) => this.#open(message)));
    const opened: RoomMessage[] = [];
    for (const [i, message] of batch.entries()) {
      const body = bodies[i];
      if (!body || message.seq !== this.end.seq + 1) break;
      await this.#link(message);
      const { seq, id, sender, storedAt } = message;
      opened.push({ seq, id, sender, storedAt, body, doubt: this.#doubtOf({ seq, sender, body }) });
    }
    this.#messages = [...this.#messages, ...opened];
  }

  async #link(message: StoredMessage): Promise<void> {
    const next = await appendToTranscript(this.end, message);
    if (!equalBytes(next.head, message.head)) {
      this.violate(new ProtocolError("head_mismatch", "The server's history does not add up: a message was changed."));
    }
    if (this.#ids.has(message.id)) {
      this.violate(new ProtocolError("head_mismatch", "The server shows a message for a second time."));
    }
    this.#ids.add(message.id);
    this.#heads.push(next.head);
  }

  /**
   * The writer says how far they had verified, in a place that the server can't forge. A contradiction with the owner's
   * word breaks the whole chat; with a member's it marks the message, for a member may be the one who lies.
   */
  #doubtOf({ seq, sender, body }: Pick<RoomMessage, "seq" | "sender" | "body">): string | null {
    if (body.type !== "content") return null;
    const { after } = body.content;
    try {
      checkClaim(after, { seq, mine: this.positionAt(after.seq) });
      return null;
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      if (sender === this.#owner) this.violate(error);
      return error.message;
    }
  }

  async #open(message: StoredMessage): Promise<RoomMessage["body"]> {
    try {
      return await this.#openOrThrow(message);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return { type: "broken", code: error.code, message: error.message };
    }
  }

  async #openOrThrow({ id, sender, envelope }: StoredMessage): Promise<RoomMessage["body"]> {
    const { kind, epoch } = parseEnvelope(envelope);
    if (kind === KIND.reply) {
      const ask = id as string as AskId; // A reply's message id is its ask id (SPEC section 9).
      return { type: "reply", ask, reply: await this.#openReply({ ask, sender, envelope, epoch }) };
    }
    const { content } = await openMessage({ chatKey: this.keyOf(epoch), message: id, sender, envelope });
    return { type: "content", content };
  }

  async #openReply(
    stored: Pick<StoredMessage, "sender" | "envelope"> & { ask: AskId; epoch: number },
  ): Promise<ReplyContent> {
    const { ask, sender, envelope, epoch } = stored;
    if (sender !== this.#mate) throw new ProtocolError("wrong_sender", "This answer is not signed by the service.");
    const { wrappedReplyKey } = replyEnvelope(envelope);
    const replyKey = await unwrapReplyKey({ chatKey: this.keyOf(epoch), ask, wrapped: wrappedReplyKey });
    const { reply } = await openReply({ chat: this.#chat, ask, sender, replyKey, envelope });
    return reply;
  }

  #headAt(seq: number): Bytes {
    const head = this.#heads[seq];
    if (!head) throw new RangeError(`no head at ${seq}`);
    return head;
  }
}
