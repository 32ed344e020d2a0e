import { readOffer } from "../../screens/again-offer.ts";
import { openForm } from "../../use-cases/open-form.ts";
import type { WorkspaceOf } from "../workspace-of.ts";
import { answeringClick } from "./answering-click.ts";

/** "Try again": the form as it was filled in. */
export function shareAgain(workspaceOf: WorkspaceOf) {
  return answeringClick(workspaceOf, {
    doing: "Opening the form again",
    work: async (workspace, { value, trigger, asker }) => {
      const offer = readOffer(value);
      const origin = { ...offer.origin, responseUrl: asker.responseUrl };
      await openForm(workspace, { ...offer, origin, trigger });
      return null;
    },
  });
}
