import { homeView } from "../screens/home.ts";
import type { Block } from "../slack/slack.ts";
import type { Workspace } from "../workspace.ts";
import { listShares } from "./list-shares.ts";

const CHANNELS = 200;

/** Shows a person their Home tab as it is now. */
export async function publishHome(
  workspace: Workspace,
  { user, notice = [] }: { user: string; notice?: readonly Block[] },
): Promise<void> {
  const [shares, channels] = await Promise.all([
    listShares(workspace, { user }),
    workspace.slack.myChannels(CHANNELS).catch(() => null),
  ]);
  await workspace.slack.publishHome({ user, view: homeView({ shares, channels, notice }) });
}
