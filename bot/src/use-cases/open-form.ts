import type { Offer } from "../screens/again-offer.ts";
import { shareModal } from "../screens/share-modal.ts";
import type { Workspace } from "../workspace.ts";
import { lookAhead } from "./look-ahead.ts";

/** Opens the form at once, for the trigger lives for seconds, and then shows under it what it means. */
export async function openForm(
  workspace: Workspace,
  { trigger, form, origin, passwordWanted, problem }: Offer & { trigger: string; problem?: string },
): Promise<void> {
  const { slack } = workspace;
  const content = { form, origin, passwordWanted, ...(problem ? { problem } : {}) };
  const { id, hash } = await slack.openView({ trigger, view: shareModal(content) });
  const outlook = await lookAhead(workspace, { form, origin, password: passwordWanted });
  // Not in the place of what somebody has made of it meanwhile; and who has closed it misses nothing.
  await slack.updateView({ id, view: shareModal({ ...content, outlook }), hash }).catch(() => undefined);
}
