import type { ChatId } from "@openmates-share/client";
import { lockModal } from "../../screens/lock-modal.ts";
import { sentence } from "../../screens/mrkdwn-text.ts";
import { rekeyShare } from "../../use-cases/rekey-share.ts";
import type { WorkspaceOf } from "../workspace-of.ts";
import { answeringClick } from "./answering-click.ts";

/** "Link here, key in a direct message". */
export function rekeyApart(workspaceOf: WorkspaceOf) {
  return answeringClick(workspaceOf, {
    doing: "Replacing a link",
    work: async (workspace, { value, asker }) => {
      // Whether the chat is the clicker's is for the use case to say.
      await rekeyShare(workspace, { chat: value as ChatId, user: asker.user, password: null });
      return sentence("Done: the link that was posted has ended, and the new one is in your direct messages.");
    },
  });
}

/** "Add a password": asks for it. */
export function rekeyLocked(workspaceOf: WorkspaceOf) {
  return answeringClick(workspaceOf, {
    doing: "Asking for a password",
    work: async ({ slack }, { value, trigger }) => {
      await slack.openView({ trigger, view: lockModal(value) });
      return null;
    },
  });
}
