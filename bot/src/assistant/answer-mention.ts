import { type AnswerJob, underJob } from "../delivery/jobs.ts";
import { BotError, sentenceOf } from "../errors.ts";
import { note } from "../screens/mrkdwn-text.ts";
import type { Block } from "../slack/slack.ts";
import type { Workspace } from "../workspace.ts";
import { againBlock, answerNote } from "./answer-message.ts";
import { askMate, type Outcome } from "./ask-mate.ts";
import { GrowingMessage } from "./growing-message.ts";
import type { MentionSpot } from "./mention-spot.ts";
import { questionContext } from "./question-context.ts";
import { type StoppableAsk, stopAsk } from "./stop-answer.ts";

export interface Mention extends MentionSpot {
  /** Who asks, and pays. */
  readonly user: string;
}

/** Answers a mention in its thread, streamed; an error becomes a sentence there, with a way to try again. */
export async function answerMention(workspace: Workspace, mention: Mention): Promise<void> {
  const { team, slack, jobs, mirrors } = workspace;
  const { user, ...spot } = mention;
  const thread = spot.thread ?? spot.ts;
  const { channel } = spot;
  let asked: StoppableAsk | null = null;
  const onStopped = () => void (asked && stopAsk(workspace, asked).catch(() => undefined));
  const message = new GrowingMessage({ slack, place: { channel, thread, user, team }, onStopped });
  let job: AnswerJob = { kind: "answer", team, user, channel, thread, ts: null, button: null, spot };
  await underJob(jobs, job, async (change) => {
    const { ts } = await message.begin();
    job = { ...job, ts };
    await change(job);
    const onAsked = async (ask: StoppableAsk) => {
      asked = ask;
      // An answer that cannot be stopped is an answer all the same.
      const button = await message.offerStop(JSON.stringify(ask)).catch(() => null);
      if (button) await change({ ...job, button: button.ts });
    };
    // Slack does not tell of the end of a stream everywhere: a mirror of the thread hears of it in any case.
    await answerInto(workspace, { mention, message, onAsked }).finally(() =>
      mirrors.touch({ team, channel, thread }, ts).catch(() => undefined),
    );
  });
}

interface Answering {
  readonly mention: Mention;
  readonly message: GrowingMessage;
  readonly onAsked: (ask: StoppableAsk) => Promise<void>;
}

async function answerInto(workspace: Workspace, { mention, message, onAsked }: Answering): Promise<void> {
  const { user, ...spot } = mention;
  const again = againBlock(JSON.stringify(spot));
  try {
    const conversation = await questionContext(workspace, mention);
    if (conversation.messages.length === 0) {
      throw new BotError("no_messages", "There is nothing here that I could answer.");
    }
    const outcome = await askMate({
      asking: workspace.asking(user),
      conversation,
      onText: (text) => message.grow(text),
      onAsked: (ask) => onAsked({ user, ...ask }),
    });
    await finish(message, outcome, again);
  } catch (error) {
    await message.end({ markdown: sentenceOf(error), under: [again], answered: false });
    throw error;
  }
}

async function finish(message: GrowingMessage, outcome: Outcome, again: Block): Promise<void> {
  if (outcome.state === "answered") {
    const markdown = outcome.reply.text || "(The answer is empty.)";
    await message.end({ markdown, under: [answerNote(outcome.reply)], answered: true });
    return;
  }
  const { text, sentence } = outcome;
  const under = [...(text ? [note(`:warning: ${sentence}`)] : []), again];
  await message.end({ markdown: text || sentence, under, answered: false });
}
