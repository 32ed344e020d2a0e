import type { ChatId } from "@openmates-share/client";
import { updatedAnswer } from "../../screens/answers.ts";
import { updateShare } from "../../use-cases/update-share.ts";
import type { WorkspaceOf } from "../workspace-of.ts";
import { answeringClick } from "./answering-click.ts";

/** "Update" on a list: adds what was written since. */
export function updateSharing(workspaceOf: WorkspaceOf) {
  return answeringClick(workspaceOf, {
    doing: "Updating",
    work: async (workspace, { value, asker }) =>
      updatedAnswer(await updateShare(workspace, { chat: value as ChatId, user: asker.user })), // As in `stopSharing`.
  });
}
