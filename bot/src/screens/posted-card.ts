import * as v from "valibot";
import type { Secret } from "../firewall/secret.ts";
import type { Card, Metadata } from "../slack/slack.ts";
import type { SlackMessage } from "../slack/slack-message.ts";
import { existingCard, type LinkSayings, sharedCard } from "./cards.ts";

const CARD_EVENT = "openmates_share_card";

const payloadSchema = v.variant("sort", [
  /** What was shared by the form. */
  v.object({ sort: v.literal("shared"), user: v.string(), title: v.string(), password: v.picklist(["yes", "no"]) }),
  /** What was posted by `/share <link>`. */
  v.object({ sort: v.literal("existing"), user: v.string() }),
]);

/** What travels with a card that the bot posted, so that it can be made anew when the link shows something else. */
export type PostedCard = v.InferOutput<typeof payloadSchema>;

export function cardMetadata(posted: PostedCard): Metadata {
  return { type: CARD_EVENT, payload: posted };
}

/** Null for all other messages. */
export function postedCardIn({ metadata }: Pick<SlackMessage, "metadata">): PostedCard | null {
  if (metadata?.event_type !== CARD_EVENT) return null;
  const parsed = v.safeParse(payloadSchema, metadata.event_payload);
  return parsed.success ? parsed.output : null;
}

/** The card as it would be posted now; null when that can't be said at the moment. */
export function postedCard(posted: PostedCard, sayings: LinkSayings & { readonly url: Secret }): Card | null {
  const { url, facts, subject } = sayings;
  if (posted.sort === "existing") return existingCard({ sayings, user: posted.user });
  if (facts === null || subject.type !== "chat") return null;
  return sharedCard({ chat: subject.id, url, key: url, ...posted, password: posted.password === "yes", facts });
}
