import type { ContextMessage, MessageId, OwnModelSettings, SenderId, ShareClient } from "@openmates-share/client";
import { signal } from "@preact/signals";

/** So many messages come or go at a time. */
const STEP = 5;

/** What goes along with the next question, as somebody has chosen it. */
export class AskChoice {
  /** The model that is to answer; null for the server's first. It stays chosen. */
  readonly model = signal<string | null>(null);
  /** Whose own model is to answer instead, who offers that; null for nobody's. */
  readonly of = signal<SenderId | null>(null);
  /** Where one's own model is; null for none. */
  readonly ownSettings = signal<OwnModelSettings | null>(null);
  /** Whether it answers. It does where there is one, until somebody says otherwise. */
  readonly ownOn = signal(false);
  /** Nothing is asked before it is known whether one's own model is to answer: that would go to the server. */
  readonly known = signal(false);
  /** The first message that goes along, `none`, or null for what is usual. */
  readonly #first = signal<MessageId | "none" | null>(null);
  readonly #without = signal<ReadonlySet<MessageId>>(new Set());
  /** Who alone may answer: one's own model, or the server's; null where that can be chosen. */
  readonly only: "own" | "server" | null;

  constructor({ only = null }: { only?: "own" | "server" | null } = {}) {
    this.only = only;
  }

  /** What answers in the place of the server's models; null for nothing. */
  get own(): OwnModelSettings | null {
    return this.ownOn.value && this.of.value === null ? this.ownSettings.value : null;
  }

  /** Finds out whether this device has a model of its own. */
  async load(client: ShareClient): Promise<void> {
    if (this.known.value) return;
    const settings = this.only === "server" ? null : await (await client.ownModel()).get();
    this.ownSettings.value = settings;
    this.ownOn.value = settings !== null;
    this.known.value = true;
  }

  /** The messages from the first that goes along to the last, with those that were left out of them. */
  span(offered: readonly ContextMessage[], usual: readonly ContextMessage[]): readonly ContextMessage[] {
    const first = this.#first.value;
    if (first === null) return usual;
    if (first === "none") return [];
    const at = offered.findIndex(({ id }) => id === first);
    // What was first has been taken back or kept from models since.
    return at < 0 ? usual : offered.slice(at);
  }

  goes({ id }: ContextMessage): boolean {
    return !this.#without.value.has(id);
  }

  toggle({ id }: ContextMessage): void {
    const next = new Set(this.#without.value);
    if (!next.delete(id)) next.add(id);
    this.#without.value = next;
  }

  /** From that message on. */
  since({ id }: ContextMessage): void {
    this.#first.value = id;
  }

  more(offered: readonly ContextMessage[], span: readonly ContextMessage[]): void {
    const at = offered.length - span.length;
    this.#first.value = offered[Math.max(0, at - STEP)]?.id ?? null;
  }

  fewer(span: readonly ContextMessage[]): void {
    // The last step to none is made of what is left.
    this.#first.value = span[Math.min(STEP, span.length - 1)]?.id ?? "none";
    if (span.length <= 1) this.#first.value = "none";
  }

  /** It was asked: the next question begins with what is usual. */
  reset(): void {
    this.#first.value = null;
    this.#without.value = new Set();
  }
}
