import { BotError } from "../errors.ts";
import { embedPreview, existingCard } from "../screens/cards.ts";
import type { GivenLink } from "../slack/share-link-text.ts";
import type { Workspace } from "../workspace.ts";
import { ourLinks } from "./our-links.ts";

/**
 * Posts a card for a chat that exists already. The link goes into the channel as it was given, because that is what
 * its owner asked for.
 *
 * @throws BotError `not_a_share`, `not_in_channel`
 */
export async function postCard(
  workspace: Workspace,
  { link, channel, user }: { link: GivenLink; channel: string; user: string },
): Promise<void> {
  const { slack, sharing } = workspace;
  const [ours] = await ourLinks(workspace, [link]);
  if (!ours) throw new BotError("not_a_share", "That link leads somewhere else; I can only post links of this server.");
  if (!ours.hasKey) {
    throw new BotError("not_a_share", "This link has lost its key (the part after #). Please copy it again, whole.");
  }
  const preview = ours.subject.type === "chat" ? await sharing.preview(ours.subject.id) : embedPreview();
  await slack.post({ channel, card: existingCard({ url: ours.original, preview, user }) });
}
