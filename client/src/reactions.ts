import { LIMITS, type MessageId, type SenderId } from "@openmates-share/protocol/wire";
import type { Amended } from "./amendments.ts";
import type { Reaction, RoomMessage } from "./room-state.ts";

/** What a sender said last about one emoji at one message. */
interface Said {
  readonly emoji: string;
  readonly on: boolean;
  /** The number of the message that said so; beyond all numbers for what is still on its way. */
  readonly seq: number;
}

/** A reaction that is on its way. */
export interface PendingReaction {
  readonly target: MessageId;
  readonly emoji: string;
  readonly on: boolean;
}

/**
 * Who put which emoji to which message (SPEC C14), whether that is here or not: of one sender, target and emoji the newest
 * counts, in whatever order they come.
 */
export class Reactions {
  readonly #bySender = new Map<MessageId, Map<SenderId, Map<string, Said>>>();
  /** Made when they are asked for, until something about their message changes. */
  readonly #lists = new Map<MessageId, readonly Reaction[]>();
  #pending: readonly PendingReaction[] = [];
  #version = 0;

  /** Another number whenever something has changed. */
  get version(): number {
    return this.#version;
  }

  take({ seq, sender, body }: Pick<RoomMessage, "seq" | "sender" | "body">): void {
    if (body.type !== "content" || body.content.type !== "reaction") return;
    const { target, emoji, on } = body.content;
    const senders = this.#bySender.get(target) ?? new Map<SenderId, Map<string, Said>>();
    const said = senders.get(sender) ?? new Map<string, Said>();
    if (seq <= (said.get(sameEmoji(emoji))?.seq ?? 0)) return;
    said.set(sameEmoji(emoji), { emoji, on, seq });
    this.#bySender.set(target, senders.set(sender, said));
    this.#forget(target);
  }

  /** The last word of every sender on every emoji at every message, whether it counts or not. */
  *all(): Iterable<Amended> {
    for (const [target, senders] of this.#bySender) {
      for (const said of senders.values()) {
        for (const { seq } of said.values()) yield { type: "reaction", target, seq };
      }
    }
  }

  /** What is on its way, in the order in which it was chosen; all of it, at every change. */
  expect(pending: readonly PendingReaction[]): void {
    if (sameReactions(pending, this.#pending)) return;
    for (const { target } of [...this.#pending, ...pending]) this.#forget(target);
    this.#pending = pending;
  }

  /**
   * Those at one message, which has that number: the oldest first. The same value until they change. `me` is null for whoever
   * only reads.
   */
  of(target: MessageId, { seq, me }: { seq: number; me: SenderId | null }): readonly Reaction[] {
    const known = this.#lists.get(target);
    if (known) return known;
    const list = this.#count(target, { seq, me });
    this.#lists.set(target, list);
    return list;
  }

  #count(target: MessageId, { seq, me }: { seq: number; me: SenderId | null }): readonly Reaction[] {
    const kinds = new Map<string, { readonly emoji: string; readonly senders: SenderId[] }>();
    const senders = new Map(this.#bySender.get(target));
    if (me) senders.set(me, this.#withPending(target, senders.get(me)));
    const there = [...senders].flatMap(([sender, said]) =>
      // A message can't be spoken of before it was there.
      oldest([...said.values()].filter((one) => one.on && one.seq > seq))
        .slice(0, LIMITS.reactions)
        .map((one) => ({ ...one, sender })),
    );
    for (const { emoji, sender } of oldest(there)) {
      const kind = kinds.get(sameEmoji(emoji)) ?? { emoji, senders: [] };
      kind.senders.push(sender);
      kinds.set(sameEmoji(emoji), kind);
    }
    const shown = [...kinds.values()].slice(0, LIMITS.reactionKinds);
    return shown.map((kind) => ({ ...kind, mine: me !== null && kind.senders.includes(me) }));
  }

  #withPending(target: MessageId, said: ReadonlyMap<string, Said> = new Map()): Map<string, Said> {
    const mine = new Map(said);
    for (const [i, { emoji, on, target: about }] of this.#pending.entries()) {
      if (about !== target || mine.get(sameEmoji(emoji))?.on === on) continue;
      mine.set(sameEmoji(emoji), { emoji, on, seq: LIMITS.seq + 1 + i });
    }
    return mine;
  }

  #forget(target: MessageId): void {
    this.#lists.delete(target);
    this.#version++;
  }
}

/** As a picture or as a sign, it is one emoji. */
export function sameEmoji(emoji: string): string {
  return emoji.replaceAll("\u{fe0f}", "");
}

function oldest<T extends { readonly seq: number }>(said: readonly T[]): readonly T[] {
  return [...said].sort((a, b) => a.seq - b.seq);
}

function sameReactions(some: readonly PendingReaction[], others: readonly PendingReaction[]): boolean {
  const same = (one: PendingReaction, i: number) => {
    const other = others[i];
    return other?.target === one.target && other.emoji === one.emoji && other.on === one.on;
  };
  return some.length === others.length && some.every(same);
}
