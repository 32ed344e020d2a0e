import type { ChatId, Room } from "@openmates-share/client";
import { messageIdOf } from "../conversation/message-id.ts";
import { BotError } from "../errors.ts";
import type { SlackMessage } from "../slack/slack-message.ts";
import type { Share } from "../stores/stores.ts";
import type { Workspace } from "../workspace.ts";
import { collectMessages } from "./collect-messages.ts";
import { refreshCards } from "./refresh-cards.ts";
import { relayMessage } from "./relay-message.ts";
import { fileLoader, SHARING_MS } from "./share-messages.ts";

export interface ShareUpdate {
  readonly added: number;
  readonly leftOut: readonly string[];
}

/**
 * "Update shared chat": adds what was written since, to the same link. Interrupted, it goes on where it was: a message of
 * Slack's has one id in the chat.
 *
 * @throws BotError `not_a_share` when it is not theirs to update; ClientError
 */
export function updateShare(workspace: Workspace, which: { chat: ChatId; user: string }): Promise<ShareUpdate> {
  return workspace.turns.run(`update ${which.chat}`, () => updateNow(workspace, which));
}

async function updateNow(workspace: Workspace, { chat, user }: { chat: ChatId; user: string }): Promise<ShareUpdate> {
  const { team, shares, sharing } = workspace;
  const [share] = await shares.ofChat({ team, user, chat });
  if (!share) throw new BotError("not_a_share", "You have not shared this from Slack, or it has been stopped already.");
  const signal = AbortSignal.timeout(SHARING_MS);
  const messages = await writtenSince(workspace, { share, signal });
  if (messages.length === 0) return { added: 0, leftOut: [] };
  const leftOut: string[] = [];
  const room = await sharing.reopen(chat);
  try {
    await room.whenLive(signal);
    await room.whenComplete(signal);
    const added = await append({ workspace, room, share, messages, leftOut, signal });
    await sharing.updateShared(chat);
    await shares.update({ ...share, lastTs: messages.at(-1)?.ts ?? share.lastTs });
    await refreshCards(workspace, chat).catch(() => undefined);
    return { added, leftOut };
  } finally {
    room.close();
  }
}

async function writtenSince(
  workspace: Workspace,
  { share, signal }: { share: Share; signal: AbortSignal },
): Promise<readonly SlackMessage[]> {
  const { channel, thread, replies, lastTs, createdAt } = share;
  const after = lastTs ?? (createdAt / 1000).toFixed(6);
  const selection = { channel, thread, which: "all" as const, count: 0, since: null, after, replies, signal };
  try {
    return (await collectMessages(workspace, selection)).messages;
  } catch (error) {
    if (error instanceof BotError && error.code === "no_messages") return [];
    throw error;
  }
}

async function append(options: {
  workspace: Workspace;
  room: Room;
  share: Share;
  messages: readonly SlackMessage[];
  leftOut: string[];
  signal: AbortSignal;
}): Promise<number> {
  const { workspace, room, share, messages, leftOut, signal } = options;
  const file = share.files ? fileLoader(workspace, { signal, leftOut }) : undefined;
  let added = 0;
  for (const message of messages) {
    const id = messageIdOf({ ...share, ts: message.ts });
    if (await relayMessage(workspace, { room, id, message, file, signal })) added += 1;
  }
  return added;
}
