import type { ChatId } from "@openmates-share/client";
import { sentence } from "../../screens/mrkdwn-text.ts";
import { stopShare } from "../../use-cases/stop-share.ts";
import type { WorkspaceOf } from "../workspace-of.ts";
import { answeringClick } from "./answering-click.ts";

/** The button of lists and cards. Whether the chat is the clicker's to stop is for the use case to say. */
export function stopSharing(workspaceOf: WorkspaceOf) {
  return answeringClick(workspaceOf, {
    doing: "Stopping",
    work: async (workspace, { value, asker }) => {
      // The value was an id when the button was made; a made-up one is nobody's share.
      await stopShare(workspace, { chat: value as ChatId, user: asker.user });
      return sentence("Stopped. The link no longer works.");
    },
  });
}
