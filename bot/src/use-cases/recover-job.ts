import type { Job } from "../delivery/jobs.ts";
import { againOffer } from "../screens/again-offer.ts";
import { sentence } from "../screens/mrkdwn-text.ts";
import type { Workspace } from "../workspace.ts";
import { tell } from "./tell.ts";

const INTERRUPTED = "I was interrupted while I shared this, and nothing was shared.";

/** Tells whoever waits for work that the end of a node has interrupted. */
export async function recoverJob(workspace: Workspace, job: Job): Promise<void> {
  if (job.kind === "answer") {
    const { channel, thread, ts } = job;
    const card = sentence("The answer was interrupted. Please mention me again.");
    if (ts) await workspace.slack.update({ channel, ts, card });
    else await workspace.slack.post({ channel, thread, card });
    return;
  }
  const { user, origin, form, passwordWanted } = job;
  const card = againOffer(INTERRUPTED, { form, origin, passwordWanted });
  await tell(workspace, { asker: { user, ...origin }, card });
}
