import type { App, ViewSubmitAction } from "@slack/bolt";
import { OPEN_ACTION, STOP_ACTION } from "../screens/cards.ts";
import { SHARE_VIEW } from "../screens/share-modal.ts";
import { openLink } from "./actions/open-link.ts";
import { stopSharing } from "./actions/stop-sharing.ts";
import { shareCommand } from "./commands/share.ts";
import { appUninstalled, type OnRemoved, tokensRevoked } from "./events/app-removed.ts";
import { linkShared } from "./events/link-shared.ts";
import { shareSubmitted } from "./views/share-submitted.ts";
import type { WorkspaceOf } from "./workspace-of.ts";

/** Everything that Slack may ask of the bot. */
export function registerListeners(
  app: App,
  { workspaceOf, onRemoved }: { workspaceOf: WorkspaceOf; onRemoved: OnRemoved },
): void {
  app.command("/share", shareCommand(workspaceOf));
  app.view<ViewSubmitAction>({ callback_id: SHARE_VIEW, type: "view_submission" }, shareSubmitted(workspaceOf));
  app.event("link_shared", linkShared(workspaceOf));
  app.event("app_uninstalled", appUninstalled(onRemoved));
  app.event("tokens_revoked", tokensRevoked(onRemoved));
  app.action(OPEN_ACTION, openLink());
  app.action(STOP_ACTION, stopSharing(workspaceOf));
}
