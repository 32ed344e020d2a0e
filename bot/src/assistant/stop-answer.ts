import type { AskId, ChatId } from "@openmates-share/client";
import * as v from "valibot";
import { answeringClick } from "../listeners/actions/answering-click.ts";
import type { WorkspaceOf } from "../listeners/workspace-of.ts";
import { sentence } from "../screens/mrkdwn-text.ts";

const valueSchema = v.object({ user: v.string(), chat: v.string(), ask: v.string() });
const STOP_MS = 15_000;

/** "Stop": on whichever node the answer is being received. */
export function stopAnswer(workspaceOf: WorkspaceOf) {
  return answeringClick(workspaceOf, {
    doing: "Stopping an answer",
    work: async (workspace, { value, asker }) => {
      const { user, chat, ask } = v.parse(v.pipe(v.string(), v.parseJson(), valueSchema), value);
      if (user !== asker.user) return sentence("Only who asked can stop this answer.");
      const room = await workspace.asking(user).reopen(chat as ChatId); // An id when the button was made.
      try {
        await room.whenLive(AbortSignal.timeout(STOP_MS));
        await room.stop(ask as AskId);
      } finally {
        room.close();
      }
      return null;
    },
  });
}
