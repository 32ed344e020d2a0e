import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from "@slack/bolt";
import * as v from "valibot";
import { liftedOf } from "../../firewall/lifted.ts";
import { givenLinks } from "../../slack/share-link-text.ts";
import type { UnfurlTarget } from "../../slack/slack.ts";
import { tellOfKeys } from "../../use-cases/tell-of-keys.ts";
import { tellOfNoCard } from "../../use-cases/tell-of-no-card.ts";
import { unfurlLinks } from "../../use-cases/unfurl-links.ts";
import type { WorkspaceOf } from "../workspace-of.ts";

type Args = Pick<AllMiddlewareArgs, "context"> & Pick<SlackEventMiddlewareArgs<"link_shared">, "body" | "event">;

/** Older payloads have neither `unfurl_id` nor `source`; drafts have no channel. */
const eventSchema = v.object({
  channel: v.string(),
  message_ts: v.string(),
  thread_ts: v.nullish(v.string()),
  user: v.nullish(v.string()),
  unfurl_id: v.optional(v.string()),
  source: v.optional(v.picklist(["composer", "conversations_history"])),
  is_bot_user_member: v.nullish(v.boolean(), true),
  links: v.pipe(v.array(v.object({ url: v.string() })), v.maxLength(100)),
});
type LinkSharedEvent = v.InferOutput<typeof eventSchema>;

/** Somebody wrote or posted links to our server. */
export function linkShared(workspaceOf: WorkspaceOf) {
  return async ({ body, event, context }: Args): Promise<void> => {
    const shared = v.parse(eventSchema, event);
    const links = givenLinks(
      shared.links.map(({ url }) => url),
      liftedOf(body),
    );
    const workspace = workspaceOf({ context });
    const posted = postedOf(shared);
    const { user, is_bot_user_member: readable } = shared;
    const message = { links, target: targetOf(shared), place: placeOf(shared), posted, readable };
    const { carded, empty } = await unfurlLinks(workspace, message);
    if (!posted || !user) return;
    await tellOfKeys(workspace, { ...posted, user, links: carded });
    await tellOfNoCard(workspace, { ...posted, user, links: empty });
  };
}

/** Null while it is being written. */
function postedOf({ channel, message_ts, thread_ts, source }: LinkSharedEvent) {
  if (source === "composer" || channel === "COMPOSER") return null;
  return { channel, ts: message_ts, thread: thread_ts ?? null };
}

function targetOf({ channel, message_ts, unfurl_id, source }: LinkSharedEvent): UnfurlTarget {
  return unfurl_id && source ? { unfurlId: unfurl_id, source } : { channel, ts: message_ts };
}

/** All drafts of a workspace come from one "channel": each counts as a place of its own, and the posted message again. */
function placeOf({ channel, message_ts, unfurl_id, source }: LinkSharedEvent): string {
  const draft = source === "composer" || channel === "COMPOSER";
  return draft ? `draft ${unfurl_id ?? message_ts}` : channel;
}
