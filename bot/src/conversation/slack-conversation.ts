import {
  type Conversation,
  type ConversationMessage,
  type DraftPart,
  LIMITS,
  textParts,
} from "@openmates-share/client";
import { cutKeys } from "../firewall/cut-fragments.ts";
import type { Slack } from "../slack/slack.ts";
import { compareTs, type SlackFile, type SlackMessage, timeOfTs } from "../slack/slack-message.ts";
import { attachmentsMarkdown } from "./attachments-markdown.ts";
import { blocksMarkdown, hasRichText } from "./blocks-markdown.ts";
import { type Names, plainly, toMarkdown } from "./mrkdwn.ts";
import { namesIn } from "./names-in.ts";

/** Kinds of messages that people wrote; the others say that somebody joined, renamed, pinned or deleted. */
const WRITTEN = new Set(["bot_message", "file_share", "me_message", "thread_broadcast", "reply_broadcast"]);

/**
 * Whether a message belongs into a shared conversation. The bot's own cards do not: they carry links with keys, which
 * would hand other chats to whoever gets this one.
 */
export function isWritten(message: SlackMessage, self: { botId: string; botUser: string }): boolean {
  if (message.bot_id === self.botId || message.user === self.botUser) return false;
  return message.subtype === undefined || WRITTEN.has(message.subtype);
}

/** How Slack's messages become a conversation. */
export interface ConversationOptions {
  readonly title: string;
  readonly messages: readonly SlackMessage[];
  /** Gives a file's bytes, or null for one that is left out; without it files are named and not taken along. */
  readonly file?: ((file: SlackFile) => Promise<Blob | null>) | undefined;
  /** False where the messages are in the order that is wanted: replies behind what they reply to. */
  readonly sort?: boolean;
}

/** Slack's messages as a conversation, oldest first. Looks up the names it needs. */
export async function toConversation(
  slack: Pick<Slack, "personName" | "channelName" | "groupName">,
  { title, messages, file, sort = true }: ConversationOptions,
): Promise<Conversation> {
  const names = await namesIn(slack, messages);
  const ordered = sort ? messages.toSorted((a, b) => compareTs(a.ts, b.ts)) : messages;
  const files = new Map(messages.flatMap((message) => message.files ?? []).map((one) => [one.id ?? "", one]));
  const embedded = file !== undefined;
  return {
    title,
    messages: ordered.map((message) => toMessage(message, { names, embedded })).filter(({ parts }) => parts.length > 0),
    ...(file
      ? {
          attachment: async (source: string) => {
            const found = files.get(source);
            return found ? file(found) : null;
          },
        }
      : {}),
  };
}

/** One message; without parts when it says nothing. */
export function toMessage(
  message: SlackMessage,
  { names, embedded }: { names: Names; embedded: boolean },
): ConversationMessage {
  return {
    role: message.bot_id ? "assistant" : "user",
    name: authorName(message, names).slice(0, LIMITS.name),
    parts: partsOf(message, { names, embedded }),
    time: timeOfTs(message.ts),
    model: null,
  };
}

export function authorName(message: SlackMessage, names: Names): string {
  const person = message.user ? names.person(message.user) : null;
  if (message.bot_id) return message.username || message.bot_profile?.name || person || "App";
  return person ?? "Someone";
}

function partsOf(message: SlackMessage, { names, embedded }: { names: Names; embedded: boolean }): DraftPart[] {
  const files = message.files ?? [];
  const text = textOf(message, names);
  const taken = embedded ? files.filter(isFetchable) : [];
  const named = files.filter((file) => !taken.includes(file)).map(namedFile);
  const whole = [text, ...named].filter(Boolean).join("\n\n");
  return [...(whole ? textParts(whole) : []), ...taken.map(filePart)];
}

/** In the place of a file that was deleted in Slack, alone. */
export const DELETED_FILE = "📎 a file that was deleted";

function namedFile({ name, mode }: SlackFile): string {
  return !name && mode === "tombstone" ? DELETED_FILE : `📎 ${plainly(name ?? "a file")}`;
}

/** What a message says, as markdown, without its files. Keys of other chats stay out of it, whoever pasted them. */
export function textOf(message: SlackMessage, names: Names): string {
  const blocks = message.blocks ?? [];
  const fromBlocks = blocksMarkdown(blocks, names);
  const fromText = toMarkdown(message.text ?? "", names).trim();
  // Apps write a short `text` for notifications beside blocks that say it all.
  const preferBlocks = hasRichText(blocks) || message.bot_id;
  const written = preferBlocks ? fromBlocks || fromText : fromText || fromBlocks;
  const said = message.subtype === "me_message" && written ? `*${written}*` : written;
  return cutKeys([said, attachmentsMarkdown(message.attachments ?? [], names)].filter(Boolean).join("\n\n"));
}

/** Files of other services, and files that were deleted or are too old, are not there to be fetched. */
export function isFetchable({ id, mode, url_private, url_private_download }: SlackFile): boolean {
  const gone = mode === "tombstone" || mode === "hidden_by_limit" || mode === "external";
  return Boolean(id) && !gone && Boolean(url_private_download ?? url_private);
}

function filePart(file: SlackFile): DraftPart {
  const attached = {
    source: file.id ?? null,
    name: (file.name || file.title || "file").slice(0, LIMITS.fileName),
    mediaType: (file.mimetype ?? "").slice(0, LIMITS.mediaType),
    size: file.size ?? null,
  };
  if (!attached.mediaType.startsWith("image/")) return { type: "file", ...attached };
  return { type: "image", ...attached, alt: "", width: null, height: null };
}
