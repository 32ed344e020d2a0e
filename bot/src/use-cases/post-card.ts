import { BotError } from "../errors.ts";
import { existingCard, keyHeldCard } from "../screens/cards.ts";
import { cardMetadata } from "../screens/posted-card.ts";
import type { GivenLink } from "../slack/share-link-text.ts";
import type { Card } from "../slack/slack.ts";
import type { Workspace } from "../workspace.ts";
import { cardOf } from "./card-of.ts";
import { ourLinks } from "./our-links.ts";
import { subjectOf } from "./unfurl-links.ts";

/**
 * Posts a card for a chat that exists already. The link goes into the channel as it was given, because that is what
 * its owner asked for. Returns what can be done about the key that the channel has seen by that; null where the chat is not
 * theirs who asked.
 *
 * @throws BotError `not_a_share`, `not_in_channel`
 */
export async function postCard(
  workspace: Workspace,
  { link, channel, user }: { link: GivenLink; channel: string; user: string },
): Promise<Card | null> {
  const { slack, team, cards, shares } = workspace;
  const [ours] = await ourLinks(workspace, [link]);
  if (!ours) throw new BotError("not_a_share", "That link leads somewhere else; I can only post links of this server.");
  if (!ours.hasKey) {
    throw new BotError("not_a_share", "This link has lost its key (the part after #). Please copy it again, whole.");
  }
  const now = await cardOf(workspace, ours);
  if (now.state === "gone") throw new BotError("not_a_share", OPENS_NOTHING);
  const card = existingCard({ sayings: { ...now.sayings, url: ours.original }, user });
  const ts = await slack.post({ channel, card, metadata: cardMetadata({ sort: "existing", user }) });
  await cards.keep({ team, channel, ts, thread: null, subject: subjectOf(ours), said: now.said });
  const chat = ours.subject.type === "chat" ? ours.subject.id : null;
  const mine = chat !== null && (await shares.ofChat({ team, user, chat })).length > 0;
  return mine ? keyHeldCard({ chat, mine }) : null;
}

const OPENS_NOTHING =
  "This link opens nothing for me: it has ended, is for one person only, or was not copied whole. Nothing was posted.";
