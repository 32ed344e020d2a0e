import { type MessageId, messageText, type RoomState } from "@openmates-share/client";
import { ANSWER_METADATA } from "../assistant/answer-message.ts";
import { emojiCharacter } from "../conversation/emoji.ts";
import { messageIdOf } from "../conversation/message-id.ts";
import { namesIn } from "../conversation/names-in.ts";
import { DELETED_FILE, isWritten, toMessage } from "../conversation/slack-conversation.ts";
import { BotError } from "../errors.ts";
import { threadPages } from "../slack/pages.ts";
import type { SlackMessage } from "../slack/slack-message.ts";
import { relayMessage } from "../use-cases/relay-message.ts";
import { adopt } from "./adopt.ts";
import { fileFor } from "./file-for.ts";
import { isSame, type Mirrored, saidOf } from "./mirror.ts";
import { eraseFiles, goneFiles, mirroredFiles } from "./mirrored-files.ts";
import { roomFor } from "./room-for.ts";
import type { Side } from "./side.ts";
import { bringReactionsToSlack } from "./to-slack.ts";

/** Brings what was written in the thread since; returns which messages that were. */
export async function followThread(side: Side, since: string): Promise<ReadonlySet<string>> {
  const brought = new Set<string>();
  for await (const page of thread(side, since)) {
    for (const message of page) {
      await bringMessage(side, message);
      await bringReactions(side, message);
      brought.add(message.ts);
    }
    const last = page.at(-1);
    if (last) await side.store.advance(side.mirror, { slackThrough: last.ts });
  }
  return brought;
}

/** Makes the chat what the thread is, from its beginning: edits, deletions and reactions too, on both sides. */
export async function compareThread(side: Side): Promise<void> {
  const { store, mirror } = side;
  const there = new Set<string>();
  let last: string | null = null;
  for await (const page of thread(side, null)) {
    for (const message of page) {
      last = message.ts;
      if (isGone(message)) continue;
      there.add(message.ts);
      await bringMessage(side, message);
      await bringReactions(side, message);
      const entry = await store.entryAt(mirror, message.ts);
      if (entry) await bringReactionsToSlack(side, { entry, shown: message });
    }
  }
  if (last === null) throw threadGone();
  for (const entry of await store.entries(mirror)) {
    if (entry.fromSlack && entry.ts !== null && !there.has(entry.ts)) await takeBack(side, entry);
  }
  await store.advance(mirror, { slackThrough: last });
}

/** Brings what has become of one message. */
export async function bringTouched(side: Side, ts: string): Promise<void> {
  const { workspace, store, mirror } = side;
  const { channel, thread } = mirror;
  const message = await workspace.slack.message({ channel, ts, thread });
  if (message && !isGone(message)) {
    await bringMessage(side, message);
    await bringReactions(side, message);
    return;
  }
  const entry = await store.entryAt(mirror, ts);
  if (entry?.fromSlack) await takeBack(side, entry);
}

/** @throws BotError `thread_gone` */
async function* thread({ workspace, mirror, signal }: Side, oldest: string | null) {
  const { channel, thread } = mirror;
  for await (const page of threadPages(workspace.slack, { channel, thread, oldest, signal })) {
    signal.throwIfAborted();
    yield page;
  }
}

function threadGone(): BotError {
  return new BotError("thread_gone", "This thread is not there any more.");
}

/** A thread's first message leaves a stone behind. */
function isGone({ subtype }: SlackMessage): boolean {
  return subtype === "tombstone";
}

/** Written in Slack: by people, other apps, or the mate's answers there; not what the bot brought from the chat. */
function isFromSlack(message: SlackMessage, { self }: Side["workspace"]): boolean {
  return isWritten(message, self) || message.metadata?.event_type === ANSWER_METADATA.type;
}

async function bringMessage(side: Side, message: SlackMessage): Promise<void> {
  const { workspace, store, mirror, room } = side;
  if (await adopt(side, message)) return;
  if (isGone(message) || !isFromSlack(message, workspace)) return;
  const names = await namesIn(workspace.slack, [message]);
  const written = toMessage(message, { names, embedded: true });
  const said = saidOf(messageText(written));
  const known = await store.entryAt(mirror, message.ts);
  const gone = known ? await goneFiles(side, { known, message }) : [];
  // Slack puts cards under links and people change their names: only an edit is one.
  if (known && gone.length === 0 && (!message.edited || isSame(known.said, said))) return;
  await side.hold();
  const id = known?.message ?? messageIdOf({ ...mirror, ts: message.ts });
  const text = messageText({ parts: written.parts.filter(({ type }) => type !== "file" && type !== "image") });
  if (known) {
    const without = gone.map(({ embed }) => embed);
    await roomFor(side, () => room.edit(id, text || DELETED_FILE, { without }));
    await eraseFiles(side, gone);
  } else {
    const relay = { room, id, message, file: fileFor(side) };
    await roomFor(side, () => relayMessage(workspace, relay));
  }
  const files = known ? known.files.filter((file) => !gone.includes(file)) : await mirroredFiles(side, { id, message });
  await store.keep(mirror, { message: id, ts: message.ts, fromSlack: true, said, filesLeft: 0, upload: null, files });
}

async function takeBack(side: Side, { message }: Mirrored): Promise<void> {
  const { room, store, mirror, signal } = side;
  await side.hold();
  if ((await room.seqOf(message, signal)) !== null) await roomFor(side, () => room.redact(message));
  await store.drop(mirror, message);
}

/** The bot reacts in the chat as long as anybody in Slack does; its own reactions there are the chat's. */
async function bringReactions(side: Side, message: SlackMessage): Promise<void> {
  const { workspace, room, store, mirror } = side;
  const reactions = message.reactions ?? [];
  const entry = await store.entryAt(mirror, message.ts);
  if (!entry) return;
  const people = (users: readonly string[]) => users.some((user) => user !== workspace.self.botUser);
  const wanted = new Set(reactions.flatMap(({ name, users }) => (people(users) ? (emojiCharacter(name) ?? []) : [])));
  const shown = new Set(myReactions(room.state, entry.message));
  const changes = [
    ...[...wanted].filter((emoji) => !shown.has(emoji)).map((emoji) => ({ emoji, on: true })),
    ...[...shown].filter((emoji) => !wanted.has(emoji)).map((emoji) => ({ emoji, on: false })),
  ];
  if (changes.length > 0) await side.hold();
  for (const { emoji, on } of changes) await roomFor(side, () => room.react(entry.message, emoji, on));
}

function myReactions({ reactions }: RoomState, message: MessageId): string[] {
  return reactions
    .of(message)
    .filter(({ mine }) => mine)
    .map(({ emoji }) => emoji);
}
