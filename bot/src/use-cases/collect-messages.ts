import { isWritten } from "../conversation/slack-conversation.ts";
import { BotError } from "../errors.ts";
import { COUNT_LIMITS, type ShareForm } from "../screens/share-form.ts";
import { PAGE, pages, threadPages } from "../slack/pages.ts";
import { compareTs, type SlackMessage } from "../slack/slack-message.ts";
import type { Workspace } from "../workspace.ts";

/** Where many messages are left out, asking for single ones would run into Slack's rate limit. */
const LEAST_FURTHER_PAGE = 20;
/** Which messages: of a channel, or of a thread in it. */
export interface Selection {
  readonly channel: string;
  readonly thread: string | null;
  readonly which: ShareForm["which"];
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly since: number | null;
  /** Only what came after this message. */
  readonly after?: string | null;
  readonly replies: boolean;
  /** At most so many, whatever is wanted. */
  readonly limit?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((read: number) => void) | undefined;
}

export interface Collected {
  /** Oldest first, replies behind what they reply to. */
  readonly messages: readonly SlackMessage[];
  /** Whether there are more than these, older ones. */
  readonly more: boolean;
}

type Reader = Pick<Workspace, "slack" | "self">;

/**
 * The messages that people wrote in a channel or a thread; no page more than it takes.
 *
 * @throws BotError `not_in_channel`, `no_messages`
 */
export async function collectMessages(workspace: Reader, selection: Selection): Promise<Collected> {
  const wanted = wantedOf(selection);
  const found = selection.thread
    ? await readThread(workspace, { ...selection, thread: selection.thread })
    : await readChannel(workspace, selection, wanted + 1);
  const messages = found.slice(-wanted);
  if (messages.length === 0) {
    throw new BotError("no_messages", "There are no messages to share in this conversation yet.");
  }
  const more = found.length > wanted && selection.which !== "last";
  if (!selection.replies || selection.thread) return { messages, more };
  return withReplies(workspace, { selection, messages, more });
}

function wantedOf({ which, count, limit = COUNT_LIMITS.max }: Selection): number {
  return which === "last" ? Math.min(count, limit) : limit;
}

/** Time stamps are exclusive bounds at Slack; some Slacks give more than they are asked for. */
function oldestOf({ since, which, after = null }: Selection): string | null {
  const time = which === "since" && since !== null ? (since / 1000).toFixed(6) : null;
  if (time === null || after === null) return time ?? after;
  return compareTs(time, after) > 0 ? time : after;
}

/** Oldest first, at most so many of the newest. */
async function readChannel(
  { slack, self }: Reader,
  selection: Selection,
  most: number,
): Promise<readonly SlackMessage[]> {
  const oldest = oldestOf(selection);
  // Counting one more than wanted tells whether there are more, which nobody asks for the last ones.
  const enough = selection.which === "last" ? most - 1 : most;
  const found: SlackMessage[] = [];
  const read = (cursor: string | null, page: number) => {
    const wanted = Math.max(enough - found.length, page === 0 ? 1 : LEAST_FURTHER_PAGE);
    const { channel, signal } = selection;
    return slack.history({ channel, limit: Math.min(PAGE, wanted), cursor, oldest, signal });
  };
  for await (const { messages } of pages(read)) {
    found.push(...messages.filter((message) => isWanted(message, { oldest, self })));
    selection.onProgress?.(Math.min(found.length, enough));
    if (found.length >= enough) break;
  }
  return found.slice(0, enough).reverse();
}

/** Oldest first; the thread's first message comes with every page, and is one of them. */
async function readThread(
  { slack, self }: Reader,
  selection: Selection & { thread: string },
): Promise<readonly SlackMessage[]> {
  const oldest = oldestOf(selection);
  const { channel, thread, signal } = selection;
  const found: SlackMessage[] = [];
  for await (const messages of threadPages(slack, { channel, thread, oldest, signal })) {
    found.push(...messages.filter((message) => isWanted(message, { oldest, self })));
    selection.onProgress?.(found.length);
  }
  return found;
}

function isWanted(
  message: SlackMessage,
  { oldest, self }: { oldest: string | null } & Pick<Workspace, "self">,
): boolean {
  return isWritten(message, self) && (oldest === null || compareTs(message.ts, oldest) > 0);
}

async function withReplies(
  workspace: Reader,
  { selection, messages, more }: Collected & { selection: Selection },
): Promise<Collected> {
  const { limit = COUNT_LIMITS.max } = selection;
  const all: SlackMessage[] = [];
  for (const message of messages) {
    all.push(message);
    // A reply that was sent to the channel as well is there already, in its place.
    if (!message.reply_count || (message.thread_ts && message.thread_ts !== message.ts)) continue;
    const thread = await readThread(workspace, { ...selection, which: "all", thread: message.ts });
    all.push(...thread.filter((reply) => reply.ts !== message.ts && !messages.some(({ ts }) => ts === reply.ts)));
    selection.onProgress?.(all.length);
    if (all.length > limit) break;
  }
  return { messages: all.slice(0, limit), more: more || all.length > limit };
}
