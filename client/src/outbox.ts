import { type Content, messageText } from "@openmates-share/protocol/content";
import { type Identity, sealMessage } from "@openmates-share/protocol/crypto";
import { type Bytes, type MessageId, newId, parseEnvelope, type Receipt } from "@openmates-share/protocol/wire";
import { ClientError } from "./errors.ts";
import type { PendingAmendment, PendingMessage } from "./room-state.ts";
import type { Transcript } from "./transcript.ts";

/** What a person writes, before it is known how far the transcript goes. */
export type Draft = Content extends infer C
  ? C extends { type: "message" | "join" | "edit" | "redaction" | "reaction" }
    ? Omit<C, "after">
    : never
  : never;

interface Item {
  readonly id: MessageId;
  readonly draft: Draft;
  /** Sealed once: the server takes the same id again only with the same bytes. */
  envelope: Bytes | null;
  refused: string | null;
  readonly settle: { resolve: (id: MessageId) => void; reject: (error: unknown) => void };
}

/** Pause before a retry when the server does not say when; a line that comes back flushes at once. Milliseconds. */
const RETRY_PAUSE = 2_000;

/** Messages on their way: sent one after the other in the order they were written, kept until acknowledged. */
export class Outbox {
  readonly #transcript: Transcript;
  readonly #identity: Identity;
  readonly #send: (message: { id: MessageId; sender: Identity["sender"]; envelope: Bytes }) => Promise<Receipt>;
  readonly #changed: () => void;
  #items: Item[] = [];
  #sending = false;
  #stopped = false;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(options: {
    transcript: Transcript;
    identity: Identity;
    send: (message: { id: MessageId; sender: Identity["sender"]; envelope: Bytes }) => Promise<Receipt>;
    changed: () => void;
  }) {
    this.#transcript = options.transcript;
    this.#identity = options.identity;
    this.#send = options.send;
    this.#changed = options.changed;
  }

  /** Texts only: nobody waits for the word that they joined. */
  get pending(): readonly PendingMessage[] {
    return this.#items.flatMap(({ id, draft, refused }) =>
      draft.type === "message"
        ? [
            {
              id,
              text: messageText(draft),
              time: draft.time ?? 0,
              replyTo: draft.replyTo,
              state: stateOf(refused),
            },
          ]
        : [],
    );
  }

  get amending(): readonly PendingAmendment[] {
    return this.#items.flatMap(({ id, draft, refused }) => {
      if (draft.type !== "edit" && draft.type !== "redaction") return [];
      const text = draft.type === "edit" ? messageText(draft) : null;
      return [{ id, target: draft.target, text, state: stateOf(refused) }];
    });
  }

  /** Resolves when the server has committed it, however long the line is down. */
  add(draft: Draft): Promise<MessageId> {
    if (this.#stopped) return Promise.reject(closedEarly());
    const sent = new Promise<MessageId>((resolve, reject) => {
      this.#items.push({ id: newId(), draft, envelope: null, refused: null, settle: { resolve, reject } });
    });
    this.#changed();
    void this.flush();
    return sent;
  }

  retry(id: MessageId): void {
    const item = this.#items.find((candidate) => candidate.id === id);
    if (item) item.refused = null;
    this.#changed();
    void this.flush();
  }

  discard(id: MessageId): void {
    const item = this.#items.find((candidate) => candidate.id === id);
    if (!item) return;
    this.#items = this.#items.filter((candidate) => candidate !== item);
    item.settle.reject(new ClientError("aborted", "The message was discarded."));
    this.#changed();
  }

  /** Sends what is waiting; called again whenever the line is back. */
  async flush(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    clearTimeout(this.#retry);
    try {
      for (let item = this.#next(); item; item = this.#next()) {
        if (!(await this.#sendItem(item))) break;
      }
    } finally {
      this.#sending = false;
    }
  }

  /** Nothing goes out any more; what was waiting stays to be seen, as refused. */
  refuseAll(error: ClientError): void {
    clearTimeout(this.#retry);
    for (const item of this.#items) {
      item.refused ??= error.message;
      item.settle.reject(error);
    }
    this.#changed();
  }

  stop(): void {
    clearTimeout(this.#retry);
    this.#stopped = true;
    for (const item of this.#items) item.settle.reject(closedEarly());
    this.#items = [];
  }

  #next(): Item | undefined {
    return this.#items.find((item) => item.refused === null);
  }

  /** Returns whether to go on with the next one. */
  async #sendItem(item: Item): Promise<boolean> {
    try {
      const { id, draft } = item;
      item.envelope ??= await sealMessage({
        chatKey: this.#transcript.newestKey,
        identity: this.#identity,
        message: id,
        content: { ...draft, after: this.#transcript.end },
      });
      await this.#send({ id, sender: this.#identity.sender, envelope: item.envelope });
      this.#items = this.#items.filter((candidate) => candidate !== item);
      item.settle.resolve(id);
      return true;
    } catch (error) {
      return this.#afterFailure(item, error);
    } finally {
      this.#changed();
    }
  }

  async #afterFailure(item: Item, error: unknown): Promise<boolean> {
    if (error instanceof ClientError && error.code === "stale_epoch" && (await this.#sealsAnew(item))) return true;
    return this.#giveUp(item, error);
  }

  /** Under the key of the new epoch, as the same message: the server has stored none under its id. */
  async #sealsAnew(item: Item): Promise<boolean> {
    try {
      const newer = await this.#transcript.renew();
      const mine = item.envelope ? parseEnvelope(item.envelope).epoch : 0;
      if (!newer && this.#transcript.newestKey.epoch <= mine) return false;
      item.envelope = null;
      return true;
    } catch {
      return false;
    }
  }

  #giveUp(item: Item, error: unknown): boolean {
    if (error instanceof ClientError && error.retryable) {
      if (this.#stopped) return false;
      const pause = error.retryAfter === null ? RETRY_PAUSE : error.retryAfter * 1000;
      this.#retry = setTimeout(() => void this.flush(), pause);
      return false;
    }
    item.refused = error instanceof Error ? error.message : "This could not be sent.";
    item.settle.reject(error);
    return true;
  }
}

function stateOf(refused: string | null): PendingMessage["state"] {
  return refused === null ? "waiting" : { refused };
}

function closedEarly(): ClientError {
  return new ClientError("aborted", "The chat was closed before this went out.");
}
