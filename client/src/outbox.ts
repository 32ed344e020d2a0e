import { type Content, type FilePart, type ImagePart, messageText, type Part } from "@openmates-share/protocol/content";
import { type Identity, sealMessage } from "@openmates-share/protocol/crypto";
import { type Bytes, type MessageId, newId, parseEnvelope, type Receipt } from "@openmates-share/protocol/wire";
import { ClientError } from "./errors.ts";
import { type OutboxStore, sizeOf } from "./outbox-store.ts";
import type { PendingReaction } from "./reactions.ts";
import type { PendingAmendment, PendingMessage } from "./room-state.ts";
import type { Transcript } from "./transcript.ts";

/** What a person writes, before it is known how far the transcript goes. */
export type Draft = Content extends infer C
  ? C extends { type: "message" | "join" | "edit" | "redaction" | "reaction" | "withholding" | "offering" }
    ? Omit<C, "after">
    : never
  : never;

interface Item {
  readonly id: MessageId;
  /** In the store; what waits is in the order of the names. */
  readonly name: string;
  readonly draft: Draft;
  readonly size: number;
  /** Sealed once: the server takes the same id again only with the same bytes. */
  envelope: Bytes | null;
  refused: string | null;
  /** `sending`: it cannot be taken back any more; `stored`: it is on the server, and on its way back into the chat. */
  step: "waiting" | "sending" | "stored" | "gone";
  /** Of an earlier run, which may have sent it and been gone before it could note under which seal. */
  readonly isRevived: boolean;
  /** Whether it lies on the device. */
  kept: boolean;
  /** What is being done to it in the store, one after the other. */
  writing: Promise<void>;
}

interface Waiter {
  readonly resolve: (id: MessageId) => void;
  readonly reject: (error: unknown) => void;
}

export interface OutboxSetup {
  readonly transcript: Transcript;
  readonly identity: Identity;
  readonly store: OutboxStore;
  readonly send: (message: { id: MessageId; sender: Identity["sender"]; envelope: Bytes }) => Promise<Receipt>;
  /** Whether the line is there; `flush` is called when it comes back. */
  readonly ready: () => boolean;
  /** Whether a message has come back with the others, to be seen there. */
  readonly arrived: (id: MessageId) => boolean;
  readonly changed: () => void;
}

/** Pause before a retry when the server does not say when; a line that comes back flushes at once. Milliseconds. */
const RETRY_PAUSE = 2_000;
/** What no screen shows as waiting. */
const UNSEEN: ReadonlySet<Draft["type"]> = new Set(["join", "reaction", "withholding", "offering"]);
/** What may wait: a day of writing on a train. More is a program that doesn't look whether anything goes out. */
const MOST_WAITING = 2_000;
/** In bytes, as far as a device keeps them without asking. */
const MOST_BYTES = 32 << 20;

/**
 * Messages on their way: sent one after the other in the order they were written, and kept on the device until they are
 * acknowledged. Tabs with one store are one outbox: each shows what waits, and one at a time sends.
 */
export class Outbox {
  readonly #setup: OutboxSetup;
  readonly #unwatch: () => void;
  #items: Item[] = [];
  /** Those who wrote here wait until it is stored, whoever sends it. */
  readonly #waiters = new Map<MessageId, Waiter>();
  /** Names that were deleted and may be seen once more. */
  readonly #deleted = new Set<string>();
  #flushing: Promise<void> = Promise.resolve();
  #isFlushing = false;
  #again = false;
  /** An attempt has failed; the next one is planned. */
  #pausing = false;
  #stopped = false;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(setup: OutboxSetup) {
    this.#setup = setup;
    this.#unwatch = setup.store.watch(() => void this.#proceed());
  }

  /** Texts only: nobody waits for the word that they joined. */
  get pending(): readonly PendingMessage[] {
    return this.#items.flatMap(({ id, draft, refused }) => {
      if (draft.type !== "message") return [];
      const isAttachment = (part: Part): part is ImagePart | FilePart => "embed" in part;
      const attachments = draft.parts.filter(isAttachment);
      const text = messageText({ parts: draft.parts.filter((part) => !isAttachment(part)) });
      const { replyTo, time } = draft;
      return [{ id, text, attachments, time: time ?? 0, replyTo, state: stateOf(refused) }];
    });
  }

  get reacting(): readonly PendingReaction[] {
    return this.#of("reaction");
  }

  /** What of that sort was said here last and is on its way; null for nothing. */
  last<T extends Draft["type"]>(type: T): Extract<Draft, { type: T }> | null {
    return this.#of(type).at(-1) ?? null;
  }

  /** What was said here last about whether models may see a message; null for nothing, or nothing that is on its way. */
  withholds(target: MessageId): boolean | null {
    return this.#of("withholding").findLast((draft) => draft.target === target)?.withheld ?? null;
  }

  get amending(): readonly PendingAmendment[] {
    return this.#items.flatMap(({ id, draft, refused }) => {
      if (draft.type !== "edit" && draft.type !== "redaction") return [];
      const text = draft.type === "edit" ? messageText(draft) : null;
      return [{ id, target: draft.target, text, state: stateOf(refused) }];
    });
  }

  /** Whether the server does not have it yet. */
  waitsWith(id: MessageId): boolean {
    return this.#items.some((item) => item.id === id && (item.step === "waiting" || item.step === "sending"));
  }

  /**
   * Resolves when the server has committed it, however long the line is down. The id is a new one unless told.
   * @throws ClientError `too_large` when too much is waiting, `aborted` when the room is closed before
   */
  async add(draft: Draft, id: MessageId = newId<MessageId>()): Promise<MessageId> {
    if (this.#stopped) throw closedEarly();
    const size = sizeOf(draft);
    this.#requireRoomFor(size);
    const name = this.#setup.store.newName();
    const item: Item = {
      ...{ id, name, draft, size, envelope: null, refused: null, step: "waiting", kept: false, isRevived: false },
      writing: Promise.resolve(),
    };
    this.#items.push(item);
    // Not waited for: it goes out all the same.
    void this.#keep(item);
    this.#setup.changed();
    const sent = new Promise<MessageId>((resolve, reject) => this.#waiters.set(id, { resolve, reject }));
    void this.#proceed();
    return sent;
  }

  /** Takes back what fits and was not sent yet, as if it had not been written. */
  withdraw(fits: (draft: Draft) => boolean): void {
    for (const item of this.#items.filter(({ step, envelope }) => step === "waiting" && envelope === null)) {
      if (!fits(item.draft)) continue;
      this.#remove(item);
      this.#settle(item.id, ({ resolve }) => resolve(item.id));
    }
    this.#setup.changed();
  }

  retry(id: MessageId): void {
    const item = this.#items.find((candidate) => candidate.id === id);
    if (item) {
      item.refused = null;
      void this.#keep(item);
    }
    this.#setup.changed();
    void this.flush();
  }

  discard(id: MessageId): void {
    const item = this.#items.find((candidate) => candidate.id === id);
    if (!item) return;
    this.#remove(item);
    this.#settle(id, ({ reject }) => reject(new ClientError("aborted", "The message was discarded.")));
    this.#setup.changed();
  }

  /** Sends what is waiting; called again whenever the line is back. */
  flush(): Promise<void> {
    clearTimeout(this.#retry);
    this.#pausing = false;
    return this.#proceed();
  }

  /** Unless the server has asked for a pause: then only what others have done is looked at. */
  #proceed(): Promise<void> {
    this.#again = true;
    if (!this.#isFlushing) this.#flushing = this.#flush();
    return this.#flushing;
  }

  /** Looks which of them are in the chat by now; called when something has come. */
  reconcile(): void {
    const arrived = this.#items.filter(({ id }) => this.#setup.arrived(id));
    for (const item of arrived) this.#remove(item);
    for (const id of [...this.#waiters.keys()]) {
      if (this.#setup.arrived(id)) this.#settle(id, ({ resolve }) => resolve(id));
    }
    if (arrived.length > 0) this.#setup.changed();
  }

  /** Nothing goes out any more; what was waiting stays to be seen, as refused. With `forget` the device keeps nothing of it. */
  refuseAll(error: ClientError, { forget }: { forget: boolean }): void {
    clearTimeout(this.#retry);
    for (const item of this.#items) {
      item.refused ??= error.message;
      if (forget) void this.#unkeep(item);
      this.#settle(item.id, ({ reject }) => reject(error));
    }
    this.#setup.changed();
  }

  stop(): void {
    clearTimeout(this.#retry);
    this.#unwatch();
    this.#stopped = true;
    for (const id of [...this.#waiters.keys()]) this.#settle(id, ({ reject }) => reject(closedEarly()));
    this.#items = [];
  }

  async #flush(): Promise<void> {
    this.#isFlushing = true;
    try {
      while (this.#again && !this.#stopped) {
        this.#again = false;
        await this.#setup.store.inTurn(() => this.#drain());
      }
    } catch {
      // Nobody's turn comes in a store that is out of order for the moment.
      this.#flushLater(RETRY_PAUSE);
    } finally {
      // In one breath with the last look at `#again`: what comes in between would wait for something else to happen.
      this.#isFlushing = false;
    }
  }

  async #drain(): Promise<void> {
    await this.#look();
    const sent: Item[] = [];
    for (let item = this.#next(); item && this.#setup.ready() && !this.#pausing; item = this.#next()) {
      sent.push(item);
      if (!(await this.#sendItem(item))) break;
    }
    // Whose turn is next is not to find what was sent.
    await Promise.all(sent.map(({ writing }) => writing));
  }

  /** Takes over what others who share the store have written, sent and thrown away. */
  async #look(): Promise<void> {
    const kept = new Set(this.#items.filter((item) => item.kept && item.step === "waiting"));
    const names = new Set(await this.#setup.store.names());
    const known = new Set(this.#items.map(({ name }) => name));
    for (const name of this.#deleted) if (!names.has(name)) this.#deleted.delete(name);
    const fresh = [...names].filter((name) => !known.has(name) && !this.#deleted.has(name));
    const read = await Promise.all(fresh.map((name) => this.#read(name)));
    if (this.#stopped) return;
    // Sent by another tab or thrown away there: the chat will say which.
    const here = this.#items.filter((item) => !kept.has(item) || !item.kept || names.has(item.name));
    const changed = here.length < this.#items.length || fresh.length > 0;
    this.#items = [...here, ...read.filter((item) => item !== null)].sort((a, b) => (a.name < b.name ? -1 : 1));
    if (changed) this.#setup.changed();
    this.reconcile();
  }

  async #read(name: string): Promise<Item | null> {
    const record = await this.#setup.store.read(name);
    if (!record) return null;
    const { id, draft, envelope, sender } = record;
    const mine = sender === this.#setup.identity.sender;
    const refused = mine ? record.refused : "This was written here by somebody who is signed out now.";
    const step = "waiting" as const;
    return {
      ...{ id, name, draft, refused, step, kept: true, isRevived: envelope === null },
      envelope: envelope && mine ? new Uint8Array(envelope) : null,
      size: sizeOf(draft),
      writing: Promise.resolve(),
    };
  }

  #next(): Item | undefined {
    return this.#items.find(({ refused, step }) => refused === null && step !== "stored");
  }

  /** Returns whether to go on with the next one. */
  async #sendItem(item: Item): Promise<boolean> {
    const { transcript, identity, send } = this.#setup;
    item.step = "sending";
    try {
      const { id, draft } = item;
      item.envelope ??= await sealMessage({
        chatKey: transcript.newestKey,
        identity,
        message: id,
        content: { ...draft, after: transcript.end },
      });
      void this.#keep(item);
      await send({ id, sender: identity.sender, envelope: item.envelope });
      this.#onStored(item);
      return true;
    } catch (error) {
      return this.#afterFailure(item, error);
    } finally {
      this.#setup.changed();
    }
  }

  #onStored(item: Item): void {
    item.step = "stored";
    void this.#unkeep(item);
    this.#settle(item.id, ({ resolve }) => resolve(item.id));
    this.reconcile();
  }

  async #afterFailure(item: Item, error: unknown): Promise<boolean> {
    if (item.isRevived && error instanceof ClientError && error.code === "conflict") {
      this.#onStored(item);
      return true;
    }
    if (item.step === "sending") item.step = "waiting";
    if (error instanceof ClientError && error.code === "stale_epoch" && (await this.#sealsAnew(item))) return true;
    return this.#giveUp(item, error);
  }

  /** Under the key of the new epoch, as the same message: the server has stored none under its id. */
  async #sealsAnew(item: Item): Promise<boolean> {
    const { transcript } = this.#setup;
    try {
      const newer = await transcript.renew();
      const mine = item.envelope ? parseEnvelope(item.envelope).epoch : 0;
      if (!newer && transcript.newestKey.epoch <= mine) return false;
      item.envelope = null;
      return true;
    } catch {
      return false;
    }
  }

  #giveUp(item: Item, error: unknown): boolean {
    if (error instanceof ClientError && error.retryable) {
      if (this.#stopped) return false;
      this.#flushLater(error.retryAfter === null ? RETRY_PAUSE : error.retryAfter * 1000);
      return false;
    }
    item.refused = error instanceof Error ? error.message : "This could not be sent.";
    this.#settle(item.id, ({ reject }) => reject(error));
    // What nobody sees waiting nobody could discard.
    if (UNSEEN.has(item.draft.type)) this.#remove(item);
    else void this.#keep(item);
    return true;
  }

  #flushLater(pause: number): void {
    clearTimeout(this.#retry);
    if (this.#stopped) return;
    this.#pausing = true;
    this.#retry = setTimeout(() => void this.flush(), pause);
  }

  #of<T extends Draft["type"]>(type: T): Extract<Draft, { type: T }>[] {
    const isOf = (draft: Draft): draft is Extract<Draft, { type: T }> => draft.type === type;
    return this.#items.map(({ draft }) => draft).filter(isOf);
  }

  #requireRoomFor(size: number): void {
    const waiting = this.#items.reduce((sum, item) => sum + item.size, size);
    if (this.#items.length < MOST_WAITING && waiting <= MOST_BYTES) return;
    throw new ClientError("too_large", "Too much is waiting to be sent. Please wait until the connection is back.");
  }

  #settle(id: MessageId, settle: (waiter: Waiter) => void): void {
    const waiter = this.#waiters.get(id);
    this.#waiters.delete(id);
    if (waiter) settle(waiter);
  }

  #remove(item: Item): void {
    this.#items = this.#items.filter((candidate) => candidate !== item);
    item.step = "gone";
    void this.#unkeep(item);
  }

  #keep(item: Item): Promise<void> {
    return this.#write(item, async () => {
      const { id, draft, envelope, refused, name } = item;
      if (item.step === "stored" || item.step === "gone") return;
      await this.#setup.store.write(name, { id, sender: this.#setup.identity.sender, draft, envelope, refused });
      item.kept = true;
    });
  }

  #unkeep(item: Item): Promise<void> {
    return this.#write(item, async () => {
      if (!item.kept) return;
      item.kept = false;
      this.#deleted.add(item.name);
      await this.#setup.store.delete(item.name);
    });
  }

  /** A device that keeps nothing (any more) still sends: only closing the page then loses it. */
  #write(item: Item, work: () => Promise<void>): Promise<void> {
    item.writing = item.writing.then(work).catch(() => undefined);
    return item.writing;
  }
}

function stateOf(refused: string | null): PendingMessage["state"] {
  return refused === null ? "waiting" : { refused };
}

function closedEarly(): ClientError {
  return new ClientError("aborted", "The chat was closed before this went out.");
}
