import type { Card, View } from "../slack/slack.ts";
import type { Workspace } from "../workspace.ts";

/** Where to reach the person who asked for something. */
export interface Asker {
  readonly user: string;
  readonly channel: string;
  readonly thread?: string | null;
  /** The command's own address for answers; works in any conversation, for half an hour. Null when there is none. */
  readonly responseUrl: string | null;
}

/**
 * Tells one person something that nobody else sees: as the answer to their command; when that is too old, in the channel;
 * and where the bot is not in it, as a direct message.
 *
 * @throws BotError when all ways are closed
 */
export async function tell(
  { slack }: Pick<Workspace, "slack">,
  { asker, card }: { asker: Asker; card: Card },
): Promise<void> {
  const { user, channel, thread = null, responseUrl } = asker;
  if (responseUrl !== null) {
    const told = await slack.respond({ url: responseUrl, card }).then(
      () => true,
      () => false,
    );
    if (told) return;
  }
  await slack.whisper({ channel, thread, user, card }).catch(async () => {
    await slack.post({ channel: user, card });
  });
}

/** Into the open form or, when it was closed, as a message: what happened gets through either way. */
export async function tellInView(
  workspace: Pick<Workspace, "slack">,
  { viewId, view, asker, card }: { viewId: string; view: View; asker: Asker; card: Card },
): Promise<void> {
  await workspace.slack.updateView({ id: viewId, view }).catch(() => tell(workspace, { asker, card }));
}
