import { MATE_NAME, messageText, type Part, type RoomMessage, resemblesMate } from "@openmates-share/client";
import { emojiName } from "../conversation/emoji.ts";
import { BotError } from "../errors.ts";
import { cutKeys } from "../firewall/cut-fragments.ts";
import type { Mirrored } from "./mirror.ts";
import { saidOf } from "./mirror.ts";
import { MIRROR_EVENT, mirrorMetadata, relayedCard } from "./mirror-screens.ts";
import type { Side } from "./to-chat.ts";

/** Brings the thread up to the chat: what was written, edited, taken back and reacted to there, in order. */
export async function bringToSlack(side: Side): Promise<void> {
  const { room, workspace, entries, store, mirror } = side;
  const me = room.state.me;
  // Posted before a crash, and not noted: known by what travels with it.
  const posted = new Map(side.thread.flatMap((message) => postedFor(message.metadata, message.ts)));
  for await (const page of room.read()) {
    for (const message of page) {
      if (message.sender === me || (message.body.type === "content" && message.body.content.type !== "message"))
        continue;
      await bringOne(side, { message, posted });
    }
  }
  for (const entry of [...entries.values()]) await bringReactions(side, entry);
  // What was taken back in the chat by its owner is the bot's own redaction, and gone in Slack already.
  for (const entry of [...entries.values()]) {
    if (entry.fromSlack || !(await isRedacted(side, entry))) continue;
    await workspace.slack.remove({ channel: mirror.channel, ts: entry.ts });
    await store.drop(mirror, entry.message);
    entries.delete(entry.message);
  }
}

function postedFor(
  metadata: { event_type: string; event_payload: Record<string, unknown> } | null | undefined,
  ts: string,
): [string, string][] {
  const id = metadata?.event_type === MIRROR_EVENT ? metadata.event_payload.message : undefined;
  return typeof id === "string" ? [[id, ts]] : [];
}

async function bringOne(
  side: Side,
  { message, posted }: { message: RoomMessage; posted: ReadonlyMap<string, string> },
): Promise<void> {
  const { workspace, store, mirror, entries } = side;
  const { channel, thread } = mirror;
  const said = saidIn(side, message);
  if (!said) return;
  const hash = saidOf(said.text);
  const known = entries.get(message.id) ?? null;
  if (known && Buffer.compare(known.said, hash) === 0) return;
  const card = relayedCard(said.text);
  const metadata = mirrorMetadata(message.id);
  const before = known?.ts ?? posted.get(message.id) ?? null;
  if (before) await workspace.slack.update({ channel, ts: before, card, metadata });
  const ts = before ?? (await workspace.slack.post({ channel, thread, card, as: said.name, metadata }));
  if (!before) await bringFiles(side, { message, parts: said.parts, name: said.name });
  const entry = { message: message.id, ts, fromSlack: false, said: hash };
  await store.keep(mirror, entry);
  entries.set(message.id, entry);
}

/** Who says what; null for what is no message. Keys of chats, and what would notify everybody, stay out of Slack. */
function saidIn(
  { room }: Side,
  { body, sender }: RoomMessage,
): { name: string; text: string; parts: readonly Part[] } | null {
  if (body.type === "reply") return { name: MATE_NAME, text: harmless(body.reply.text), parts: [] };
  if (body.type !== "content" || body.content.type !== "message") return null;
  const person = room.state.people.find((one) => one.sender === sender)?.name;
  const { content } = body;
  const name = content.name || person || "Guest";
  // A person's, whatever they call themselves (SPEC M10).
  const from = resemblesMate(name) ? `not ${MATE_NAME}, encrypted chat` : "encrypted chat";
  return { name: `${name.slice(0, 44)} (${from})`, text: harmless(messageText(content)), parts: content.parts };
}

function harmless(markdown: string): string {
  return cutKeys(markdown).replaceAll(/<(?=[!@#])/gu, "&lt;");
}

/** Files are uploaded under their message; one that does not open or does not fit is named there anyway. */
async function bringFiles(
  { workspace, mirror }: Side,
  { message, parts, name }: { message: RoomMessage; parts: readonly Part[]; name: string },
): Promise<void> {
  const { slack, sharing } = workspace;
  const { channel, thread, chat } = mirror;
  for (const part of parts) {
    if ((part.type !== "image" && part.type !== "file") || !part.embed) continue;
    try {
      const opened = await sharing.openEmbed({ ref: part.embed, chat, sender: message.sender });
      const bytes = new Uint8Array(await new Response(opened.stream()).arrayBuffer());
      await slack.upload({ channel, thread, name: part.name, bytes, comment: `From ${name}` });
    } catch (error) {
      if (error instanceof BotError && error.retryable) throw error;
    }
  }
}

async function isRedacted({ room }: Side, { message }: Mirrored): Promise<boolean> {
  const seq = await room.seqOf(message);
  if (seq === null) return false;
  await room.load(seq, seq);
  return room.state.messages.at(seq)?.body.type === "redacted";
}

/** The bot reacts in Slack as long as anybody in the chat does. */
async function bringReactions({ workspace, mirror, room, thread }: Side, { message, ts }: Mirrored): Promise<void> {
  const { channel } = mirror;
  const { slack, self } = workspace;
  const others = (senders: readonly string[]) => senders.some((sender) => sender !== room.state.me);
  const wanted = new Set(
    room.state.reactions.of(message).flatMap(({ emoji, senders }) => (others(senders) ? (emojiName(emoji) ?? []) : [])),
  );
  const found = thread.find((one) => one.ts === ts)?.reactions ?? [];
  const shown = new Set(found.filter(({ users }) => users.includes(self.botUser)).map(({ name }) => name));
  for (const name of wanted) if (!shown.has(name)) await slack.react({ channel, ts, name });
  for (const name of shown) if (!wanted.has(name)) await slack.unreact({ channel, ts, name });
}
