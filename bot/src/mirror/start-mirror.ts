import { textParts } from "@openmates-share/client";
import { BotError } from "../errors.ts";
import { Secret } from "../firewall/secret.ts";
import type { Workspace } from "../workspace.ts";
import type { MirrorPlace, MirrorStore } from "./mirror.ts";
import type { MirrorDesk } from "./mirror-desk.ts";
import { boundaryCard, boundaryText } from "./mirror-screens.ts";

export interface MirrorParts {
  readonly store: MirrorStore;
  readonly desk: MirrorDesk;
}

/**
 * Begins to mirror a thread to a new chat, whose link goes into the thread. When this rejects, nothing is mirrored.
 *
 * @throws BotError `already_mirrored`, `not_in_channel`; ClientError
 */
export async function startMirror(
  workspace: Workspace,
  { store, desk }: MirrorParts,
  { user, ...place }: MirrorPlace & { user: string },
): Promise<void> {
  const { slack, sharing, shares, team } = workspace;
  const { channel, thread } = place;
  if (await store.find(place)) throw alreadyMirrored();
  const name = await slack.channelName(channel).catch(() => null);
  // Reading it first shows whether the bot may.
  await slack.replies({ channel, thread, limit: 1, cursor: null });
  const text = boundaryText(name);
  const boundary = { role: "assistant", name: "Slack", parts: textParts(text), time: Date.now(), model: null } as const;
  const title = name ? `Thread in #${name}` : "Thread in Slack";
  const made = await sharing.share({ title, messages: [boundary] }, { mode: "collaborative", name: "Slack" });
  const { chat, link } = made;
  try {
    if (!(await store.add({ ...place, chat, user }))) throw alreadyMirrored();
    const cardTs = await slack.post({
      channel,
      thread,
      card: boundaryCard({ url: new Secret(made.url), user, thread }),
    });
    const rest = { lastTs: null, collaborative: true, files: true, replies: false, expiresAt: null };
    await shares.add({ ...{ team, user, channel, thread, chat, link, cardTs, createdAt: Date.now() }, ...rest });
  } catch (error) {
    if ((await store.find(place))?.chat === chat) await store.remove(place);
    await sharing.deleteChat(chat).catch(() => undefined);
    throw error;
  }
  await desk.look();
}

function alreadyMirrored(): BotError {
  return new BotError("already_mirrored", "This thread is mirrored already. Its card further up has the link.");
}
