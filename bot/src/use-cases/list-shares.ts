import { LISTED, type ListedShare } from "../screens/answers.ts";
import type { Share } from "../stores/stores.ts";
import type { Workspace } from "../workspace.ts";

/** A person's live shares, newest first, under the titles that the bot's own keys open. */
export async function listShares(
  { team, shares, sharing, mirrors }: Workspace,
  { user }: { user: string },
): Promise<readonly ListedShare[]> {
  const [live, chats] = await Promise.all([shares.ofUser({ team, user, limit: LISTED }), sharing.chats()]);
  const titles = new Map(chats.map(({ chat, title }) => [chat, title]));
  const listed = live.map(async (share) => ({
    ...share,
    title: titles.get(share.chat) ?? null,
    mirror: await mirrorOf(mirrors, share),
  }));
  return Promise.all(listed);
}

async function mirrorOf(mirrors: Workspace["mirrors"], { team, chat, thread }: Share): Promise<ListedShare["mirror"]> {
  if (thread === null) return null;
  const [mirror] = await mirrors.ofChat({ team, chat });
  if (!mirror) return null;
  return (await mirrors.progress(mirror)).paused === null ? "going" : "paused";
}
