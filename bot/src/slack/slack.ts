import type { types } from "@slack/bolt";
import type { Secret } from "../firewall/secret.ts";
import type { SlackFile, SlackMessage } from "./slack-message.ts";

export type Block = types.KnownBlock;
export type View = types.ModalView;
export type HomeView = types.HomeView;

/** A message to show: blocks, and the text for notifications and screen readers. */
export interface Card {
  readonly text: string;
  readonly blocks: Block[];
}

/** Where an unfurl goes: by Slack's own id for it, or, in older payloads, by the message. */
export type UnfurlTarget =
  | { readonly unfurlId: string; readonly source: "composer" | "conversations_history" }
  | { readonly channel: string; readonly ts: string };

/** A view on somebody's screen; the hash is another one after every change. */
export interface OpenedView {
  readonly id: string;
  readonly hash: string | null;
}

/** A message in its channel. */
export interface Spot {
  readonly channel: string;
  readonly ts: string;
}

/** A page of messages, and how to ask for the next one. */
export interface SlackPage {
  readonly messages: readonly SlackMessage[];
  readonly next: string | null;
}

export interface PageRequest {
  readonly channel: string;
  readonly limit: number;
  readonly cursor: string | null;
  /** Only what came after this time stamp. */
  readonly oldest?: string | null;
  readonly signal?: AbortSignal | undefined;
}

/** What Slack says of a conversation. */
export interface SlackChannel {
  readonly id: string;
  /** Without `#`; null for conversations without a name. */
  readonly name: string | null;
  readonly private: boolean;
  /** Whether people of other organisations are in it (Slack Connect). */
  readonly external: boolean;
  /** Null when Slack does not tell. */
  readonly members: number | null;
}

/** Travels with a message, for apps to see: how the bot knows again what it posted. */
export interface Metadata {
  readonly type: string;
  readonly payload: Readonly<Record<string, string>>;
}

/** Something to post; with `as` under another name than the bot's own. */
export interface Posting {
  readonly channel: string;
  /** Into that thread. */
  readonly thread?: string | null;
  readonly card: Card;
  readonly as?: string | null;
  readonly metadata?: Metadata | null;
  /**
   * Asked of Slack once and never again, whatever becomes of it, for who looks afterwards whether it is there; and only
   * while its answer is to be expected before that time, in milliseconds since 1970.
   */
  readonly once?: { readonly before: number };
}

/** What the bot does in one workspace. Every call throws BotError with a sentence for the person. */
export interface Slack {
  /** One page of a channel, newest first. @throws BotError `not_in_channel` */
  history(request: PageRequest): Promise<SlackPage>;
  /** One page of a thread, oldest first; the first message comes with each page. @throws BotError `not_in_channel` */
  replies(request: PageRequest & { readonly thread: string }): Promise<SlackPage>;
  /** One message as it is now; null when it is gone. */
  message(spot: Spot & { readonly thread?: string | null }): Promise<SlackMessage | null>;
  /** The name a person goes by; null when Slack does not tell. */
  personName(user: string): Promise<string | null>;
  /** Without `#`; null for channels the bot may not know about. */
  channelName(channel: string): Promise<string | null>;
  /** A user group's handle without `@`; null when Slack does not tell. */
  groupName(group: string): Promise<string | null>;
  /** @throws BotError `not_in_channel` */
  channel(channel: string): Promise<SlackChannel>;
  /** Conversations that the bot was invited to, at most so many. */
  myChannels(limit: number): Promise<readonly SlackChannel[]>;
  /** The trigger lives for three seconds. */
  openView(request: { trigger: string; view: View }): Promise<OpenedView>;
  /** With a hash only if nobody changed it since. Returns the new hash. @throws BotError `view_gone` when the person has closed it */
  updateView(request: { id: string; view: View; hash?: string | null }): Promise<string | null>;
  publishHome(request: { user: string; view: HomeView }): Promise<void>;
  /**
   * Posts for everybody in the channel, without Slack's own unfurl. Returns the message's time stamp.
   *
   * @throws BotError `slack_busy` when it is too late for what is to be asked once
   */
  post(posting: Posting): Promise<string>;
  /** False when the message is gone, or can't be changed any more. */
  update(request: Spot & { card: Card; metadata?: Metadata | null }): Promise<boolean>;
  /** False when it was gone already. */
  remove(spot: Spot): Promise<boolean>;
  /** Answers a command: only its caller sees it, in any conversation, for half an hour. */
  respond(request: { url: string; card: Card }): Promise<void>;
  /** Shows something to one person only, in a channel that the bot is in. */
  whisper(request: { channel: string; thread?: string | null; user: string; card: Card }): Promise<void>;
  /** The one call that has to repeat links as they were posted: Slack finds them in the message by it. */
  unfurl(request: { target: UnfurlTarget; cards: readonly { url: Secret; blocks: Block[] }[] }): Promise<void>;
  /** Begins a message that grows. @throws BotError `no_streaming` where Slack has none */
  startStream(request: { channel: string; thread: string; user: string; team: string; text: string }): Promise<string>;
  /** @throws BotError `stream_over`, `stream_stopped` when Slack has ended it */
  appendStream(request: Spot & { text: string }): Promise<void>;
  /** @throws BotError `stream_over`, `stream_stopped` when Slack has ended it */
  stopStream(request: Spot & { text: string; blocks: Block[]; metadata?: Metadata | null }): Promise<void>;
  react(request: Spot & { name: string }): Promise<void>;
  unreact(request: Spot & { name: string }): Promise<void>;
  /** A file's bytes, streamed, at most so many. @throws BotError `too_large`, `slack_failed` */
  download(request: { file: SlackFile; limit: number; signal?: AbortSignal | undefined }): Promise<Blob>;
  /** Brings a file's bytes to Slack, where nobody sees them yet; returns its id. */
  putFile(request: { name: string; bytes: Uint8Array }): Promise<string>;
  /** Shows such a file in a thread, asked of Slack once. False when Slack knows none of that id that waits to be shown. */
  shareFile(request: { id: string; name: string; channel: string; thread: string; comment: string }): Promise<boolean>;
  /** Whether a file is one that people see. */
  hasFile(id: string): Promise<boolean>;
}
