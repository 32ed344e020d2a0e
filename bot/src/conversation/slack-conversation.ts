import { type Conversation, type ConversationMessage, LIMITS, messageText, textParts } from "@openmates-share/client";
import type { Slack } from "../slack/slack.ts";
import type { SlackMessage } from "../slack/slack-message.ts";
import { blocksText } from "./blocks-text.ts";
import { type Names, namedIn, plainly, toMarkdown } from "./mrkdwn.ts";

/** Kinds of messages that people wrote; the others say that somebody joined, renamed, pinned or deleted. */
const WRITTEN = new Set(["bot_message", "file_share", "me_message", "thread_broadcast"]);

/**
 * Whether a message belongs into a shared conversation. The bot's own cards do not: they carry links with keys, which
 * would hand other chats to whoever gets this one.
 */
export function isWritten(message: SlackMessage, self: { botId: string; botUser: string }): boolean {
  if (message.bot_id === self.botId || message.user === self.botUser) return false;
  return message.subtype === undefined || WRITTEN.has(message.subtype);
}

/** Slack's messages, in any order, as a conversation, oldest first. Looks up the names it needs. */
export async function toConversation(
  slack: Slack,
  { title, messages }: { title: string; messages: readonly SlackMessage[] },
): Promise<Conversation> {
  const names = await namesOf(slack, messages);
  const oldestFirst = messages.toSorted((a, b) => Number(a.ts) - Number(b.ts));
  return {
    title,
    messages: oldestFirst.map((message) => toMessage(message, names)).filter((message) => messageText(message) !== ""),
  };
}

function toMessage(message: SlackMessage, names: Names): ConversationMessage {
  return {
    role: message.bot_id ? "assistant" : "user",
    name: authorName(message, names).slice(0, LIMITS.name),
    parts: textParts(textOf(message, names)),
    time: Math.floor(Number(message.ts) * 1000),
    model: null,
  };
}

function authorName(message: SlackMessage, names: Names): string {
  const person = message.user ? names.person(message.user) : null;
  if (message.bot_id) return message.username || message.bot_profile?.name || person || "App";
  return person ?? "Someone";
}

function textOf(message: SlackMessage, names: Names): string {
  const written = message.text || blocksText(message.blocks) || attachmentsText(message);
  const files = message.files.map((file) => `📎 ${plainly(file.name ?? "a file")}`);
  return [toMarkdown(written, names).trim(), ...files].filter(Boolean).join("\n\n");
}

function attachmentsText({ attachments }: SlackMessage): string {
  return attachments
    .map(({ pretext, title, text, fallback }) => [pretext, title, text].filter(Boolean).join("\n") || fallback || "")
    .filter(Boolean)
    .join("\n\n");
}

async function namesOf(slack: Slack, messages: readonly SlackMessage[]): Promise<Names> {
  const people = new Set<string>();
  const channels = new Set<string>();
  for (const message of messages) {
    const named = namedIn([message.text, blocksText(message.blocks), attachmentsText(message)].join("\n"));
    for (const person of [...named.people, ...(message.user ? [message.user] : [])]) people.add(person);
    for (const channel of named.channels) channels.add(channel);
  }
  const [personNames, channelNames] = await Promise.all([
    lookUp(people, (user) => slack.personName(user)),
    lookUp(channels, (channel) => slack.channelName(channel)),
  ]);
  return { person: (user) => personNames.get(user) ?? null, channel: (channel) => channelNames.get(channel) ?? null };
}

async function lookUp(
  ids: ReadonlySet<string>,
  ask: (id: string) => Promise<string | null>,
): Promise<ReadonlyMap<string, string | null>> {
  return new Map(await Promise.all([...ids].map(async (id): Promise<[string, string | null]> => [id, await ask(id)])));
}
