import type { AskId, ChatId } from "@openmates-share/client";
import { underJob } from "../delivery/jobs.ts";
import { BotError, sentenceOf } from "../errors.ts";
import { note } from "../screens/mrkdwn-text.ts";
import type { Card } from "../slack/slack.ts";
import type { Workspace } from "../workspace.ts";
import { answerNote, stopBlock } from "./answer-message.ts";
import { askMate, type Outcome } from "./ask-mate.ts";
import { GrowingMessage } from "./growing-message.ts";
import { type MentionSpot, questionContext } from "./question-context.ts";

export interface Mention extends MentionSpot {
  readonly user: string;
}

/** Answers a mention in its thread, streamed; an error becomes a sentence there. */
export async function answerMention(workspace: Workspace, mention: Mention): Promise<void> {
  const { team, slack, jobs } = workspace;
  const { user, channel } = mention;
  const thread = mention.thread ?? mention.ts;
  const message = new GrowingMessage({ slack, place: { channel, thread, user, team }, under: [] });
  const job = { kind: "answer", team, user, channel, thread, ts: null } as const;
  await underJob(jobs, job, async (change) => {
    const { spot } = await message.begin();
    await change({ ...job, ts: spot.ts });
    await answerInto(workspace, { mention, thread, message });
  });
}

async function answerInto(
  workspace: Workspace,
  { mention, thread, message }: { mention: Mention; thread: string; message: GrowingMessage },
): Promise<void> {
  const { slack, asking } = workspace;
  const { user, channel } = mention;
  try {
    const conversation = await questionContext(workspace, mention);
    if (conversation.messages.length === 0) {
      throw new BotError("no_messages", "There is nothing here that I could answer.");
    }
    const outcome = await askMate({
      asking: asking(user),
      conversation,
      onText: (text) => message.grow(text),
      onAsked: async (ask) => {
        // Whoever asked can stop it; an answer that cannot be stopped is an answer all the same.
        const card = stopCard({ user, ...ask });
        await slack.whisper({ channel, thread, user, card }).catch(() => undefined);
      },
    });
    await finish(message, outcome);
  } catch (error) {
    await message.end(sentenceOf(error), []);
    throw error;
  }
}

async function finish(message: GrowingMessage, outcome: Outcome): Promise<void> {
  if (outcome.state === "answered") {
    await message.end(outcome.reply.text || "(The answer is empty.)", [answerNote(outcome.reply)]);
    return;
  }
  const { text, sentence } = outcome;
  await message.end(text || sentence, text ? [note(`:warning: ${sentence}`)] : []);
}

/** What the stop button carries: any node can stop it. */
export interface StoppableAsk {
  readonly user: string;
  readonly chat: ChatId;
  readonly ask: AskId;
}

function stopCard(ask: StoppableAsk): Card {
  const text = "I am answering.";
  return { text, blocks: [note(text), stopBlock(JSON.stringify(ask))] };
}
