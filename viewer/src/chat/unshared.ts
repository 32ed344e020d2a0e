import { type Changes, countChanges } from "@openmates-share/client";
import { useComputed } from "@preact/signals";
import { useRef } from "preact/hooks";
import { counted } from "../app/dates.ts";
import type { RoomModel } from "./room-model.ts";

/**
 * What is not shared yet, or of that what comes up to number `through`, in words; null while it is not known. When it has
 * just been shared, it still says what that was.
 */
export function useUnshared(model: RoomModel, options: { through?: number; fresh?: boolean } = {}): string | null {
  const last = useRef<string | null>(null);
  const { through = model.window.value.through, fresh = false } = options;
  const after = model.sharedThrough.value;
  const complete = useComputed(() => model.state.value.complete).value;
  // Read for its news alone: the count looks at the chat itself.
  void model.reactions.value;
  void model.window.value;
  if (complete && after < through)
    last.current = changesInWords(countChanges(model.room, { after, through }), { fresh });
  return last.current;
}

/** `2 messages, 1 edit`; with `fresh` they are new messages. */
export function changesInWords({ messages, edits, deletions, reactions }: Changes, { fresh = false } = {}): string {
  const said = [
    messages > 0 && counted(messages, fresh ? "new message" : "message"),
    edits > 0 && counted(edits, "edit"),
    deletions > 0 && counted(deletions, "deletion"),
    reactions > 0 && counted(reactions, "reaction"),
  ].filter((words) => words !== false);
  // Who joined, what was taken back before anybody saw it.
  return said.join(", ") || "small changes";
}
