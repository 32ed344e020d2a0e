import type { AllMiddlewareArgs, SlackActionMiddlewareArgs } from "@slack/bolt";
import { sentenceOf } from "../../errors.ts";
import { describeError } from "../../quiet-logger.ts";
import { sentence } from "../../screens/mrkdwn-text.ts";
import type { Card } from "../../slack/slack.ts";
import { publishHome } from "../../use-cases/publish-home.ts";
import { tell } from "../../use-cases/tell.ts";
import type { Workspace } from "../../workspace.ts";
import type { WorkspaceOf } from "../workspace-of.ts";
import { type Click, readClick } from "./clicked.ts";

type Args = Pick<AllMiddlewareArgs, "context" | "logger"> & Pick<SlackActionMiddlewareArgs, "ack" | "body">;

/** A button: acknowledged at once, then worked on; what comes of it, or why nothing did, is told to who clicked. */
export function answeringClick(
  workspaceOf: WorkspaceOf,
  { doing, work }: { doing: string; work: (workspace: Workspace, click: Click) => Promise<Card | null> },
) {
  return async ({ ack, body, context, logger }: Args): Promise<void> => {
    await ack();
    const click = readClick(body);
    const workspace = workspaceOf({ context });
    try {
      const card = await work(workspace, click);
      if (card) await show(workspace, { click, card });
    } catch (error) {
      logger.warn(`${doing} failed: ${describeError(error)}`);
      await show(workspace, { click, card: sentence(sentenceOf(error)) });
    }
  };
}

/** On the Home tab, where there is no conversation, on top of it. */
async function show(workspace: Workspace, { click, card }: { click: Click; card: Card }): Promise<void> {
  const { asker, home } = click;
  if (home) await publishHome(workspace, { user: asker.user, notice: card.blocks });
  else await tell(workspace, { asker, card });
}
