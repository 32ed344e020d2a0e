import type { AllMiddlewareArgs, SlackShortcutMiddlewareArgs } from "@slack/bolt";
import * as v from "valibot";
import { BotError, sentenceOf } from "../../errors.ts";
import { describeError } from "../../quiet-logger.ts";
import { sentence } from "../../screens/mrkdwn-text.ts";
import { emptyForm } from "../../screens/share-form.ts";
import { firstTitle } from "../../screens/share-modal.ts";
import { isDirect } from "../../slack/is-direct.ts";
import { openForm } from "../../use-cases/open-form.ts";
import { tell } from "../../use-cases/tell.ts";
import type { WorkspaceOf } from "../workspace-of.ts";

/** In the message menu: "Share as encrypted chat". */
export const SHARE_THREAD = "share_thread";
const NOT_HERE = "I can't read direct messages. Use this in a channel, and invite me there first.";

type Args = Pick<AllMiddlewareArgs, "context" | "logger"> & Pick<SlackShortcutMiddlewareArgs, "ack" | "body">;

export const messageActionSchema = v.object({
  user: v.object({ id: v.string() }),
  channel: v.object({ id: v.string(), name: v.nullish(v.string()) }),
  trigger_id: v.string(),
  response_url: v.string(),
  message: v.object({ ts: v.string(), thread_ts: v.nullish(v.string()) }),
});

/** On any message of a thread it shares the thread; on one without replies, the message. */
export function shareThread(workspaceOf: WorkspaceOf) {
  return async ({ ack, body, context, logger }: Args): Promise<void> => {
    await ack();
    const { user, channel, message, trigger_id: trigger, response_url } = v.parse(messageActionSchema, body);
    const workspace = workspaceOf({ context });
    const thread = message.thread_ts ?? message.ts;
    const asker = { user: user.id, channel: channel.id, responseUrl: response_url };
    try {
      if (isDirect({ channel: channel.id, name: channel.name })) throw new BotError("not_in_channel", NOT_HERE);
      const channelName = channel.name && channel.name !== "privategroup" ? channel.name : null;
      const form = emptyForm({ title: firstTitle({ channelName, today: new Date() }), thread: true });
      const origin = { channel: channel.id, responseUrl: response_url, thread };
      await openForm(workspace, { trigger, form, origin, passwordWanted: false });
    } catch (error) {
      logger.warn(`Opening the form failed: ${describeError(error)}`);
      await tell(workspace, { asker, card: sentence(sentenceOf(error)) });
    }
  };
}
