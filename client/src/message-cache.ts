import { LIMITS, type MessageId } from "@openmates-share/protocol/wire";
import type { MessageWindow, RoomMessage } from "./room-state.ts";

/** Opened messages that are kept: some twenty screens both ways on the largest, and what one scrolls through in a minute. */
const KEPT_MESSAGES = 4_000;
/** What they took as ciphertext; opened they take a few times that. */
const KEPT_BYTES = 32 << 20;
/** At the end, where the chat goes on and what a mention sends is taken from: kept in any case. */
const KEPT_TAIL = LIMITS.firstPageMessages;

interface Kept {
  /** As it was stored. */
  readonly stored: RoomMessage;
  /** As it is to be shown. */
  readonly message: RoomMessage;
  readonly bytes: number;
}

/** The messages that are here, of all there are; those furthest from where one reads go first. */
export class MessageCache {
  readonly #kept = new Map<number, Kept>();
  #bytes = 0;
  #focus = { from: 1, to: 1 };
  #window: MessageWindow | null = null;
  readonly #amend: (message: RoomMessage) => RoomMessage;

  /** `amend` gives what is to be shown of a stored message. */
  constructor(amend: (message: RoomMessage) => RoomMessage = (message) => message) {
    this.#amend = amend;
  }

  has(seq: number): boolean {
    return this.#kept.has(seq);
  }

  at(seq: number): RoomMessage | undefined {
    return this.#kept.get(seq)?.message;
  }

  find(id: MessageId): RoomMessage | undefined {
    for (const { message } of this.#kept.values()) if (message.id === id) return message;
    return undefined;
  }

  /** Where one reads: what is around is kept longest. */
  focus(from: number, to: number): void {
    this.#focus = { from, to };
  }

  /** `bytes` is what the message took as ciphertext. */
  put(stored: RoomMessage, bytes: number): void {
    this.#bytes += bytes - (this.#kept.get(stored.seq)?.bytes ?? 0);
    this.#kept.set(stored.seq, { stored, message: this.#amend(stored), bytes });
    this.#window = null;
  }

  /** Notes what speaks against the writer of a message, if that is here. */
  doubt(seq: number, doubt: string): void {
    const kept = this.#kept.get(seq);
    if (kept) this.put({ ...kept.stored, doubt }, kept.bytes);
  }

  /** Shows a message, if it is here, as it is to be shown now. */
  amend(seq: number): void {
    const kept = this.#kept.get(seq);
    if (kept) this.put(kept.stored, kept.bytes);
  }

  /** Lets go of what is too much. `through` is the last number there is. */
  shrink(through: number): void {
    if (!this.#tooMuch()) return;
    const far = [...this.#kept.keys()]
      .filter((seq) => seq <= through - KEPT_TAIL)
      .sort((a, b) => this.#distance(b) - this.#distance(a));
    for (const seq of far) {
      if (!this.#tooMuch()) return;
      this.#bytes -= this.#kept.get(seq)?.bytes ?? 0;
      this.#kept.delete(seq);
      this.#window = null;
    }
  }

  /** What is here now, as a value: the same one until something changes. */
  window(through: number): MessageWindow {
    if (this.#window?.through !== through) this.#window = null;
    this.#window ??= new Loaded(new Map([...this.#kept].map(([seq, { message }]) => [seq, message])), through);
    return this.#window;
  }

  #tooMuch(): boolean {
    return this.#kept.size > KEPT_MESSAGES || this.#bytes > KEPT_BYTES;
  }

  #distance(seq: number): number {
    const { from, to } = this.#focus;
    return seq < from ? from - seq : Math.max(seq - to, 0);
  }
}

class Loaded implements MessageWindow {
  readonly through: number;
  readonly #messages: ReadonlyMap<number, RoomMessage>;
  #sorted: readonly RoomMessage[] | null = null;

  constructor(messages: ReadonlyMap<number, RoomMessage>, through: number) {
    this.#messages = messages;
    this.through = through;
  }

  at(seq: number): RoomMessage | undefined {
    return this.#messages.get(seq);
  }

  get loaded(): readonly RoomMessage[] {
    this.#sorted ??= [...this.#messages.values()].sort((a, b) => a.seq - b.seq);
    return this.#sorted;
  }
}
