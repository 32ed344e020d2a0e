import type { ChatId } from "@openmates-share/client";
import type { AllMiddlewareArgs, SlackViewMiddlewareArgs, ViewSubmitAction } from "@slack/bolt";
import { sentenceOf } from "../../errors.ts";
import { liftedOf } from "../../firewall/lifted.ts";
import { describeError } from "../../quiet-logger.ts";
import { sentence } from "../../screens/mrkdwn-text.ts";
import { rekeyShare } from "../../use-cases/rekey-share.ts";
import type { WorkspaceOf } from "../workspace-of.ts";

type Args = Pick<AllMiddlewareArgs, "context" | "logger"> &
  Pick<SlackViewMiddlewareArgs<ViewSubmitAction>, "ack" | "body" | "view">;

/** The password for a link that takes another's place. */
export function lockSubmitted(workspaceOf: WorkspaceOf) {
  return async ({ ack, body, view, context, logger }: Args): Promise<void> => {
    await ack();
    const workspace = workspaceOf({ context });
    const user = body.user.id;
    const { password } = liftedOf(body);
    try {
      await rekeyShare(workspace, { chat: view.private_metadata as ChatId, user, password });
    } catch (error) {
      logger.warn(`Replacing a link failed: ${describeError(error)}`);
      await workspace.slack.post({ channel: user, card: sentence(sentenceOf(error)) });
    }
  };
}
