import { type Conversation, MATE_NAME } from "@openmates-share/client";
import { isWritten, toConversation } from "../conversation/slack-conversation.ts";
import { compareTs, type SlackMessage } from "../slack/slack-message.ts";
import type { Workspace } from "../workspace.ts";
import { ANSWER_METADATA } from "./answer-message.ts";

/** Messages that go along with a question; as many as the apps send. */
const CONTEXT = 30;
const PAGE = 200;
/** Of a thread of thousands, the newest are at its end. */
const MAX_PAGES = 20;

export interface MentionSpot {
  readonly channel: string;
  readonly ts: string;
  /** Null for a message that is in no thread. */
  readonly thread: string | null;
  /** Whether it is a direct message to the bot, where everything is one conversation. */
  readonly direct: boolean;
}

/** What the mate is told: the thread up to the message that asks, which is the last one. */
export async function questionContext(workspace: Workspace, spot: MentionSpot): Promise<Conversation> {
  const { slack, self } = workspace;
  const all = spot.thread ? await threadOf(workspace, spot.channel, spot.thread) : await besides(workspace, spot);
  const isAnswer = (message: SlackMessage) => message.metadata?.event_type === ANSWER_METADATA.type;
  const before = all.filter(
    (message) => compareTs(message.ts, spot.ts) <= 0 && (isWritten(message, self) || isAnswer(message)),
  );
  const messages = before.sort((a, b) => compareTs(a.ts, b.ts)).slice(-CONTEXT);
  const conversation = await toConversation(slack, { title: "Slack", messages: messages.map(asMate) });
  return conversation;

  function asMate(message: SlackMessage): SlackMessage {
    return isAnswer(message) ? { ...message, username: MATE_NAME, user: undefined } : message;
  }
}

async function threadOf({ slack }: Workspace, channel: string, thread: string): Promise<SlackMessage[]> {
  const found = new Map<string, SlackMessage>();
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await slack.replies({ channel, thread, limit: PAGE, cursor });
    for (const message of answer.messages) found.set(message.ts, message);
    cursor = answer.next;
    if (!cursor) break;
  }
  return [...found.values()];
}

/** In a channel a mention outside of threads stands for itself; in a direct message it goes on from what was said. */
async function besides({ slack }: Workspace, { channel, ts, direct }: MentionSpot): Promise<SlackMessage[]> {
  if (direct) return [...(await slack.history({ channel, limit: CONTEXT, cursor: null })).messages];
  const message = await slack.message({ channel, ts });
  return message ? [message] : [];
}
