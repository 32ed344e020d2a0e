import { type Conversation, MATE_NAME } from "@openmates-share/client";
import { isWritten, toConversation } from "../conversation/slack-conversation.ts";
import { threadPages } from "../slack/pages.ts";
import { compareTs, type SlackMessage } from "../slack/slack-message.ts";
import type { Workspace } from "../workspace.ts";
import { ANSWER_METADATA } from "./answer-message.ts";
import type { MentionSpot } from "./mention-spot.ts";

/** Messages that go along with a question; as many as the apps send. */
const CONTEXT = 30;
/** Earlier questions of a direct message whose answers go along. */
const ANSWERS = 3;

/** What the mate is told: the thread up to the message that asks, which is the last one. */
export async function questionContext(workspace: Workspace, spot: MentionSpot): Promise<Conversation> {
  const { slack, self } = workspace;
  const isAnswer = (message: SlackMessage) => message.metadata?.event_type === ANSWER_METADATA.type;
  let messages: SlackMessage[] = [];
  for await (const page of saidBefore(workspace, spot)) {
    const asked = page.filter(
      (message) => compareTs(message.ts, spot.ts) <= 0 && (isWritten(message, self) || isAnswer(message)),
    );
    // Of a thread of thousands, no more is kept than goes along.
    messages = [...messages, ...asked].sort((a, b) => compareTs(a.ts, b.ts)).slice(-CONTEXT);
  }
  const conversation = await toConversation(slack, { title: "Slack", messages: messages.map(asMate) });
  return conversation;

  function asMate(message: SlackMessage): SlackMessage {
    return isAnswer(message) ? { ...message, username: MATE_NAME, user: undefined } : message;
  }
}

/**
 * The thread; in a channel a mention outside of threads stands for itself, and in a direct message it goes on from what was
 * said, the answers of which are in threads.
 */
async function* saidBefore(
  { slack }: Workspace,
  { channel, ts, thread, direct }: MentionSpot,
): AsyncGenerator<readonly SlackMessage[]> {
  if (thread) {
    yield* threadPages(slack, { channel, thread });
    return;
  }
  if (!direct) {
    const message = await slack.message({ channel, ts });
    yield message ? [message] : [];
    return;
  }
  const { messages } = await slack.history({ channel, limit: CONTEXT, cursor: null });
  yield messages;
  const answered = messages.filter((message) => (message.reply_count ?? 0) > 0 && message.ts !== ts);
  for (const message of answered.slice(0, ANSWERS)) yield* answersTo(slack, { channel, thread: message.ts });
}

/** Without the message itself, which is there already. */
async function* answersTo(slack: Workspace["slack"], place: { channel: string; thread: string }) {
  for await (const page of threadPages(slack, place)) yield page.filter(({ ts }) => ts !== place.thread);
}
