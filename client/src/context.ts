import { MATE_NAME, messageText } from "@openmates-share/protocol/content";
import type { ContextEntry } from "@openmates-share/protocol/wire";
import type { MessageWindow, RoomMessage } from "./room-state.ts";

/** What a mention sends unless a person chooses otherwise: enough for a conversation's thread, little enough to survey. */
const DEFAULT_MESSAGES = 30;
/** About 15,000 tokens. */
const DEFAULT_CHARACTERS = 60_000;

/** The last messages up to and with number `seq`, which asks, as far as they are here, oldest first: exactly what goes to the model, in clear. */
export function contextUpTo(
  messages: Pick<MessageWindow, "at">,
  { seq, nameOf }: { seq: number; nameOf: (sender: RoomMessage["sender"]) => string },
): ContextEntry[] {
  const chosen: ContextEntry[] = [];
  let characters = 0;
  for (let at = seq; chosen.length < DEFAULT_MESSAGES; at--) {
    const message = messages.at(at);
    if (!message) break;
    const entry = toEntry(message, nameOf);
    if (!entry) continue;
    characters += entry.text.length;
    // The asking message itself goes in any case; it is what the question is.
    if (characters > DEFAULT_CHARACTERS && chosen.length > 0) break;
    chosen.unshift(entry);
  }
  return chosen;
}

function toEntry(message: RoomMessage, nameOf: (sender: RoomMessage["sender"]) => string): ContextEntry | null {
  if (message.body.type === "reply") return { role: "assistant", name: MATE_NAME, text: message.body.reply.text };
  if (message.body.type !== "content" || message.body.content.type !== "message") return null;
  const { role, name, withheld } = message.body.content;
  if (withheld) return null;
  const text = messageText(message.body.content);
  if (role === "assistant") return { role, name, text };
  return { role: "user", name: name || nameOf(message.sender), text };
}
