import { keyHeldCard } from "../screens/cards.ts";
import type { GivenLink } from "../slack/share-link-text.ts";
import type { Workspace } from "../workspace.ts";

/** Tells whoever posted a link, alone, that Slack holds its key now, and offers to replace it where it is theirs. */
export async function tellOfKeys(
  { slack, team, shares, self }: Workspace,
  message: { channel: string; thread: string | null; user: string; links: readonly GivenLink[] },
): Promise<void> {
  const { channel, thread, user, links } = message;
  const keyed = links.filter(({ hasKey }) => hasKey);
  if (keyed.length === 0 || user === self.botUser) return;
  for (const { subject } of keyed) {
    const chat = subject.type === "chat" ? subject.id : null;
    const mine = chat !== null && (await shares.ofChat({ team, user, chat })).length > 0;
    // Where the bot is not a member nobody can be told anything, and the card stands all the same.
    await slack.whisper({ channel, thread, user, card: keyHeldCard({ chat, mine }) }).catch(() => undefined);
    // Once per message is enough, unless there is something to press.
    if (!mine) return;
  }
}
