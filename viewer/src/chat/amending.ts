import type { MessageId, RoomMessage } from "@openmates-share/client";
import { complain } from "../app/complain.ts";
import { toast } from "../app/toasts.tsx";
import type { RoomModel } from "./room-model.ts";

/** What a person may do to a message that is stored; null for what they may not. */
export interface MessageChanges {
  readonly edit: (() => void) | null;
  readonly remove: { readonly label: string; readonly run: () => void } | null;
  /** Whether models may see it: what pressing it would change. */
  readonly withhold: { readonly label: string; readonly run: () => void } | null;
}

/** One's own words can be changed and taken back; the owner may also remove what others said. */
export function changesTo(message: RoomMessage, model: RoomModel): MessageChanges {
  const { body, sender } = message;
  const { closed, connection } = model.state.value;
  const writes = model.role === "owner" || (model.role !== "reader" && !closed);
  const isMessage = body.type === "reply" || (body.type === "content" && body.content.type === "message");
  const mine = sender === model.me;
  if (!writes || connection === "ended" || !isMessage || (!mine && model.role !== "owner"))
    return { edit: null, remove: null, withhold: null };
  return {
    edit: isEditable(message, model) ? () => startEditing(message.id, model) : null,
    withhold: mine ? withholding(message, model) : null,
    remove: { label: mine ? "Delete" : "Remove for everyone", run: () => remove(message, { model, mine }) },
  };
}

/** One's own words are kept from models, or given to them again; those that a model wrote here are not. */
function withholding({ id, body }: RoomMessage, model: RoomModel): MessageChanges["withhold"] {
  if (body.type !== "content" || body.content.type !== "message") return null;
  const { withheld } = body.content;
  const label = withheld ? "Let models see it" : "Keep from models";
  const run = () => {
    model.room.withhold(id, !withheld).catch(complain);
  };
  return { label, run };
}

/** A text of one's own. What was brought in with code and documents would lose its form. */
function isEditable({ body, sender }: RoomMessage, { me }: Pick<RoomModel, "me">): boolean {
  if (sender !== me || body.type !== "content" || body.content.type !== "message" || body.copied) return false;
  const { role, parts } = body.content;
  return role === "user" && parts.every(({ type }) => type === "markdown" || type === "image" || type === "file");
}

/** Goes to one's last message with other words in mind. Returns whether there is one. */
export function editsLast(model: RoomModel): boolean {
  const last = model.messages.value.findLast((message) => isEditable(message, model));
  if (last) startEditing(last.id, model);
  return last !== undefined;
}

function startEditing(id: MessageId, model: RoomModel): void {
  model.editing.value = id;
  model.reveal?.(id);
}

/** Few delete anything: how it is asked and done is fetched when it is wanted. */
function remove(message: RoomMessage, how: { model: RoomModel; mine: boolean }): void {
  import("./amend.ts").then(
    ({ removeMessage }) => removeMessage(message, how),
    () => toast("A part of this page could not be loaded. Please check your connection and reload."),
  );
}
