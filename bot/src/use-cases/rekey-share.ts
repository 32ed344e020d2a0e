import { type ChatId, ClientError } from "@openmates-share/client";
import { BotError } from "../errors.ts";
import { Secret } from "../firewall/secret.ts";
import { keyCard, rekeyedCard } from "../screens/cards.ts";
import type { Card } from "../slack/slack.ts";
import type { Share } from "../stores/stores.ts";
import type { Workspace } from "../workspace.ts";
import { refreshCards } from "./refresh-cards.ts";

/**
 * A new link in the place of one that a channel has seen: the old one ends, the new one comes to its sharer as a direct
 * message, and the channel gets a card without the key.
 *
 * @throws BotError `not_a_share`, ClientError
 */
export async function rekeyShare(
  workspace: Workspace,
  { chat, user, password }: { chat: ChatId; user: string; password: Secret | null },
): Promise<void> {
  const { team, shares, sharing, slack } = workspace;
  const [old] = await shares.ofChat({ team, user, chat });
  if (!old) throw new BotError("not_a_share", "You have not shared this from Slack, or it has been stopped already.");
  const made = await sharing.createLink(chat, {
    mode: old.collaborative ? "collaborative" : "read-only",
    password: password?.reveal() ?? null,
    expiresAt: old.expiresAt,
  });
  const fresh: Share = { ...old, link: made.link, cardTs: null, createdAt: Date.now() };
  await shares.add(fresh);
  await endLink(workspace, old);
  const title = (await sharing.chats()).find((known) => known.chat === chat)?.title ?? "A chat";
  const url = new Secret(made.url);
  await slack.post({ channel: user, card: keyCard({ url, title, user }) });
  const card = rekeyedCard({ url, title, user, password: password !== null });
  const cardTs = await announce(workspace, { old, card });
  if (cardTs) await shares.update({ ...fresh, cardTs });
  // Cards under pasted links: what can't be done now is done when they are looked at again.
  await refreshCards(workspace, chat).catch(() => undefined);
}

/** In the place of the card with the old link, whose key the channel then shows no more; without one, as a new message. */
async function announce({ slack }: Workspace, { old, card }: { old: Share; card: Card }): Promise<string | null> {
  const { channel, thread, cardTs } = old;
  const replaced =
    cardTs &&
    (await slack.update({ channel, ts: cardTs, card }).then(
      () => true,
      () => false,
    ));
  return replaced ? cardTs : slack.post({ channel, thread, card }).catch(() => null);
}

async function endLink({ sharing, shares }: Workspace, share: Share): Promise<void> {
  try {
    await sharing.revokeLink(share.chat, share.link);
  } catch (error) {
    if (!(error instanceof ClientError && error.code === "not_found")) throw error;
  }
  await shares.markRevoked(share);
}
