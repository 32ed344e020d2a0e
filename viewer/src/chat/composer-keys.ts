import { editsLast } from "./amending.ts";
import type { RoomModel } from "./room-model.ts";

/**
 * Keys that lead out of the composer, while nothing else in it wants them: up from an empty one to one's last message, Escape
 * to the messages. @returns whether the key was one of them
 */
export function leavesComposer(event: KeyboardEvent, options: { model: RoomModel; empty: boolean; open: boolean }) {
  const { model, empty, open } = options;
  const { key, isComposing, shiftKey, altKey, ctrlKey, metaKey } = event;
  if (open || isComposing || shiftKey || altKey || ctrlKey || metaKey) return false;
  if (key === "ArrowUp" && empty) return editsLast(model);
  if (key !== "Escape" || model.replyTo.value) return false;
  model.focusLast?.();
  return true;
}
