import type { AllMiddlewareArgs, SlackActionMiddlewareArgs } from "@slack/bolt";
import * as v from "valibot";
import { liftedOf } from "../../firewall/lifted.ts";
import { describeError } from "../../quiet-logger.ts";
import { readDraft } from "../../screens/share-form.ts";
import { readOrigin, SHARE_VIEW, shareModal } from "../../screens/share-modal.ts";
import { lookAhead } from "../../use-cases/look-ahead.ts";
import type { WorkspaceOf } from "../workspace-of.ts";

type Args = Pick<AllMiddlewareArgs, "context" | "logger"> & Pick<SlackActionMiddlewareArgs, "ack" | "body">;

const bodySchema = v.object({
  view: v.object({
    id: v.string(),
    hash: v.string(),
    callback_id: v.literal(SHARE_VIEW),
    private_metadata: v.string(),
    state: v.object({ values: v.unknown() }),
  }),
});

/** Somebody changes the form: shows anew what will be shared, and who will be able to read it. */
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
      const outlook = await lookAhead(workspace, { form, origin, password });
      // With the hash: a later change shows its own outlook, and this one must not take its place.
      await workspace.slack.updateView({ id: view.id, view: shareModal({ form, origin, outlook }), hash: view.hash });
    } catch (error) {
      logger.debug(`The form went on without its outlook: ${describeError(error)}`);
    }
  };
}
