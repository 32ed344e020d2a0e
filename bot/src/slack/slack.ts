import type { types } from "@slack/bolt";
import type { Secret } from "../firewall/secret.ts";
import type { SlackMessage } from "./slack-message.ts";

export type Block = types.KnownBlock;
export type View = types.ModalView;

/** A message to show: blocks, and the text for notifications and screen readers. */
export interface Card {
  readonly text: string;
  readonly blocks: Block[];
}

/** Where an unfurl goes: by Slack's own id for it, or, in older payloads, by the message. */
export type UnfurlTarget =
  | { readonly unfurlId: string; readonly source: "composer" | "conversations_history" }
  | { readonly channel: string; readonly ts: string };

/** What the bot does in one workspace. Every call throws BotError with a sentence for the person. */
export interface Slack {
  /** One page, newest first. @throws BotError `not_in_channel` */
  history(request: { channel: string; limit: number; cursor: string | null }): Promise<{
    messages: readonly SlackMessage[];
    next: string | null;
  }>;
  /** The name a person goes by; null when Slack does not tell. */
  personName(user: string): Promise<string | null>;
  /** Without `#`; null for channels the bot may not know about. */
  channelName(channel: string): Promise<string | null>;
  /** The trigger lives for three seconds. */
  openView(request: { trigger: string; view: View }): Promise<void>;
  /** @throws BotError `view_gone` when the person has closed it. */
  updateView(request: { id: string; view: View }): Promise<void>;
  /** Posts for everybody in the channel, without Slack's own unfurl. */
  post(request: { channel: string; card: Card }): Promise<void>;
  /** Answers a command: only its caller sees it, in any conversation, for half an hour. */
  respond(request: { url: string; card: Card }): Promise<void>;
  /** Shows something to one person only, in a channel that the bot is in. */
  whisper(request: { channel: string; user: string; card: Card }): Promise<void>;
  /** The one call that has to repeat links as they were posted: Slack finds them in the message by it. */
  unfurl(request: { target: UnfurlTarget; cards: readonly { url: Secret; blocks: Block[] }[] }): Promise<void>;
}
