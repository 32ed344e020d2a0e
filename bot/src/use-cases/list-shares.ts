import type { ListedShare } from "../screens/answers.ts";
import type { Workspace } from "../workspace.ts";

/** As many as one Slack message has room for, with its buttons. */
const LISTED = 20;

/** A person's live shares, newest first, under the titles that the bot's own keys open. */
export async function listShares(
  { team, shares, sharing }: Workspace,
  { user }: { user: string },
): Promise<readonly ListedShare[]> {
  const [live, chats] = await Promise.all([shares.ofUser({ team, user, limit: LISTED }), sharing.chats()]);
  const titles = new Map(chats.map(({ chat, title }) => [chat, title]));
  return live.map((share) => ({ ...share, title: titles.get(share.chat) ?? null }));
}
