import { againBlock } from "../assistant/answer-message.ts";
import type { AnswerJob, Job } from "../delivery/jobs.ts";
import { againOffer } from "../screens/again-offer.ts";
import { section } from "../screens/mrkdwn-text.ts";
import type { Workspace } from "../workspace.ts";
import { tell } from "./tell.ts";

const INTERRUPTED = "I was interrupted while I shared this, and nothing was shared.";

/** Tells whoever waits for work that the end of a node has interrupted. */
export async function recoverJob(workspace: Workspace, job: Job): Promise<void> {
  if (job.kind === "answer") return recoverAnswer(workspace, job);
  const { user, origin, form, passwordWanted } = job;
  const card = againOffer(INTERRUPTED, { form, origin, passwordWanted });
  await tell(workspace, { asker: { user, ...origin }, card });
}

async function recoverAnswer({ slack }: Workspace, job: AnswerJob): Promise<void> {
  const { channel, thread, ts, button, spot } = job;
  const text = `The answer was interrupted. ${spot ? "" : "Please mention me again."}`.trim();
  const blocks = [section(`:warning: ${text}`), ...(spot ? [againBlock(JSON.stringify(spot))] : [])];
  if (button) await slack.remove({ channel, ts: button }).catch(() => false);
  if (!ts) {
    await slack.post({ channel, thread, card: { text, blocks } });
    return;
  }
  // What was streamed so far stays, and Slack lets nobody edit it before its end; all else is replaced.
  await slack
    .stopStream({ channel, ts, text: "", blocks })
    .catch(() => slack.update({ channel, ts, card: { text, blocks } }));
}
