import type { Secret } from "../firewall/secret.ts";
import { embedPreview, unfurlBlocks } from "../screens/cards.ts";
import type { GivenLink } from "../slack/share-link-text.ts";
import type { Block, UnfurlTarget } from "../slack/slack.ts";
import type { UnfurlSpot } from "../stores/stores.ts";
import type { Workspace } from "../workspace.ts";
import { ourLinks } from "./our-links.ts";

interface Unfurl {
  readonly spot: UnfurlSpot;
  readonly url: Secret;
  readonly blocks: Block[];
}

/**
 * Puts cards under the share links of one message: chats by their public preview (the generic card when there is none,
 * the same as for a chat that does not exist), embeds by a card that says nothing. Silent for other hosts, and for
 * links that had their card in this place within half an hour.
 */
export async function unfurlLinks(
  workspace: Workspace,
  { links, target, place }: { links: readonly GivenLink[]; target: UnfurlTarget; place: string },
): Promise<void> {
  const ours = await ourLinks(workspace, links);
  const unfurls = (await Promise.all(ours.map((link) => prepare(workspace, { link, place })))).filter(
    (unfurl) => unfurl !== null,
  );
  if (unfurls.length === 0) return;
  try {
    await workspace.slack.unfurl({ target, cards: unfurls });
  } catch (error) {
    await Promise.all(unfurls.map(({ spot }) => workspace.unfurls.release(spot)));
    throw error;
  }
}

async function prepare(
  { team, unfurls, sharing }: Workspace,
  { link, place }: { link: GivenLink; place: string },
): Promise<Unfurl | null> {
  const { subject, original } = link;
  const spot = { team, place, subject: `${subject.type} ${subject.id}` };
  if (!(await unfurls.claim(spot))) return null;
  try {
    const preview = subject.type === "chat" ? await sharing.preview(subject.id) : embedPreview();
    return { spot, url: original, blocks: unfurlBlocks(preview) };
  } catch (error) {
    await unfurls.release(spot);
    throw error;
  }
}
