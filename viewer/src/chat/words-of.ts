import { messageText, type RoomMessage } from "@openmates-share/client";

/** What an edit begins with: the words, without what is attached. */
export function wordsOf({ body }: RoomMessage): string {
  if (body.type !== "content" || body.content.type !== "message") return "";
  return messageText({ parts: body.content.parts.filter(({ type }) => type === "markdown") });
}
