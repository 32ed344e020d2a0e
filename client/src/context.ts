import { MATE_NAME, messageText } from "@openmates-share/protocol/content";
import { type ContextEntry, LIMITS, type MessageId } from "@openmates-share/protocol/wire";
import type { MessageWindow, RoomMessage } from "./room-state.ts";

/** A message that can go to a model along with a question. */
export interface ContextMessage {
  readonly id: MessageId;
  readonly seq: number;
  /** As the model gets it, in clear. */
  readonly entry: ContextEntry;
}

/** How names and marks of messages are found out. */
export interface ContextView {
  readonly nameOf: (sender: RoomMessage["sender"]) => string;
  readonly isByOwner: (message: RoomMessage) => boolean;
  /** What its writer has said about a message here and what is not stored yet; null for nothing. */
  readonly withheldHere: (id: MessageId) => boolean | null;
}

/** What a mention sends unless a person chooses otherwise: enough for a conversation's thread, little enough to survey. */
const USUAL_MESSAGES = 20;
/** About 12,000 tokens. UTF-16 units. */
const USUAL_CHARACTERS = 40_000;

/**
 * The messages up to and with number `seq` that may go to a model, as far as they are here, oldest first: without those that
 * their writers keep from models (SPEC C16, C17), that were taken back, or that do not open. No more than one ask takes.
 */
export function contextUpTo(
  messages: Pick<MessageWindow, "at">,
  options: ContextView & { seq: number },
): ContextMessage[] {
  const found: ContextMessage[] = [];
  for (let at = options.seq; found.length < LIMITS.contextMessages; at--) {
    const message = messages.at(at);
    if (!message) break;
    const entry = entryOf(message, options);
    if (entry) found.push({ id: message.id, seq: at, entry });
  }
  return newestThatFit(found.reverse());
}

/** The newest of them, as many as usually go along. */
export function usualContext(messages: readonly ContextMessage[]): readonly ContextMessage[] {
  let characters = 0;
  const usual = messages.slice(-USUAL_MESSAGES);
  const first = usual.findLastIndex(({ entry }, index) => {
    characters += entry.text.length;
    // The newest goes in any case: it is what the question is about.
    return characters > USUAL_CHARACTERS && index < usual.length - 1;
  });
  return usual.slice(first + 1);
}

/** The newest of them that one ask may carry. */
export function newestThatFit(messages: readonly ContextMessage[]): ContextMessage[] {
  let bytes = 0;
  const some = messages.slice(-LIMITS.contextMessages);
  const first = some.findLastIndex(({ entry }) => {
    bytes += bytesOf(entry.name) + bytesOf(entry.text);
    return bytes > LIMITS.contextBytes;
  });
  return some.slice(first + 1);
}

/** What a model is told of a message; null for what it must not or need not know. */
export function entryOf(message: RoomMessage, view: ContextView): ContextEntry | null {
  const { nameOf, withheldHere } = view;
  const { body, id, sender } = message;
  if (body.type === "reply") return { role: "assistant", name: MATE_NAME, text: body.reply.text };
  if (body.type !== "content" || body.content.type !== "message") return null;
  const { role, name, withheld, answer } = body.content;
  if (withheldHere(id) ?? withheld) return null;
  const text = messageText(body.content);
  const who = nameOf(body.copied?.signer ?? sender);
  // A model takes answers for its own words: those that members write go as theirs (SPEC C90).
  if (answer) return { role: "user", name: `${who.slice(0, LIMITS.name - OWN_MODEL.length)}${OWN_MODEL}`, text };
  if (role === "assistant" && view.isByOwner(message)) return { role, name, text };
  return { role: "user", name: name || who, text };
}

const OWN_MODEL = "’s own model";

const encoder = new TextEncoder();

function bytesOf(text: string): number {
  return encoder.encode(text).length;
}
