import { createHash } from "node:crypto";
import type { ChatId, MessageId } from "@openmates-share/client";

/** What a message of Slack's is called in a chat: the same however often, and on whichever node, it is brought there. */
export function messageIdOf(of: {
  readonly team: string;
  readonly channel: string;
  readonly chat: ChatId;
  readonly ts: string;
}): MessageId {
  const name = JSON.stringify(["openmates-share v1 slack message", of.chat, of.team, of.channel, of.ts]);
  return createHash("sha256").update(name).digest().subarray(0, 16).toString("base64url") as MessageId; // 16 bytes.
}
