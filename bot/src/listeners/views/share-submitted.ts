import type { AllMiddlewareArgs, SlackViewMiddlewareArgs, ViewSubmitAction } from "@slack/bolt";
import { underJob } from "../../delivery/jobs.ts";
import { sentenceOf } from "../../errors.ts";
import { liftedOf } from "../../firewall/lifted.ts";
import type { Secret } from "../../firewall/secret.ts";
import { describeError } from "../../quiet-logger.ts";
import { againOffer } from "../../screens/again-offer.ts";
import { sharedAnswer } from "../../screens/answers.ts";
import { keyHeldCard } from "../../screens/cards.ts";
import { readForm, type ShareForm } from "../../screens/share-form.ts";
import { doneModal, type Origin, readOrigin, shareModal, workingModal } from "../../screens/share-modal.ts";
import { Progress } from "../../use-cases/progress.ts";
import { shareMessages } from "../../use-cases/share-messages.ts";
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
    const request = { viewId: view.id, asker, origin, form, password };
    try {
      await shareAndTell(workspace, request);
    } catch (error) {
      logger.warn(`Sharing failed: ${describeError(error)}`);
      await offerAgain(workspace, { ...request, problem: sentenceOf(error) });
    }
  };
}

interface Submitted {
  readonly viewId: string;
  readonly asker: Asker;
  readonly origin: Origin;
  readonly form: ShareForm;
  readonly password: Secret | null;
}

async function shareAndTell(workspace: Workspace, request: Submitted): Promise<void> {
  const { viewId, asker, origin, form, password } = request;
  const { team, slack, jobs } = workspace;
  const { user } = asker;
  const progress = new Progress({ slack, viewId });
  const passwordWanted = password !== null;
  const shared = await underJob(jobs, { kind: "share", team, user, origin, form, passwordWanted }, () =>
    shareMessages(workspace, { user, origin, form, password, onProgress: (doing) => progress.tell(doing) }),
  ).finally(() => progress.end());
  const seen = shared.posted && form.audience === "channel";
  const card = sharedAnswer({ ...shared, replace: seen ? keyHeldCard({ chat: shared.chat, mine: true }).blocks : [] });
  // The window will be closed: a link that is nowhere else has to stay findable.
  if (!shared.posted) await tell(workspace, { asker, card });
  await slack.updateView({ id: viewId, view: doneModal(card.blocks) }).catch(() => undefined);
}

/** The form comes back as it was filled in; closed, it is offered in a message. */
async function offerAgain(workspace: Workspace, request: Submitted & { problem: string }): Promise<void> {
  const { viewId, asker, origin, form, password, problem } = request;
  const passwordWanted = password !== null;
  const view = shareModal({ form, origin, problem, passwordWanted });
  const card = againOffer(`Nothing was shared. ${problem}`, { form, origin, passwordWanted });
  await tellInView(workspace, { viewId, view, asker, card });
}
