import type { ChatId } from "@openmates-share/client";
import { BotError } from "../errors.ts";
import { liftSecrets } from "../firewall/lift-secrets.ts";
import { liftedOf } from "../firewall/lifted.ts";
import { GONE_CARD, linkBlocks } from "../screens/cards.ts";
import { cardMetadata, type PostedCard, postedCard, postedCardIn } from "../screens/posted-card.ts";
import { type GivenLink, givenLinks } from "../slack/share-link-text.ts";
import type { Spot } from "../slack/slack.ts";
import type { KeptCard } from "../stores/card-store.ts";
import type { Workspace } from "../workspace.ts";
import { cardOf, type LinkCard } from "./card-of.ts";
import { subjectOf } from "./unfurl-links.ts";

/** Brings all cards of a chat in this workspace up to what its links show now. */
export async function refreshCards(workspace: Workspace, chat: ChatId): Promise<void> {
  const { cards, team } = workspace;
  for (const card of await cards.of({ team, subject: `chat ${chat}` })) await refreshCard(workspace, card);
}

/**
 * Brings one card up to what its link shows now; one whose link shows nothing any more says so. The link is read from the
 * message, for nobody keeps it.
 */
export async function refreshCard(workspace: Workspace, card: KeptCard): Promise<void> {
  const { cards, slack } = workspace;
  const { channel, ts, thread, subject } = card;
  const message = await slack.message({ channel, ts, thread }).catch(unreadable);
  const link = message ? linkIn(message, subject) : null;
  if (!link) return cards.drop(card);
  const now = await cardOf(workspace, link);
  if (Buffer.compare(now.said, card.said) === 0) return cards.keep(card);
  // The bot's own messages are cards, and everybody else's have them underneath.
  const posted = message && postedCardIn(message);
  if (posted) await repost(workspace, { spot: { channel, ts }, posted, link, now });
  else {
    const blocks = now.state === "shown" ? linkBlocks(now.sayings) : GONE_CARD.blocks;
    await slack.unfurl({ target: { channel, ts }, cards: [{ url: link.original, blocks }] });
  }
  if (now.state === "shown") await cards.keep({ ...card, said: now.said });
  else await cards.drop(card);
}

async function repost(
  { slack }: Workspace,
  { spot, posted, link, now }: { spot: Spot; posted: PostedCard; link: GivenLink; now: LinkCard },
): Promise<void> {
  const shown = now.state === "shown" ? postedCard(posted, { ...now.sayings, url: link.original }) : GONE_CARD;
  if (shown) await slack.update({ ...spot, card: shown, metadata: cardMetadata(posted) });
}

/** A channel that the bot was removed from keeps its cards as they are. */
function unreadable(error: unknown): null {
  if (error instanceof BotError && !error.retryable) return null;
  throw error;
}

function linkIn(message: object, subject: string): GivenLink | null {
  const lifted = liftedOf(liftSecrets({ ...message }));
  const pages = lifted.links.map(({ page }) => page);
  return givenLinks(pages, lifted).find((link) => subjectOf(link) === subject) ?? null;
}
