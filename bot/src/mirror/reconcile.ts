import type { Room } from "@openmates-share/client";
import { compareTs, type SlackMessage } from "../slack/slack-message.ts";
import type { Workspace } from "../workspace.ts";
import type { Mirror, MirrorStore } from "./mirror.ts";
import { bringToChat } from "./to-chat.ts";
import { bringToSlack } from "./to-slack.ts";

const PAGE = 200;
/** A thread of more than 16,000 messages is not read to its end. */
const MAX_PAGES = 80;

/**
 * Makes both sides the same by looking at what is there, not at what was heard: so it may be done at any time, any number
 * of times, after any outage. A message of Slack's has one id in the chat, made from its time stamp; one of the chat's is
 * known in Slack by the id that travels with it.
 */
export async function reconcile(options: {
  workspace: Workspace;
  store: MirrorStore;
  mirror: Mirror;
  room: Room;
  signal: AbortSignal;
}): Promise<void> {
  const { workspace, store, mirror, room, signal } = options;
  await room.whenLive(signal);
  await room.whenComplete(signal);
  const thread = await readWhole(workspace, mirror);
  const entries = new Map((await store.entries(mirror)).map((entry) => [entry.message, entry]));
  const side = { workspace, store, mirror, room, thread, entries };
  await bringToChat(side);
  await bringToSlack(side);
}

async function readWhole({ slack }: Workspace, { channel, thread }: Mirror): Promise<SlackMessage[]> {
  const found = new Map<string, SlackMessage>();
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await slack.replies({ channel, thread, limit: PAGE, cursor });
    for (const message of answer.messages) found.set(message.ts, message);
    cursor = answer.next;
    if (!cursor) break;
  }
  return [...found.values()].sort((a, b) => compareTs(a.ts, b.ts));
}
