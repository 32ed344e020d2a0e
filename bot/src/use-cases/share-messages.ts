import { type ChatId, LIMITS, type SharedChat } from "@openmates-share/client";
import { toConversation } from "../conversation/slack-conversation.ts";
import { BotError, sentenceOf } from "../errors.ts";
import { Secret } from "../firewall/secret.ts";
import { keyCard, sharedCard } from "../screens/cards.ts";
import { cardMetadata } from "../screens/posted-card.ts";
import { EXPIRIES, type ShareForm } from "../screens/share-form.ts";
import type { Origin } from "../screens/share-modal.ts";
import { madeLink } from "../slack/share-link-text.ts";
import type { Posting } from "../slack/slack.ts";
import type { SlackFile } from "../slack/slack-message.ts";
import type { Workspace } from "../workspace.ts";
import { collectMessages } from "./collect-messages.ts";
import { keepCard } from "./keep-card.ts";

/**
 * A thousand messages take a minute and fifty files several. Where Slack lets an app read fifteen messages a minute, as those
 * that are distributed outside its marketplace (docs.slack.dev, "Rate limits"), a thousand take more than an hour.
 */
export const SHARING_MS = 2 * 60 * 60 * 1000;

export interface ShareRequest {
  readonly user: string;
  readonly origin: Origin;
  readonly form: ShareForm;
  readonly password: Secret | null;
  /** Told what is being done, in a few words. */
  readonly onProgress?: (doing: string) => void;
}

export interface MessagesShare {
  readonly chat: ChatId;
  readonly url: Secret;
  readonly messages: number;
  readonly posted: boolean;
  /** Why the card is not in the channel though it was wanted, or a key did not arrive. */
  readonly postProblem: string | null;
  /** Names of files that could not be taken along. */
  readonly leftOut: readonly string[];
  /** Whether older messages were left out, because there are too many. */
  readonly more: boolean;
}

/**
 * Reads the messages that somebody picked, encrypts and shares them, and hands out the link as they wish. When this
 * rejects, nothing was shared; a card that Slack refuses is no reason to, for the link works.
 *
 * @throws BotError, ClientError
 */
export async function shareMessages(workspace: Workspace, request: ShareRequest): Promise<MessagesShare> {
  const { origin, form, onProgress } = request;
  const signal = AbortSignal.timeout(SHARING_MS);
  const { messages, more } = await collectMessages(workspace, {
    ...origin,
    ...form,
    signal,
    onProgress: (read) => onProgress?.(`Reading: ${read} messages so far.`),
  });
  const leftOut: string[] = [];
  const file = form.files ? fileLoader(workspace, { signal, leftOut }) : undefined;
  const conversation = await toConversation(workspace.slack, { title: form.title, messages, file, sort: false });
  if (conversation.messages.length === 0) {
    throw new BotError("no_messages", "There is nothing in these messages that could be shared.");
  }
  const lifetime = EXPIRIES[form.expiry];
  const expiresAt = lifetime === null ? null : Date.now() + lifetime;
  const shared = await upload(workspace, { ...request, conversation, expiresAt, signal });
  const lastTs = messages.at(-1)?.ts ?? null;
  const share = await remember(workspace, { ...request, shared, lastTs, expiresAt });
  const result = {
    chat: shared.chat,
    url: new Secret(shared.url),
    messages: conversation.messages.length,
    leftOut,
    more,
  };
  const { cardTs, problem } = await handOut(workspace, { ...request, ...result, expiresAt });
  if (cardTs) await workspace.shares.update({ ...share, cardTs });
  // Otherwise it stays as it is: the link works.
  if (cardTs && form.audience === "channel") {
    const spot = { channel: origin.channel, ts: cardTs, thread: origin.thread };
    await keepCard(workspace, { link: madeLink(result), spot }).catch(() => undefined);
  }
  return { ...result, posted: cardTs !== null, postProblem: problem };
}

/** One file at a time: each is fetched when it is encrypted, and let go of then. */
export function fileLoader(
  { slack }: Pick<Workspace, "slack">,
  { signal, leftOut }: { signal?: AbortSignal; leftOut: string[] },
): (file: SlackFile) => Promise<Blob | null> {
  return async (file) => {
    try {
      return await slack.download({ file, limit: LIMITS.embed, signal });
    } catch (error) {
      if (!(error instanceof BotError)) throw error;
      // Shared without it, and said so: one file must not spoil a conversation.
      leftOut.push(file.name ?? "a file");
      return null;
    }
  };
}

async function upload(
  { slack, sharing }: Workspace,
  request: ShareRequest & {
    conversation: Parameters<Workspace["sharing"]["share"]>[0];
    expiresAt: number | null;
    signal: AbortSignal;
  },
): Promise<SharedChat> {
  const { user, form, password, conversation, expiresAt, signal, onProgress } = request;
  const { title, summary, category } = form;
  return sharing.share(conversation, {
    mode: form.mode,
    password: password?.reveal() ?? null,
    preview: form.preview ? { title, summary, category } : null,
    name: (await slack.personName(user)) ?? "Owner",
    expiresAt,
    signal,
    onProgress: (done, total) => onProgress?.(`Encrypting: ${done} of ${total} messages.`),
    onFile: (done, total) => onProgress?.(`Encrypting: ${done} of ${total} files.`),
  });
}

/** A share that nobody could find and stop again must not stay. */
async function remember(
  { team, shares, sharing }: Workspace,
  request: ShareRequest & { shared: SharedChat; lastTs: string | null; expiresAt: number | null },
) {
  const { shared, user, origin, form, lastTs, expiresAt } = request;
  const { chat, link } = shared;
  const share = {
    team,
    user,
    channel: origin.channel,
    thread: origin.thread,
    chat,
    link,
    lastTs,
    cardTs: null,
    collaborative: form.mode === "collaborative",
    files: form.files,
    replies: form.replies,
    expiresAt,
    createdAt: Date.now(),
  };
  try {
    await shares.add(share);
    return share;
  } catch (error) {
    await sharing.deleteChat(chat);
    throw error;
  }
}

/** Where the link goes; what does not arrive is said, and the link stays with whoever shared. */
async function handOut(
  { slack }: Workspace,
  request: ShareRequest & { chat: ChatId; url: Secret; messages: number; expiresAt: number | null },
): Promise<{ cardTs: string | null; problem: string | null }> {
  const { user, origin, form, chat, url, messages, expiresAt } = request;
  const { channel, thread } = origin;
  const { title, mode } = form;
  const password = request.password !== null;
  const card = (key: Secret | null) =>
    sharedCard({ chat, url, key, title, user, password, facts: { mode, messages, expiresAt } });
  const metadata = cardMetadata({ sort: "shared", user, title, password: password ? "yes" : "no" });
  const problems: string[] = [];
  const send = (where: Posting) =>
    slack.post(where).catch((error: unknown) => {
      problems.push(sentenceOf(error));
      return null;
    });
  const inChannel = form.audience === "channel" || form.audience === "apart";
  const cardTs = inChannel
    ? await send({ channel, thread, card: card(form.audience === "channel" ? url : null), metadata })
    : null;
  const byMessage = form.audience === "apart" || form.audience === "people" ? new Set([user, ...form.people]) : [];
  for (const person of byMessage) {
    await send({ channel: person, card: keyCard({ url, title: form.title, user }) });
  }
  return { cardTs, problem: problems[0] ?? null };
}
