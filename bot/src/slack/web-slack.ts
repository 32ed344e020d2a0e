import type { webApi } from "@slack/bolt";
import { BotError } from "../errors.ts";
import { Pace } from "./pace.ts";
import { answerAt } from "./response-url.ts";
import type { Metadata, PageRequest, Posting, Slack, SlackChannel, UnfurlTarget } from "./slack.ts";
import { isRefusal, translated } from "./slack-error.ts";
import { type Caller, ONCE_PATIENCE_MS, slackFiles } from "./slack-files.ts";
import { parseSlackMessage } from "./slack-message.ts";

/** Somebody waits for a page of a long conversation as long as they wait for the whole: until the signal. */
const PAGE_PATIENCE_MS = 10 * 60 * 1000;

/** A request that has no answer by then is given up. */
export const REQUEST_TIMEOUT_MS = 15_000;

/** `Slack` on Slack's Web API. */
export function webSlack(options: {
  client: webApi.WebClient;
  /** For what must not happen twice: tries once. */
  once: webApi.WebClient;
  token: string;
  /** Null for Slack's own. */
  apiUrl: string | null;
  /** Shared by everything that speaks in this workspace. */
  pace?: Pace;
}): Slack {
  const { client, once, pace = new Pace() } = options;
  const call = <T>(
    method: string,
    work: () => Promise<T>,
    how: { patience?: number; signal?: AbortSignal | undefined } = {},
  ) => translated(pace.call(method, work, how));
  let groups: Promise<ReadonlyMap<string, string>> | null = null;

  return {
    ...slackFiles({ ...options, call }),
    ...streaming(client, call),

    async history(request) {
      const page = await call("conversations.history", () => client.conversations.history(pageArguments(request)), {
        patience: PAGE_PATIENCE_MS,
        signal: request.signal,
      });
      return pageOf(page);
    },

    async replies({ thread, ...request }) {
      const page = await call(
        "conversations.replies",
        () => client.conversations.replies({ ts: thread, ...pageArguments(request) }),
        { patience: PAGE_PATIENCE_MS, signal: request.signal },
      );
      return pageOf(page);
    },

    async message({ channel, ts, thread }) {
      const at = { channel, latest: ts, oldest: ts, inclusive: true, limit: 1, include_all_metadata: true };
      const page = thread
        ? await call("conversations.replies", () => client.conversations.replies({ ...at, ts: thread, limit: 2 }))
        : await call("conversations.history", () => client.conversations.history(at));
      return pageOf(page).messages.find((message) => message.ts === ts) ?? null;
    },

    async personName(user) {
      const { profile, real_name, name } = (await call("users.info", () => client.users.info({ user }))).user ?? {};
      return profile?.display_name || real_name || profile?.real_name || name || null;
    },

    async channelName(channel) {
      return (await call("conversations.info", () => client.conversations.info({ channel }))).channel?.name ?? null;
    },

    async groupName(group) {
      groups ??= call("usergroups.list", () => client.usergroups.list()).then(
        ({ usergroups = [] }) => new Map(usergroups.map(({ id = "", handle = "" }) => [id, handle])),
      );
      groups.catch(() => {
        groups = null;
      });
      return (await groups).get(group) || null;
    },

    async channel(channel) {
      const answer = await call("conversations.info", () =>
        client.conversations.info({ channel, include_num_members: true }),
      );
      return channelOf(answer.channel ?? {});
    },

    async myChannels(limit) {
      const answer = await call("users.conversations", () =>
        client.users.conversations({ limit, types: "public_channel,private_channel", exclude_archived: true }),
      );
      return (answer.channels ?? []).map(channelOf);
    },

    async openView({ trigger, view }) {
      const answer = await call("views.open", () => client.views.open({ trigger_id: trigger, view }));
      return { id: answer.view?.id ?? "", hash: answer.view?.hash ?? null };
    },

    async updateView({ id, view, hash }) {
      const update = () => client.views.update({ view_id: id, view, ...(hash ? { hash } : {}) });
      return (await call("views.update", update)).view?.hash ?? null;
    },

    async publishHome({ user, view }) {
      await call("views.publish", () => client.views.publish({ user_id: user, view }));
    },

    async post(posting) {
      const ask = () => {
        // In the same breath as the request: whatever held this up, a pause of Slack's or of the whole process, is over.
        if (posting.once && Date.now() + REQUEST_TIMEOUT_MS > posting.once.before) throw tooLate();
        return (posting.once ? once : client).chat.postMessage(postArguments(posting));
      };
      const how = posting.once ? { patience: ONCE_PATIENCE_MS } : {};
      return (await call("chat.postMessage", async () => ask(), how)).ts ?? "";
    },

    async update({ channel, ts, card, metadata }) {
      const change = () =>
        client.chat
          .update({ channel, ts, ...card, ...metadataArgument(metadata) })
          .then(() => true)
          .catch((error: unknown) => unlessRefused(UNCHANGEABLE)(error) ?? false);
      return call("chat.update", change);
    },

    async remove({ channel, ts }) {
      const remove = () =>
        client.chat
          .delete({ channel, ts })
          .then(() => true)
          .catch((error: unknown) => unlessRefused(["message_not_found"])(error) ?? false);
      return call("chat.delete", remove);
    },

    async respond({ url, card }) {
      await answerAt(url, card);
    },

    async whisper({ channel, thread, user, card }) {
      await call("chat.postEphemeral", () =>
        client.chat.postEphemeral({ channel, user, ...card, ...(thread ? { thread_ts: thread } : {}) }),
      );
    },

    async unfurl({ target, cards }) {
      const unfurls = Object.fromEntries(cards.map(({ url, blocks }) => [url.reveal(), { blocks }]));
      await call("chat.unfurl", () => client.chat.unfurl({ ...unfurlAddress(target), unfurls }));
    },

    async react({ channel, ts, name }) {
      const work = () => client.reactions.add({ channel, timestamp: ts, name }).catch(unlessRefused(UNREACTABLE));
      await call("reactions.add", work);
    },

    async unreact({ channel, ts, name }) {
      const work = () => client.reactions.remove({ channel, timestamp: ts, name }).catch(unlessRefused(UNREACTABLE));
      await call("reactions.remove", work);
    },
  };
}

function tooLate(): BotError {
  return new BotError("slack_busy", "This took too long. Please try again.", { retryable: true });
}

/** Words by which Slack says that a message stays as it is. */
const UNCHANGEABLE = ["message_not_found", "cant_update_message", "edit_window_closed", "is_inactive"];

/** Nothing to do, or nothing to be done: the reaction is there (or not), has no room, is none of Slack's, or its message is gone. */
const UNREACTABLE = [
  ...["already_reacted", "no_reaction", "invalid_name", "too_many_emoji", "too_many_reactions"],
  ...["message_not_found", "bad_timestamp", "no_item_specified"],
];

/** Words by which Slack says that there is no streaming here. */
const NO_STREAMS = [
  "unknown_method",
  "method_deprecated",
  "feature_not_enabled",
  "channel_type_not_supported",
  "not_allowed_token_type",
  "missing_scope",
];

function streaming(client: webApi.WebClient, call: Caller): Pick<Slack, "startStream" | "appendStream" | "stopStream"> {
  return {
    async startStream({ channel, thread, user, team, text }) {
      const start = () =>
        client.chat
          .startStream({
            channel,
            thread_ts: thread,
            recipient_user_id: user,
            recipient_team_id: team,
            ...(text ? { markdown_text: text } : {}),
          })
          .catch((error: unknown) => {
            if (isRefusal(error, NO_STREAMS)) throw new BotError("no_streaming", "Slack streams no messages here.");
            throw error;
          });
      return (await call("chat.startStream", start)).ts ?? "";
    },
    async appendStream({ channel, ts, text }) {
      const append = () => client.chat.appendStream({ channel, ts, markdown_text: text }).catch(streamOver);
      await call("chat.appendStream", append);
    },
    async stopStream({ channel, ts, text, blocks, metadata }) {
      const rest = { ...(text ? { markdown_text: text } : {}), ...metadataArgument(metadata) };
      await call("chat.stopStream", () => client.chat.stopStream({ channel, ts, blocks, ...rest }).catch(streamOver));
    },
  };
}

/** Slack ends streams by itself after some minutes, and when somebody stops them there. */
function streamOver(error: unknown): never {
  if (isRefusal(error, ["stopped_by_user"])) throw new BotError("stream_stopped", "Somebody has stopped this message.");
  if (isRefusal(error, ["message_not_in_streaming_state"]))
    throw new BotError("stream_over", "Slack has ended this message.");
  throw error;
}

/** For what is done already. */
function unlessRefused(reasons: readonly string[]): (error: unknown) => undefined {
  return (error) => {
    if (isRefusal(error, reasons)) return undefined;
    throw error;
  };
}

function postArguments({ channel, thread, card, as, metadata }: Posting) {
  return {
    channel,
    ...card,
    ...(thread ? { thread_ts: thread } : {}),
    ...(as ? { username: as } : {}),
    ...metadataArgument(metadata),
    unfurl_links: false,
    unfurl_media: false,
  };
}

function metadataArgument(metadata: Metadata | null | undefined) {
  return metadata ? { metadata: { event_type: metadata.type, event_payload: { ...metadata.payload } } } : {};
}

function pageArguments({ channel, limit, cursor, oldest }: PageRequest) {
  return {
    channel,
    limit,
    include_all_metadata: true,
    ...(cursor ? { cursor } : {}),
    ...(oldest ? { oldest } : {}),
  };
}

function pageOf(page: { messages?: unknown[]; response_metadata?: { next_cursor?: string } }) {
  return {
    messages: (page.messages ?? []).map(parseSlackMessage).filter((message) => message !== null),
    next: page.response_metadata?.next_cursor || null,
  };
}

function channelOf(channel: {
  id?: string;
  name?: string;
  is_private?: boolean;
  is_ext_shared?: boolean;
  num_members?: number;
}): SlackChannel {
  return {
    id: channel.id ?? "",
    name: channel.name ?? null,
    private: channel.is_private ?? false,
    external: channel.is_ext_shared ?? false,
    members: channel.num_members ?? null,
  };
}

function unfurlAddress(target: UnfurlTarget) {
  if ("unfurlId" in target) return { unfurl_id: target.unfurlId, source: target.source };
  return { channel: target.channel, ts: target.ts };
}
