import type { MessageId, RoomMessage } from "@openmates-share/client";
import { complain } from "../app/complain.ts";
import { confirmed } from "../app/confirm.tsx";
import type { RoomModel } from "./room-model.ts";
import { wordsOf } from "./words-of.ts";

export async function saveEdit(message: RoomMessage, { model, text }: { model: RoomModel; text: string }) {
  model.editing.value = null;
  if (text === wordsOf(message)) return;
  await settle(model.room.edit(message.id, text), { model, target: message.id });
}

/** Asks first, for what is gone does not come back. */
export async function removeMessage(
  message: RoomMessage,
  { model, mine }: { model: RoomModel; mine: boolean },
): Promise<void> {
  const shared = message.seq <= model.sharedThrough.value;
  const until = shared ? " People who have a link to read see it until the shared chat is updated." : "";
  const sure = await confirmed({
    title: mine ? "Delete this message?" : "Remove this message?",
    text: `It goes away for everyone, and the server erases it. Whoever has read or copied it keeps what they know, and files in it stay stored.${until}`,
    yes: mine ? "Delete" : "Remove",
    danger: true,
  });
  if (sure) await settle(model.room.redact(message.id), { model, target: message.id });
}

/** While the line is down it waits; what is refused is said and forgotten. */
async function settle(work: Promise<void>, { model, target }: { model: RoomModel; target: MessageId }): Promise<void> {
  try {
    await work;
  } catch (error) {
    complain(error);
    for (const { id, target: about, state } of model.state.value.amending) {
      if (about === target && state !== "waiting") model.room.discardPending(id);
    }
  }
}
