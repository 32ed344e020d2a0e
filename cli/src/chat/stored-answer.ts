import { type AskId, messageText, type RoomMessage } from "@openmates-share/client";

/** An answer that is a message of the chat, whoever's model gave it. */
export interface StoredAnswer {
  readonly ask: AskId;
  readonly text: string;
  readonly ended: "complete" | "stopped" | "length";
  /** The built-in demo's name, where that answered. */
  readonly demo: string | null;
}

/** Null for a message that is no answer. */
export function storedAnswer({ id, body }: RoomMessage): StoredAnswer | null {
  if (body.type === "reply") {
    const { text, ended, demo, model } = body.reply;
    return { ask: body.ask, text, ended, demo: demo ? model : null };
  }
  if (body.type !== "content" || body.content.type !== "message" || !body.content.answer) return null;
  // An answer's message id is its ask id.
  return { ask: id as string as AskId, text: messageText(body.content), ended: body.content.answer.ended, demo: null };
}
