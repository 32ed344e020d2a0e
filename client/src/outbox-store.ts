import { type Bytes, type ChatId, type MessageId, newId, type SenderId } from "@openmates-share/protocol/wire";
import { OUTBOX, withLock } from "./keyring.ts";
import { pack, unpack } from "./msgpack.ts";
import type { Draft } from "./outbox.ts";
import type { SecretStore } from "./secret-store.ts";

/** Something written that the server has not acknowledged, as it lies on the device. */
export interface OutboxRecord {
  readonly id: MessageId;
  readonly sender: SenderId;
  readonly draft: Draft;
  /** Once it is sealed: the server takes the same id again only with the same bytes. */
  readonly envelope: Bytes | null;
  /** Why the server does not take it, in a sentence. */
  readonly refused: string | null;
}

/**
 * What waits to be sent in one chat, among the secrets of the device: whatever shares that store (another tab, the next run)
 * sees the same, in the order in which it was written.
 */
export class OutboxStore {
  readonly #store: SecretStore;
  readonly #prefix: string;
  #last = 0;
  #changing = false;

  constructor(store: SecretStore, chat: ChatId) {
    this.#store = store;
    this.#prefix = `${OUTBOX}${chat}/`;
  }

  /** The name of the next one: names sort as they were given out, here and, as far as clocks go, in other tabs. */
  newName(): string {
    this.#last = Math.max(Date.now(), this.#last + 1);
    return `${this.#prefix}${String(this.#last).padStart(16, "0")}-${newId<MessageId>()}`;
  }

  /** In order. */
  async names(): Promise<readonly string[]> {
    const names = [...(await this.#store.names(this.#prefix))].sort();
    this.#last = Math.max(this.#last, timeOf(names.at(-1) ?? ""));
    return names;
  }

  /** Null when it is gone. Only this class writes under these names, and stores refuse altered bytes: it is what was written. */
  async read(name: string): Promise<OutboxRecord | null> {
    const bytes = await this.#store.get(name);
    return bytes ? (unpack(bytes) as OutboxRecord) : null;
  }

  write(name: string, record: OutboxRecord): Promise<void> {
    return this.#change(() => this.#store.set(name, pack(record)));
  }

  delete(name: string): Promise<void> {
    return this.#change(() => this.#store.delete(name));
  }

  /** Does the work while nobody else who shares the store sends in this chat. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#store.exclusively ? this.#store.exclusively(this.#prefix, work) : withLock(this.#prefix, work);
  }

  /** Tells when others who share the store have changed something here; returns how to stop. */
  watch(changed: () => void): () => void {
    const watch = () => {
      if (!this.#changing) changed();
    };
    return this.#store.watch?.(this.#prefix, watch) ?? (() => undefined);
  }

  /** A store within this process tells at once, and whoever changed something needs not be told. */
  #change(change: () => Promise<void>): Promise<void> {
    this.#changing = true;
    try {
      return change();
    } finally {
      this.#changing = false;
    }
  }
}

/** What a record takes, about: a draft has its text once, and once more when it is sealed. */
export function sizeOf(draft: Draft): number {
  return pack(draft).length;
}

function timeOf(name: string): number {
  return Number(/(\d{16})-[^/]*$/.exec(name)?.[1] ?? 0);
}
