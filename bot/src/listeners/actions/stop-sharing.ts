import type { ChatId } from "@openmates-share/client";
import type { AllMiddlewareArgs, SlackActionMiddlewareArgs } from "@slack/bolt";
import * as v from "valibot";
import { sentenceOf } from "../../errors.ts";
import { describeError } from "../../quiet-logger.ts";
import { sentence } from "../../screens/mrkdwn-text.ts";
import { stopShare } from "../../use-cases/stop-share.ts";
import { tell } from "../../use-cases/tell.ts";
import type { WorkspaceOf } from "../workspace-of.ts";

type Args = Pick<AllMiddlewareArgs, "context" | "logger"> & Pick<SlackActionMiddlewareArgs, "ack" | "body">;

const bodySchema = v.object({
  user: v.object({ id: v.string() }),
  channel: v.object({ id: v.string() }),
  response_url: v.string(),
  actions: v.tupleWithRest([v.object({ value: v.string() })], v.unknown()),
});

/** The button of `/share list`. Whether the chat is the clicker's to stop is for the use case to say. */
export function stopSharing(workspaceOf: WorkspaceOf) {
  return async ({ ack, body, context, logger }: Args): Promise<void> => {
    await ack();
    const { user, channel, response_url, actions } = v.parse(bodySchema, body);
    const workspace = workspaceOf({ context });
    const asker = { user: user.id, channel: channel.id, responseUrl: response_url };
    try {
      // The value was an id when the list was made; a made-up one is nobody's share.
      await stopShare(workspace, { chat: actions[0].value as ChatId, user: user.id });
      await tell(workspace, { asker, card: sentence("Stopped. The link no longer works.") });
    } catch (error) {
      logger.warn(`Stopping failed: ${describeError(error)}`);
      await tell(workspace, { asker, card: sentence(sentenceOf(error)) });
    }
  };
}
