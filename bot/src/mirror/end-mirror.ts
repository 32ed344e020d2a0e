import type { ChatId } from "@openmates-share/client";
import type { Workspace } from "../workspace.ts";
import type { Mirror, MirrorStore } from "./mirror.ts";
import { chatEndedCard, ENDED_TEXT, endedCard, THREAD_GONE_TEXT } from "./mirror-screens.ts";
import { sayInChat } from "./say-in-chat.ts";
import type { EndReason } from "./trouble.ts";

/** Ends a mirror one side of which is gone, and says so on the other; by one node, once. */
export async function endMirror(options: {
  /** Null when the bot is let in no more. */
  workspace: Workspace | null;
  sharing: Pick<Workspace["sharing"], "reopen">;
  store: MirrorStore;
  mirror: Mirror;
  by: EndReason;
}): Promise<void> {
  const { workspace, sharing, store, mirror, by } = options;
  if (!(await store.remove(mirror))) return;
  const { channel, thread, chat } = mirror;
  if (by !== "chat_ended" || workspace === null) {
    await sayInChat(sharing, chat, by === "thread_gone" ? THREAD_GONE_TEXT : ENDED_TEXT);
    return;
  }
  // Nobody can read it by its link any more: it is no share that could be stopped.
  const { shares, slack, team } = workspace;
  for (const share of await shares.byChat({ team, chat })) await shares.markRevoked(share);
  await slack.post({ channel, thread, card: chatEndedCard() });
}

/** Somebody ends the link of a chat: nobody is left there to read along. */
export async function endMirrorsOf(
  workspace: Workspace,
  { chat, user }: { chat: ChatId; user: string },
): Promise<void> {
  const { team, mirrors, sharing, slack } = workspace;
  for (const mirror of await mirrors.ofChat({ team, chat })) {
    if (!(await mirrors.remove(mirror))) continue;
    const { channel, thread } = mirror;
    await slack.post({ channel, thread, card: endedCard(user) }).catch(() => undefined);
    await sayInChat(sharing, chat, ENDED_TEXT).catch(() => undefined);
  }
}

/** The app was removed from a workspace: its chats are told that Slack reads along no more, as far as they can be. */
export async function endTeam(
  { sharing, mirrors }: Pick<Workspace, "sharing" | "mirrors">,
  team: string,
): Promise<void> {
  for (const { chat } of await mirrors.removeTeam(team)) {
    await sayInChat(sharing, chat, ENDED_TEXT).catch(() => undefined);
  }
}
