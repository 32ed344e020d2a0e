import { type MessageId, messageText, type Room, type RoomState } from "@openmates-share/client";
import { ANSWER_METADATA } from "../assistant/answer-message.ts";
import { emojiCharacter } from "../conversation/emoji.ts";
import { namesIn } from "../conversation/names-in.ts";
import { isWritten, toMessage } from "../conversation/slack-conversation.ts";
import type { SlackMessage } from "../slack/slack-message.ts";
import { relayMessage } from "../use-cases/relay-message.ts";
import { fileLoader } from "../use-cases/share-messages.ts";
import type { Workspace } from "../workspace.ts";
import { type Mirror, type Mirrored, type MirrorStore, mirroredId, saidOf } from "./mirror.ts";

export interface Side {
  readonly workspace: Workspace;
  readonly store: MirrorStore;
  readonly mirror: Mirror;
  readonly room: Room;
  /** The whole thread as it is now, in order. */
  readonly thread: readonly SlackMessage[];
  /** What is on both sides, by the chat's ids; kept up as things are done. */
  readonly entries: Map<MessageId, Mirrored>;
}

/** Brings the chat up to the thread: what was written, edited, deleted and reacted to in Slack, in order. */
export async function bringToChat(side: Side): Promise<void> {
  const { workspace, thread } = side;
  const ours = thread.filter((message) => isFromSlack(message, workspace));
  for (const message of ours) await bringMessage(side, message);
  await bringDeletions(side);
  for (const message of thread) await bringReactions(side, message);
}

/** Written in Slack: by people, other apps, or the mate's answers there; not what the bot brought from the chat. */
function isFromSlack(message: SlackMessage, { self }: Workspace): boolean {
  return isWritten(message, self) || message.metadata?.event_type === ANSWER_METADATA.type;
}

async function bringMessage(side: Side, message: SlackMessage): Promise<void> {
  const { workspace, store, mirror, room, entries } = side;
  const id = mirroredId(mirror, message.ts);
  const names = await namesIn(workspace.slack, [message]);
  const text = messageText(toMessage(message, { names, embedded: true }));
  const said = saidOf(text);
  const known = entries.get(id);
  if (known && (!message.edited || Buffer.compare(known.said, said) === 0)) return;
  if (known) await room.edit(id, text);
  else await relayMessage(workspace, { room, id, message, file: fileLoader(workspace, { leftOut: [] }) });
  const entry = { message: id, ts: message.ts, fromSlack: true, said };
  await store.keep(mirror, entry);
  entries.set(id, entry);
}

/** The thread was read whole: what came from it and is not there any more was deleted. */
async function bringDeletions({ store, mirror, room, thread, entries }: Side): Promise<void> {
  const present = new Set(thread.map(({ ts }) => ts));
  for (const { message, ts, fromSlack } of [...entries.values()]) {
    if (!fromSlack || present.has(ts)) continue;
    if ((await room.seqOf(message)) !== null) await room.redact(message);
    await store.drop(mirror, message);
    entries.delete(message);
  }
}

/** The bot reacts in the chat as long as anybody in Slack does; its own reactions there are the chat's. */
async function bringReactions({ workspace, room, entries }: Side, message: SlackMessage): Promise<void> {
  const entry = [...entries.values()].find(({ ts }) => ts === message.ts);
  if (!entry) return;
  const people = (users: readonly string[]) => users.some((user) => user !== workspace.self.botUser);
  const wanted = new Set(
    (message.reactions ?? []).flatMap(({ name, users }) => (people(users) ? (emojiCharacter(name) ?? []) : [])),
  );
  const shown = new Set(myReactions(room.state, entry.message));
  for (const emoji of wanted) if (!shown.has(emoji)) await room.react(entry.message, emoji, true);
  for (const emoji of shown) if (!wanted.has(emoji)) await room.react(entry.message, emoji, false);
}

function myReactions({ reactions }: RoomState, message: MessageId): string[] {
  return reactions
    .of(message)
    .filter(({ mine }) => mine)
    .map(({ emoji }) => emoji);
}
