import {
  MATE_NAME,
  type MessageId,
  messageText,
  type Part,
  type RoomMessage,
  type RoomState,
  resemblesMate,
} from "@openmates-share/client";
import { emojiName } from "../conversation/emoji.ts";
import { BotError } from "../errors.ts";
import { cutKeys } from "../firewall/cut-fragments.ts";
import { withoutCalls } from "../slack/calling-out.ts";
import type { SlackMessage } from "../slack/slack-message.ts";
import { bringFiles, filesOf } from "./bring-files.ts";
import { isSame, type Mirrored, saidOf } from "./mirror.ts";
import { mirrorMetadata, relayedCard } from "./mirror-screens.ts";
import type { Side } from "./side.ts";

/** Brings what was written, edited, taken back and reacted to in the chat since, in order. */
export async function followChat(side: Side): Promise<void> {
  const { room, store, mirror, signal } = side;
  const { chatThrough } = await store.progress(mirror);
  for await (const page of room.read({ from: chatThrough + 1, signal })) {
    const reactedTo = new Set<MessageId>();
    for (const message of page) {
      signal.throwIfAborted();
      const target = await bringOne(side, message);
      if (target) reactedTo.add(target);
    }
    for (const target of reactedTo) await lookAtReactions(side, target);
    const last = page.at(-1);
    if (last) await store.advance(mirror, { chatThrough: last.seq });
  }
}

/** Returns whose reactions are to be looked at, all in one go. */
async function bringOne(side: Side, message: RoomMessage): Promise<MessageId | null> {
  const { body } = message;
  const mine = message.sender === side.room.state.me;
  if (body.type === "reply" || (body.type === "content" && body.content.type === "message")) {
    if (!mine) await bringMessage(side, message);
    return null;
  }
  if (body.type !== "content") return null;
  const { content } = body;
  // Also the bot's own, as the owner: they are about what others wrote.
  if (content.type === "redaction") await takeBack(side, content.target);
  if (mine) return null;
  if (content.type === "edit") await bringEdit(side, content.target);
  return content.type === "reaction" ? content.target : null;
}

async function bringMessage(side: Side, message: RoomMessage): Promise<void> {
  const { store, mirror, room } = side;
  const said = saidIn(room.state, message);
  if (!said) return;
  const known = await store.entry(mirror, message.id);
  const entry = known?.ts ? await change(side, { known, said }) : await post(side, { message, said });
  if (entry) await bringFiles(side, { entry, sender: message.sender, name: said.name, parts: said.parts });
}

async function bringEdit(side: Side, target: MessageId): Promise<void> {
  const { room, signal } = side;
  const seq = await room.seqOf(target, signal);
  if (seq === null) return;
  await room.load(seq, seq);
  const message = room.state.messages.at(seq);
  if (message && message.sender !== room.state.me) await bringMessage(side, message);
}

/**
 * It was noted before, so that the next turn looks for it in the thread, should nobody hear what became of it. It is asked for
 * only while nobody else may; should the request be held up on its way for longer, there are two, and one goes (`adopt`).
 */
async function post(side: Side, { message, said }: { message: RoomMessage; said: Said }): Promise<Mirrored | null> {
  const { workspace, store, mirror } = side;
  const { channel, thread } = mirror;
  const before = { message: message.id, ts: null, fromSlack: false, said: saidOf(said.text), files: [] };
  const entry = await store.note(mirror, { ...before, filesLeft: filesOf(said.parts).length, upload: null });
  if (entry.ts !== null) return entry;
  const once = { before: await side.hold() };
  const metadata = mirrorMetadata(message.id);
  const posting = { channel, thread, card: relayedCard(said.text), as: said.name, metadata, once };
  try {
    const posted = { ...entry, ts: await workspace.slack.post(posting) };
    await store.keep(mirror, posted).catch(async (error: unknown) => {
      // It was too late: whoever has the mirror by now sees what is there twice.
      await store.touch(mirror, posted.ts);
      throw error;
    });
    return posted;
  } catch (error) {
    // Slack refuses this very message, and would again: the others go on.
    if (!(error instanceof BotError) || error.code !== "slack_failed" || error.retryable) throw error;
    side.onFailure(error);
    await store.drop(mirror, message.id);
    return null;
  }
}

async function change(side: Side, { known, said }: { known: Mirrored; said: Said }): Promise<Mirrored> {
  const { workspace, store, mirror } = side;
  const hash = saidOf(said.text);
  if (isSame(known.said, hash) || known.ts === null) return known;
  await side.hold();
  const { channel } = mirror;
  // One that was deleted in Slack stays so.
  const metadata = mirrorMetadata(known.message);
  await workspace.slack.update({ channel, ts: known.ts, card: relayedCard(said.text), metadata });
  const changed = { ...known, said: hash };
  await store.keep(mirror, changed);
  return changed;
}

/** What was taken back in the chat; of Slack's own messages that is the bot's own work, and they are gone there already. */
async function takeBack(side: Side, target: MessageId): Promise<void> {
  const { workspace, store, mirror } = side;
  const entry = await store.entry(mirror, target);
  if (!entry || entry.fromSlack) return;
  await side.hold();
  if (entry.ts !== null) await workspace.slack.remove({ channel: mirror.channel, ts: entry.ts });
  await store.drop(mirror, target);
}

interface Said {
  readonly name: string;
  readonly text: string;
  readonly parts: readonly Part[];
}

/** Who says what; null for what is no message. Keys of chats, and what would notify everybody, stay out of Slack. */
function saidIn({ people }: RoomState, { body, sender }: RoomMessage): Said | null {
  if (body.type === "reply") return { name: MATE_NAME, text: harmless(body.reply.text), parts: [] };
  if (body.type !== "content" || body.content.type !== "message") return null;
  const person = people.find((one) => one.sender === sender)?.name;
  const { content } = body;
  const name = content.name || person || "Guest";
  // A person's, whatever they call themselves (SPEC M10).
  const from = resemblesMate(name) ? `not ${MATE_NAME}, encrypted chat` : "encrypted chat";
  return { name: `${name.slice(0, 44)} (${from})`, text: harmless(messageText(content)), parts: content.parts };
}

function harmless(markdown: string): string {
  return withoutCalls(cutKeys(markdown));
}

async function lookAtReactions(side: Side, target: MessageId): Promise<void> {
  const { workspace, store, mirror } = side;
  const { channel, thread } = mirror;
  const entry = await store.entry(mirror, target);
  if (!entry?.ts) return;
  const shown = await workspace.slack.message({ channel, ts: entry.ts, thread });
  if (shown) await bringReactionsToSlack(side, { entry, shown });
}

/** The bot reacts in Slack as long as anybody in the chat does. */
export async function bringReactionsToSlack(
  { workspace, mirror, room, hold }: Side,
  { entry, shown }: { entry: Mirrored; shown: SlackMessage },
): Promise<void> {
  const { slack, self } = workspace;
  const { channel } = mirror;
  const { me, reactions } = room.state;
  const others = (senders: readonly string[]) => senders.some((sender) => sender !== me);
  const wanted = new Set(
    reactions.of(entry.message).flatMap(({ emoji, senders }) => (others(senders) ? (emojiName(emoji) ?? []) : [])),
  );
  const mine = (shown.reactions ?? []).filter(({ users }) => users.includes(self.botUser)).map(({ name }) => name);
  const added = [...wanted].filter((name) => !mine.includes(name));
  const removed = mine.filter((name) => !wanted.has(name));
  if (added.length + removed.length > 0) await hold();
  for (const name of added) await slack.react({ channel, ts: shown.ts, name });
  for (const name of removed) await slack.unreact({ channel, ts: shown.ts, name });
}
