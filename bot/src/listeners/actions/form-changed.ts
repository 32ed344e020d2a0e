import type { AllMiddlewareArgs, SlackActionMiddlewareArgs } from "@slack/bolt";
import * as v from "valibot";
import { liftedOf } from "../../firewall/lifted.ts";
import { describeError } from "../../quiet-logger.ts";
import { PASSWORD_ACTION } from "../../screens/field-names.ts";
import { note } from "../../screens/mrkdwn-text.ts";
import { readDraft } from "../../screens/share-form.ts";
import { fieldsIn, readOrigin, SHARE_VIEW, shareModal } from "../../screens/share-modal.ts";
import type { View } from "../../slack/slack.ts";
import { lookAhead } from "../../use-cases/look-ahead.ts";
import type { Workspace } from "../../workspace.ts";
import type { WorkspaceOf } from "../workspace-of.ts";

type Args = Pick<AllMiddlewareArgs, "context" | "logger"> & Pick<SlackActionMiddlewareArgs, "ack" | "body">;

const blockSchema = v.object({ block_id: v.optional(v.string()), optional: v.optional(v.boolean()) });
const bodySchema = v.object({
  view: v.object({
    id: v.string(),
    hash: v.string(),
    callback_id: v.literal(SHARE_VIEW),
    private_metadata: v.string(),
    state: v.object({ values: v.unknown() }),
    blocks: v.optional(v.array(blockSchema), []),
  }),
});
type FormView = v.InferOutput<typeof bodySchema>["view"];

/**
 * Somebody changes the form: shows the fields that this asks for, at once, and then anew what will be shared, and who will be
 * able to read it.
 */
export function formChanged(workspaceOf: WorkspaceOf) {
  return async ({ ack, body, context, logger }: Args): Promise<void> => {
    await ack();
    const { view } = v.parse(bodySchema, body);
    const form = readDraft(view.state.values);
    if (!form) return;
    const workspace = workspaceOf({ context });
    const origin = readOrigin(view.private_metadata);
    const password = liftedOf(body).password !== null;
    try {
      const content = { form, origin, passwordWanted: wantsPassword(view) };
      const hash = await rearrange(workspace, { view, fresh: shareModal({ ...content, outlook: [LOOKING] }) });
      const outlook = await lookAhead(workspace, { form, origin, password });
      // With the hash: a later change shows its own outlook, and this one must not take its place.
      await workspace.slack.updateView({ id: view.id, view: shareModal({ ...content, outlook }), hash });
    } catch (error) {
      logger.debug(`The form went on without its outlook: ${describeError(error)}`);
    }
  };
}

const LOOKING = note(":hourglass_flowing_sand: Looking at what that means…");

/** Only where fields come or go: the outlook that stands there meanwhile is the one before. Returns the form's hash then. */
async function rearrange(
  { slack }: Workspace,
  { view, fresh }: { view: FormView; fresh: View },
): Promise<string | null> {
  const same = fieldsIn(view.blocks).join() === fieldsIn(fresh.blocks).join();
  return same ? view.hash : slack.updateView({ id: view.id, view: fresh, hash: view.hash });
}

/** The form came back because something failed, and had a password: it goes on asking for one. */
function wantsPassword({ blocks }: FormView): boolean {
  return blocks.some(({ block_id, optional }) => block_id === PASSWORD_ACTION && optional === false);
}
