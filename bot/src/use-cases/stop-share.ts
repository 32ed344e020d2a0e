import { type ChatId, ClientError } from "@openmates-share/client";
import { BotError } from "../errors.ts";
import { endMirrorsOf } from "../mirror/end-mirror.ts";
import { stoppedCard } from "../screens/cards.ts";
import type { Share } from "../stores/stores.ts";
import type { Workspace } from "../workspace.ts";
import { refreshCards } from "./refresh-cards.ts";

/**
 * Revokes what this person shared of a chat from Slack. The chat id is enough: the link's key is not needed.
 *
 * @throws BotError `not_a_share` when it is not theirs to stop, whoever else's it may be
 */
export async function stopShare(workspace: Workspace, { chat, user }: { chat: ChatId; user: string }): Promise<void> {
  const { team, shares } = workspace;
  const live = await shares.ofChat({ team, user, chat });
  if (live.length === 0) {
    throw new BotError("not_a_share", "You have not shared this from Slack, or it has been stopped already.");
  }
  // First, while those who read along can be told.
  await endMirrorsOf(workspace, { chat, user });
  for (const share of live) await stopOne(workspace, share);
  // The link is dead whatever becomes of the cards: they are looked at again.
  await refreshCards(workspace, chat).catch(() => undefined);
}

async function stopOne({ sharing, shares, slack }: Workspace, share: Share): Promise<void> {
  try {
    await sharing.revokeLink(share.chat, share.link);
  } catch (error) {
    // Gone on the server is what was wanted: a stop that got lost half-way is finished now.
    if (!(error instanceof ClientError && error.code === "not_found")) throw error;
  }
  await shares.markRevoked(share);
  const { channel, cardTs, user } = share;
  if (cardTs) await slack.update({ channel, ts: cardTs, card: stoppedCard(user) }).catch(() => undefined);
}
