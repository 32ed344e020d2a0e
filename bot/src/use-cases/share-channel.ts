import type { SharedChat } from "@openmates-share/client";
import { toConversation } from "../conversation/slack-conversation.ts";
import { sentenceOf } from "../errors.ts";
import { Secret } from "../firewall/secret.ts";
import { sharedCard } from "../screens/cards.ts";
import type { ShareForm } from "../screens/share-form.ts";
import type { Workspace } from "../workspace.ts";
import { collectMessages } from "./collect-messages.ts";

/** 200 messages take seconds; whoever waits longer should be told. */
const SHARING_MS = 120_000;

export interface ChannelShare {
  readonly url: Secret;
  readonly messages: number;
  readonly posted: boolean;
  /** Why the card is not in the channel though it was wanted. */
  readonly postProblem: string | null;
}

/**
 * Reads the last messages of a channel, encrypts and shares them, and posts the card if it is wanted. When this
 * rejects, nothing was shared; a card that Slack refuses is no reason to, for the link works.
 *
 * @throws BotError, ClientError
 */
export async function shareChannel(
  workspace: Workspace,
  request: { user: string; channel: string; form: ShareForm; password: Secret | null },
): Promise<ChannelShare> {
  const { user, channel, form, password } = request;
  const { slack, sharing } = workspace;
  const messages = await collectMessages(workspace, { channel, count: form.count });
  const conversation = await toConversation(slack, { title: form.title, messages });
  const { title, summary, category } = form;
  const shared = await sharing.share(conversation, {
    mode: form.mode,
    password: password?.reveal() ?? null,
    preview: form.preview ? { title, summary, category } : null,
    name: (await slack.personName(user)) ?? "Owner",
    signal: AbortSignal.timeout(SHARING_MS),
  });
  await remember(workspace, { shared, user, channel });

  const result = { url: new Secret(shared.url), messages: conversation.messages.length };
  if (form.audience === "me") return { ...result, posted: false, postProblem: null };
  const collaborative = form.mode === "collaborative";
  const card = sharedCard({ ...result, title, user, collaborative, password: password !== null });
  const postProblem = await slack.post({ channel, card }).then(() => null, sentenceOf);
  return { ...result, posted: postProblem === null, postProblem };
}

/** A share that nobody could find and stop again must not stay. */
async function remember(
  { team, shares, sharing }: Workspace,
  { shared, user, channel }: { shared: SharedChat; user: string; channel: string },
): Promise<void> {
  const { chat, link } = shared;
  try {
    await shares.add({ team, user, channel, chat, link, createdAt: Date.now() });
  } catch (error) {
    await sharing.deleteChat(chat);
    throw error;
  }
}
