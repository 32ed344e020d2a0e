import type { AllMiddlewareArgs, SlackCommandMiddlewareArgs } from "@slack/bolt";
import { BotError, sentenceOf } from "../../errors.ts";
import { liftedOf } from "../../firewall/lifted.ts";
import { describeError } from "../../quiet-logger.ts";
import { HELP, listAnswer, updatedAnswer } from "../../screens/answers.ts";
import { sentence } from "../../screens/mrkdwn-text.ts";
import { emptyForm } from "../../screens/share-form.ts";
import { firstTitle } from "../../screens/share-modal.ts";
import { isDirect } from "../../slack/is-direct.ts";
import type { GivenLink } from "../../slack/share-link-text.ts";
import type { Card } from "../../slack/slack.ts";
import { listShares } from "../../use-cases/list-shares.ts";
import { openForm } from "../../use-cases/open-form.ts";
import { postCard } from "../../use-cases/post-card.ts";
import { stopShare } from "../../use-cases/stop-share.ts";
import { type Asker, tell } from "../../use-cases/tell.ts";
import { updateShare } from "../../use-cases/update-share.ts";
import type { Workspace } from "../../workspace.ts";
import type { WorkspaceOf } from "../workspace-of.ts";
import { readShareRequest, type ShareRequest } from "./share-request.ts";

const NOT_HERE = "I can't read direct messages. Use `/share` in a channel, and invite me there first.";

type Args = Pick<AllMiddlewareArgs, "context" | "logger"> &
  Pick<SlackCommandMiddlewareArgs, "ack" | "body" | "command">;

/** `/share`: acknowledged at once, answered to its caller alone. */
export function shareCommand(workspaceOf: WorkspaceOf) {
  return async ({ ack, body, command, context, logger }: Args): Promise<void> => {
    await ack();
    const workspace = workspaceOf({ context });
    const asker = { user: command.user_id, channel: command.channel_id, responseUrl: command.response_url };
    try {
      const request = readShareRequest(command.text, liftedOf(body));
      const card =
        request.type === "form"
          ? await openHere(workspace, { asker, trigger: command.trigger_id, channelName: command.channel_name })
          : await answer(workspace, { request, asker });
      if (card) await tell(workspace, { asker, card });
    } catch (error) {
      logger.warn(`/share failed: ${describeError(error)}`);
      await tell(workspace, { asker, card: sentence(sentenceOf(error)) });
    }
  };
}

async function openHere(
  workspace: Workspace,
  { asker, trigger, channelName }: { asker: Asker; trigger: string; channelName: string },
): Promise<null> {
  const { channel, responseUrl } = asker;
  // Nobody can invite an app into a conversation between people: better said before the form is filled in.
  if (isDirect({ channel, name: channelName })) throw new BotError("not_in_channel", NOT_HERE);
  // Slack says "directmessage" or "privategroup" where a conversation has no name that people know.
  const named = channel.startsWith("C") && channelName !== "privategroup" ? channelName : null;
  const form = emptyForm({ title: firstTitle({ channelName: named || null, today: new Date() }), thread: false });
  await openForm(workspace, { trigger, form, origin: { channel, responseUrl, thread: null }, passwordWanted: false });
  return null;
}

/** Null when what was done speaks for itself. */
async function answer(
  workspace: Workspace,
  { request, asker }: { request: Exclude<ShareRequest, { type: "form" }>; asker: Asker },
): Promise<Card | null> {
  const { user, channel } = asker;
  switch (request.type) {
    case "help":
      return HELP;
    case "unclear":
      return {
        ...HELP,
        blocks: [...sentence("I did not understand that; a whole share link may be missing.").blocks, ...HELP.blocks],
      };
    case "list":
      return listAnswer(await listShares(workspace, { user }));
    case "stop":
      await stopShare(workspace, { chat: chatOf(request.link), user });
      return sentence("Stopped. The link no longer works; what its readers have seen can't be taken back.");
    case "update":
      return updatedAnswer(await updateShare(workspace, { chat: chatOf(request.link), user }));
    case "card":
      return postCard(workspace, { link: request.link, channel, user });
  }
}

function chatOf({ subject }: GivenLink) {
  if (subject.type === "chat") return subject.id;
  throw new BotError("not_a_share", "You have not shared this from Slack, or it has been stopped already.");
}
