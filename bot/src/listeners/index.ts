import type { App, ViewSubmitAction } from "@slack/bolt";
import { ASK_AGAIN_ACTION, STOP_ANSWER_ACTION } from "../assistant/answer-message.ts";
import { askAgain } from "../assistant/ask-again.ts";
import { appMentioned, directMessage } from "../assistant/mention-events.ts";
import { stopAnswer } from "../assistant/stop-answer.ts";
import { registerChannels } from "../mirror/channel-listeners.ts";
import { registerMirror } from "../mirror/mirror-listeners.ts";
import type { MirrorParts } from "../mirror/start-mirror.ts";
import { AGAIN_ACTION } from "../screens/again-offer.ts";
import { APART_ACTION, LOCK_ACTION, OPEN_ACTION, STOP_ACTION, UPDATE_ACTION } from "../screens/cards.ts";
import { TELLING_FIELDS } from "../screens/field-names.ts";
import { LOCK_VIEW } from "../screens/lock-modal.ts";
import { SHARE_VIEW } from "../screens/share-modal.ts";
import { formChanged } from "./actions/form-changed.ts";
import { openLink } from "./actions/open-link.ts";
import { rekeyApart, rekeyLocked } from "./actions/rekey.ts";
import { shareAgain } from "./actions/share-again.ts";
import { stopSharing } from "./actions/stop-sharing.ts";
import { updateSharing } from "./actions/update-sharing.ts";
import { shareCommand } from "./commands/share.ts";
import { appUninstalled, type Departures, teamAccessRevoked, tokensRevoked } from "./events/app-removed.ts";
import { homeOpened } from "./events/home-opened.ts";
import { linkShared } from "./events/link-shared.ts";
import { SHARE_THREAD, shareThread } from "./shortcuts/share-thread.ts";
import { lockSubmitted } from "./views/lock-submitted.ts";
import { shareSubmitted } from "./views/share-submitted.ts";
import type { WorkspaceOf } from "./workspace-of.ts";

/** Everything that Slack may ask of the bot. */
export function registerListeners(
  app: App,
  { workspaceOf, mirrors, onRemoved, onRevoked }: Departures & { workspaceOf: WorkspaceOf; mirrors: MirrorParts },
): void {
  registerMirror(app, { workspaceOf, mirrors });
  registerChannels(app, { workspaceOf, mirrors });
  app.command("/share", shareCommand(workspaceOf));
  app.shortcut({ callback_id: SHARE_THREAD, type: "message_action" }, shareThread(workspaceOf));
  app.view<ViewSubmitAction>({ callback_id: SHARE_VIEW, type: "view_submission" }, shareSubmitted(workspaceOf));
  app.view<ViewSubmitAction>({ callback_id: LOCK_VIEW, type: "view_submission" }, lockSubmitted(workspaceOf));
  app.event("link_shared", linkShared(workspaceOf));
  app.event("app_home_opened", homeOpened(workspaceOf));
  app.event("app_mention", appMentioned(workspaceOf));
  app.event("message", directMessage(workspaceOf));
  app.event("app_uninstalled", appUninstalled(onRemoved));
  app.event("tokens_revoked", tokensRevoked(onRemoved));
  app.event("team_access_revoked", teamAccessRevoked(onRevoked));
  app.action(OPEN_ACTION, openLink());
  app.action(STOP_ACTION, stopSharing(workspaceOf));
  app.action(UPDATE_ACTION, updateSharing(workspaceOf));
  app.action(APART_ACTION, rekeyApart(workspaceOf));
  app.action(LOCK_ACTION, rekeyLocked(workspaceOf));
  app.action(STOP_ANSWER_ACTION, stopAnswer(workspaceOf));
  app.action(ASK_AGAIN_ACTION, askAgain(workspaceOf));
  app.action(AGAIN_ACTION, shareAgain(workspaceOf));
  app.action(new RegExp(`^(?:${TELLING_FIELDS.join("|")})$`, "u"), formChanged(workspaceOf));
}
