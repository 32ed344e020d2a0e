import { webApi } from "@slack/bolt";
import { BotError } from "../errors.ts";
import type { Card, Slack, UnfurlTarget } from "./slack.ts";
import { parseSlackMessage } from "./slack-message.ts";

const ANSWER_MS = 10_000;

/** `Slack` on Slack's Web API. */
export function webSlack(client: webApi.WebClient): Slack {
  return {
    async history({ channel, limit, cursor }) {
      const page = await translated(client.conversations.history({ channel, limit, ...(cursor ? { cursor } : {}) }));
      return {
        messages: (page.messages ?? []).map(parseSlackMessage).filter((message) => message !== null),
        next: page.response_metadata?.next_cursor || null,
      };
    },

    async personName(user) {
      const { profile, real_name, name } = (await translated(client.users.info({ user }))).user ?? {};
      return profile?.display_name || real_name || profile?.real_name || name || null;
    },

    async channelName(channel) {
      return (await translated(client.conversations.info({ channel }))).channel?.name ?? null;
    },

    async openView({ trigger, view }) {
      await translated(client.views.open({ trigger_id: trigger, view }));
    },

    async updateView({ id, view }) {
      await translated(client.views.update({ view_id: id, view }));
    },

    async post({ channel, card }) {
      await translated(client.chat.postMessage({ channel, ...card, unfurl_links: false, unfurl_media: false }));
    },

    async respond({ url, card }) {
      await answerCommand(url, card);
    },

    async whisper({ channel, user, card }) {
      await translated(client.chat.postEphemeral({ channel, user, ...card }));
    },

    async unfurl({ target, cards }) {
      const unfurls = Object.fromEntries(cards.map(({ url, blocks }) => [url.reveal(), { blocks }]));
      await translated(client.chat.unfurl({ ...unfurlAddress(target), unfurls }));
    },
  };
}

/** Slack gives every command an address of its own for answers; it is no method of the Web API and takes no token. */
async function answerCommand(url: string, card: Card): Promise<void> {
  const body = JSON.stringify({ response_type: "ephemeral", replace_original: false, unfurl_links: false, ...card });
  const headers = { "content-type": "application/json" };
  const signal = AbortSignal.timeout(ANSWER_MS);
  const response = await fetch(url, { method: "POST", headers, body, signal, redirect: "error" }).catch(() => null);
  if (!response?.ok) throw new BotError("view_gone", "Slack no longer takes answers to that command.");
}

function unfurlAddress(target: UnfurlTarget) {
  if ("unfurlId" in target) return { unfurl_id: target.unfurlId, source: target.source };
  return { channel: target.channel, ts: target.ts };
}

async function translated<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw toBotError(error);
  }
}

/** Neither the request nor Slack's answer goes along as the cause: both may quote links. */
export function toBotError(error: unknown): BotError {
  if (!(error instanceof webApi.WebAPIPlatformError)) {
    return new BotError("slack_failed", "Slack cannot be reached at the moment. Please try again.", {
      retryable: true,
    });
  }
  const reason = String(error.data.error);
  switch (reason) {
    case "not_in_channel":
    case "channel_not_found":
      return new BotError(
        "not_in_channel",
        "I am not in this conversation, so I cannot read or post here. Invite me with `/invite @OpenMates Share` and try again; in direct messages between people I cannot help.",
      );
    case "missing_scope":
    case "not_allowed_token_type":
      return new BotError(
        "missing_permission",
        "My installation lacks a permission for this. Please ask an admin to install the app again.",
      );
    case "not_found":
    case "view_not_found":
    case "expired_trigger_id":
    case "exchanged_trigger_id":
    case "trigger_expired":
      return new BotError("view_gone", "That took too long, and Slack closed the form. Please call `/share` again.");
    case "is_archived":
      return new BotError("slack_failed", "This channel is archived.");
    default:
      // Slack's error codes are words from a fixed list and quote nothing.
      return new BotError("slack_failed", `Slack refused this (${reason}). Please try again.`);
  }
}
