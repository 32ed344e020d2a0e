import type { AllMiddlewareArgs, SlackViewMiddlewareArgs, ViewSubmitAction } from "@slack/bolt";
import { sentenceOf } from "../../errors.ts";
import { liftedOf } from "../../firewall/lifted.ts";
import type { Secret } from "../../firewall/secret.ts";
import { describeError } from "../../quiet-logger.ts";
import { sharedAnswer } from "../../screens/answers.ts";
import { sentence } from "../../screens/mrkdwn-text.ts";
import { readForm, type ShareForm } from "../../screens/share-form.ts";
import { doneModal, readOrigin, shareModal, workingModal } from "../../screens/share-modal.ts";
import { shareChannel } from "../../use-cases/share-channel.ts";
import { type Asker, tell, tellInView } from "../../use-cases/tell.ts";
import type { Workspace } from "../../workspace.ts";
import type { WorkspaceOf } from "../workspace-of.ts";

type Args = Pick<AllMiddlewareArgs, "context" | "logger"> &
  Pick<SlackViewMiddlewareArgs<ViewSubmitAction>, "ack" | "body" | "view">;

/** The form was sent: acknowledged at once with a waiting screen, which then becomes the result, or the form again. */
export function shareSubmitted(workspaceOf: WorkspaceOf) {
  return async ({ ack, body, view, context, logger }: Args): Promise<void> => {
    const { form, problems } = readForm(view.state.values);
    if (!form) return ack({ response_action: "errors", errors: { ...problems } });
    const origin = readOrigin(view.private_metadata);
    await ack({ response_action: "update", view: workingModal() });

    const workspace = workspaceOf({ context });
    const asker = { user: body.user.id, ...origin };
    const { password } = liftedOf(body);
    try {
      await shareAndTell(workspace, { viewId: view.id, asker, form, password });
    } catch (error) {
      logger.warn(`Sharing failed: ${describeError(error)}`);
      const problem = sentenceOf(error);
      const again = shareModal({ form, origin, problem, passwordWanted: password !== null });
      const card = sentence(`Nothing was shared. ${problem}`);
      await tellInView(workspace, { viewId: view.id, view: again, asker, card });
    }
  };
}

async function shareAndTell(
  workspace: Workspace,
  { viewId, asker, form, password }: { viewId: string; asker: Asker; form: ShareForm; password: Secret | null },
): Promise<void> {
  const { user, channel } = asker;
  const shared = await shareChannel(workspace, { user, channel, form, password });
  const card = sharedAnswer(shared);
  // The window will be closed: a link that is nowhere else has to stay findable.
  if (!shared.posted) await tell(workspace, { asker, card });
  await workspace.slack.updateView({ id: viewId, view: doneModal(card.blocks) }).catch(() => undefined);
}
