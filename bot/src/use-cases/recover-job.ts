import type { Job } from "../delivery/jobs.ts";
import { againOffer } from "../screens/again-offer.ts";
import type { Workspace } from "../workspace.ts";
import { tell } from "./tell.ts";

const INTERRUPTED = "I was interrupted while I shared this, and nothing was shared.";

/** Tells whoever waits for work that the end of a node has interrupted. */
export async function recoverJob(workspace: Workspace, job: Job): Promise<void> {
  if (job.kind !== "share") return;
  const { user, origin, form, passwordWanted } = job;
  const card = againOffer(INTERRUPTED, { form, origin, passwordWanted });
  await tell(workspace, { asker: { user, ...origin }, card });
}
