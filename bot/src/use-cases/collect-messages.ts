import { isWritten } from "../conversation/slack-conversation.ts";
import { BotError } from "../errors.ts";
import type { SlackMessage } from "../slack/slack-message.ts";
import type { Workspace } from "../workspace.ts";

/** Messages that a page has at most, Slack's own advice; new apps outside its marketplace get 15 whatever they ask for. */
const PAGE = 200;
/** Where many messages are left out, asking for single ones would run into Slack's rate limit. */
const LEAST_FURTHER_PAGE = 20;
/** A channel of joins and bot cards alone must not be read to its beginning. */
const MAX_PAGES = 40;

/**
 * The last `count` messages that people wrote in a channel, newest first; no page more than it takes.
 *
 * @throws BotError `not_in_channel`, `no_messages`
 */
export async function collectMessages(
  { slack, self }: Pick<Workspace, "slack" | "self">,
  { channel, count }: { channel: string; count: number },
): Promise<readonly SlackMessage[]> {
  const found: SlackMessage[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES && found.length < count; page += 1) {
    const wanted = Math.max(count - found.length, page === 0 ? 1 : LEAST_FURTHER_PAGE);
    const { messages, next } = await slack.history({ channel, limit: Math.min(PAGE, wanted), cursor });
    found.push(...messages.filter((message) => isWritten(message, self)));
    cursor = next;
    if (!cursor) break;
  }
  if (found.length > 0) return found.slice(0, count);
  throw new BotError("no_messages", "There are no messages to share in this conversation yet.");
}
