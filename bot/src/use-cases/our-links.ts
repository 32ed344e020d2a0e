import type { GivenLink } from "../slack/share-link-text.ts";
import type { Workspace } from "../workspace.ts";

/** Those that lead to the server the bot works for; links of other hosts are none of its business. */
export async function ourLinks(
  { sharing }: Pick<Workspace, "sharing">,
  links: readonly GivenLink[],
): Promise<readonly GivenLink[]> {
  if (links.length === 0) return [];
  const { publicUrl } = await sharing.service();
  const { origin } = new URL(publicUrl);
  return links.filter(({ page }) => new URL(page).origin === origin);
}
