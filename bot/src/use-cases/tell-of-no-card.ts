import { NO_CARD } from "../screens/cards.ts";
import type { GivenLink } from "../slack/share-link-text.ts";
import type { Workspace } from "../workspace.ts";
import { subjectOf } from "./unfurl-links.ts";

/**
 * Tells whoever posted links that show nothing, alone, that there will be no card. Whether they never did, do no more or are
 * for somebody else, the server tells nobody; and the others in the conversation are not told even that.
 */
export async function tellOfNoCard(
  { slack, team, unfurls, self }: Workspace,
  message: { channel: string; thread: string | null; user: string; links: readonly GivenLink[] },
): Promise<void> {
  const { channel, thread, user, links } = message;
  const [link] = links;
  if (!link || user === self.botUser) return;
  // Once for a link in half an hour, as with cards.
  const spot = { team, place: `${channel} told ${user}`, subject: subjectOf(link) };
  if (!(await unfurls.claim(spot))) return;
  // Where the bot is not a member nobody can be told anything.
  await slack.whisper({ channel, thread, user, card: NO_CARD }).catch(() => undefined);
}
