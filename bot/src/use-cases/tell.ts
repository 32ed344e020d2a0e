import type { Card, View } from "../slack/slack.ts";
import type { Workspace } from "../workspace.ts";

/** Where to reach the person who asked for something. */
export interface Asker {
  readonly user: string;
  readonly channel: string;
  /** The command's own address for answers; works in any conversation, for half an hour. */
  readonly responseUrl: string;
}

/**
 * Tells one person something that nobody else sees: as the answer to their command or, when that is too old, in the
 * channel.
 *
 * @throws BotError when both ways are closed
 */
export async function tell(
  { slack }: Pick<Workspace, "slack">,
  { asker, card }: { asker: Asker; card: Card },
): Promise<void> {
  const { user, channel, responseUrl } = asker;
  await slack.respond({ url: responseUrl, card }).catch(() => slack.whisper({ channel, user, card }));
}

/** Into the open form or, when it was closed, as a message: what happened gets through either way. */
export async function tellInView(
  workspace: Pick<Workspace, "slack">,
  { viewId, view, asker, card }: { viewId: string; view: View; asker: Asker; card: Card },
): Promise<void> {
  await workspace.slack.updateView({ id: viewId, view }).catch(() => tell(workspace, { asker, card }));
}
