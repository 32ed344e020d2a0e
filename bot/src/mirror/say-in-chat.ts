import { randomBytes } from "node:crypto";
import { type ChatId, type MessageId, type Room, textParts } from "@openmates-share/client";
import type { Workspace } from "../workspace.ts";

const LAST_WORDS_MS = 15_000;

/** Says something in a chat that is not open here, as Slack. @throws ClientError */
export async function sayInChat(
  sharing: Pick<Workspace["sharing"], "reopen">,
  chat: ChatId,
  text: string,
): Promise<void> {
  const room = await sharing.reopen(chat);
  try {
    await room.whenLive(AbortSignal.timeout(LAST_WORDS_MS));
    await sayInRoom(room, text);
  } finally {
    room.close();
  }
}

export async function sayInRoom(room: Room, text: string): Promise<void> {
  const id = randomBytes(16).toString("base64url") as MessageId; // 16 bytes are an id.
  const rest = { replyTo: null, model: null, time: Date.now() };
  await room.relay({ id, role: "assistant", name: "Slack", parts: textParts(text), ...rest });
}
