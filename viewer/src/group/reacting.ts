import type { MessageId, SenderId } from "@openmates-share/client";
import { signal } from "@preact/signals";
import { complain } from "../app/complain.ts";
import type { RoomModel } from "../chat/room-model.ts";

/** What most people say without words; the rest is one press further. */
export const QUICK = ["👍", "❤️", "😂", "🎉", "🤔", "👀"] as const;

/** The message that is being reacted to, and the button that was pressed for it. */
export const reactingTo = signal<{ readonly id: MessageId; readonly anchor: HTMLElement } | null>(null);

export function startReacting(id: MessageId, anchor: HTMLElement): void {
  reactingTo.value = { id, anchor };
}

/** Who may react: everybody who may write, and has said as whom. */
export function mayReact({ role, state }: RoomModel): boolean {
  const { closed, connection, named } = state.value;
  if (!named) return false;
  return role === "owner" ? connection !== "ended" : role !== "reader" && !closed && connection !== "ended";
}

export function hasReacted(model: RoomModel, { id, emoji }: { id: MessageId; emoji: string }): boolean {
  return model.reactions.value.of(id).some((one) => one.emoji === emoji && one.mine);
}

/** Puts an emoji to a message, or takes it away again. */
export function toggleReaction(model: RoomModel, { id, emoji }: { id: MessageId; emoji: string }): void {
  model.room.react(id, emoji, !hasReacted(model, { id, emoji })).catch(complain);
}

/** So many are named; the others are counted. */
const NAMED = 12;

/** `Ada, Bob and you` */
export function namesOf(senders: readonly SenderId[], model: Pick<RoomModel, "me" | "nameOf">): string {
  const others = senders.filter((sender) => sender !== model.me).map((sender) => model.nameOf(sender));
  const named = others.slice(0, NAMED);
  const left = others.length - named.length;
  const last = [left > 0 && `${left} more`, others.length < senders.length && "you"].filter((one) => one !== false);
  const all = [...named, ...last];
  return all.length > 1 ? `${all.slice(0, -1).join(", ")} and ${all.at(-1)}` : (all[0] ?? "");
}
