import type { ReplyContent } from "@openmates-share/protocol/content";
import { type ChatKey, openMessage, openReply, replyEnvelope, unwrapReplyKey } from "@openmates-share/protocol/crypto";
import {
  type AskId,
  type Bytes,
  extendTranscript,
  HEAD_LENGTH,
  KIND,
  type Position,
  ProtocolError,
  parseEnvelope,
  parseTombstone,
  SPINE_ENTRY_LENGTH,
  spineEntry,
} from "@openmates-share/protocol/wire";
import type { MessageOpener, OpenedEnvelope, OpenerSetup, Sealed } from "./opener.ts";
import type { RoomMessage } from "./room-state.ts";
import { unpackEntries } from "./spine-bytes.ts";

/** Entries of the spine from which hashing them at once is faster. */
const MANY_ENTRIES = 200;

/** What stays of a message that was erased, until it is known by whom (SPEC T10). */
const KEPT_BACK: RoomMessage["body"] = {
  type: "broken",
  code: "head_mismatch",
  message: "It is kept back, and nobody has said that they deleted it.",
};

/** Opens where it stands. */
export class LocalOpener implements MessageOpener {
  readonly #setup: OpenerSetup;
  readonly #keys: Map<number, ChatKey>;

  constructor(setup: OpenerSetup) {
    this.#setup = setup;
    this.#keys = new Map(setup.keys.map((key) => [key.epoch, key]));
  }

  open(messages: readonly Sealed[]): Promise<readonly OpenedEnvelope[]> {
    return Promise.all(
      messages.map(async (message) => {
        const erased = parseTombstone(message.envelope);
        if (erased) return { digest: erased.digest, body: KEPT_BACK };
        const [{ digest }, body] = await Promise.all([spineEntry(message), this.#open(message)]);
        return { digest, body };
      }),
    );
  }

  async heads(before: Bytes, entries: Bytes): Promise<Bytes> {
    if (entries.length >= MANY_ENTRIES * SPINE_ENTRY_LENGTH) {
      // Loaded for long chats alone, so that a browser needs not wait for it.
      const { headsAfter } = await import("@openmates-share/protocol/chain");
      return headsAfter(before, entries);
    }
    const unpacked = unpackEntries(entries);
    const heads = new Uint8Array(unpacked.length * HEAD_LENGTH);
    let end: Position = { seq: 0, head: before };
    for (const entry of unpacked) {
      end = await extendTranscript(end, entry);
      heads.set(end.head, (end.seq - 1) * HEAD_LENGTH);
    }
    return heads;
  }

  addKeys(keys: readonly ChatKey[]): void {
    for (const key of keys) this.#keys.set(key.epoch, key);
  }

  stop(): void {}

  async #open(message: Sealed): Promise<RoomMessage["body"]> {
    try {
      return await this.#openOrThrow(message);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return { type: "broken", code: error.code, message: error.message };
    }
  }

  async #openOrThrow(message: Sealed): Promise<RoomMessage["body"]> {
    const { id, sender, envelope } = message;
    const { kind, epoch } = parseEnvelope(envelope);
    if (kind === KIND.reply) {
      const ask = id as string as AskId; // A reply's message id is its ask id (SPEC I5).
      return { type: "reply", ask, reply: await this.#openReply(message, { ask, epoch }) };
    }
    const chatKey = this.#keyOf(epoch);
    const { content } = await openMessage({ chatKey, message: id, sender, envelope });
    if (content.type === "unknown" && content.named === "copy" && kind === KIND.content) {
      // Loaded for forks alone, so that a browser needs not wait for it.
      const { openCopied } = await import("./fork/open-copied.ts");
      return openCopied({ chatKey, message: id, mate: this.#setup.mate, content });
    }
    return { type: "content", content };
  }

  async #openReply({ sender, envelope }: Sealed, { ask, epoch }: { ask: AskId; epoch: number }): Promise<ReplyContent> {
    const { chat, mate } = this.#setup;
    if (sender !== mate) throw new ProtocolError("wrong_sender", "This answer is not signed by the service.");
    const { wrappedReplyKey } = replyEnvelope(envelope);
    const replyKey = await unwrapReplyKey({ chatKey: this.#keyOf(epoch), ask, wrapped: wrappedReplyKey });
    return (await openReply({ chat, ask, sender, replyKey, envelope })).reply;
  }

  #keyOf(epoch: number): ChatKey {
    const key = this.#keys.get(epoch);
    if (!key) throw new ProtocolError("wrong_epoch", "This was written under a key that this device doesn't have.");
    return key;
  }
}
