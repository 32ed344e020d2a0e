import type { GivenLink } from "../slack/share-link-text.ts";
import type { CardSpot } from "../stores/card-store.ts";
import type { Workspace } from "../workspace.ts";
import { cardOf } from "./card-of.ts";
import { subjectOf } from "./unfurl-links.ts";

/** Has a card that was just posted kept true from now on. */
export async function keepCard(
  workspace: Workspace,
  { link, spot }: { link: GivenLink; spot: Pick<CardSpot, "channel" | "ts" | "thread"> },
): Promise<void> {
  const { team, cards } = workspace;
  const { said } = await cardOf(workspace, link);
  await cards.keep({ team, ...spot, subject: subjectOf(link), said });
}
