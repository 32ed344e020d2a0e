import * as v from "valibot";
import { answeringClick } from "../listeners/actions/answering-click.ts";
import type { WorkspaceOf } from "../listeners/workspace-of.ts";
import { answerMention } from "./answer-mention.ts";
import { mentionSpotSchema } from "./mention-spot.ts";

const valueSchema = v.pipe(v.string(), v.parseJson(), mentionSpotSchema);

/** "Try again" under an answer that failed: whoever presses it asks, and the answer takes the place of the failed one. */
export function askAgain(workspaceOf: WorkspaceOf) {
  return answeringClick(workspaceOf, {
    doing: "Asking again",
    work: async (workspace, { value, asker, message }) => {
      const spot = v.parse(valueSchema, value);
      // Of two who press it, one has the message go, and asks.
      if (message && (await workspace.slack.remove(message))) {
        await answerMention(workspace, { ...spot, user: asker.user });
      }
      return null;
    },
  });
}
