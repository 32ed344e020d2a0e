import { ClientError } from "@openmates-share/client";

/** What callers have to tell apart; the message is a sentence for the person in Slack. */
export type BotErrorCode =
  /** The bot is not a member of the channel, or may not know that it exists. */
  | "not_in_channel"
  /** Nothing to share among the messages picked. */
  | "no_messages"
  /** The installation lacks a permission. */
  | "missing_permission"
  /** Slack refuses, or cannot be reached. */
  | "slack_failed"
  /** The person closed the form, or it is too old. */
  | "view_gone"
  /** Not a link of this server, or not a link that this person made here. */
  | "not_a_share"
  /** A key file or variable that cannot be used. */
  | "bad_key"
  /** A sealed row that does not open with this key. */
  | "unsealable"
  /** The environment is incomplete or contradicts itself. */
  | "bad_configuration"
  /** The app was removed from the workspace, or its token revoked. */
  | "not_installed"
  /** A thread that is mirrored already, or is not. */
  | "already_mirrored"
  | "not_mirrored"
  /** A channel that nobody writes in any more. */
  | "archived"
  /** A thread that was deleted. */
  | "thread_gone"
  /** Slack wants fewer requests for a while. */
  | "slack_busy"
  /** This Slack, or this place in it, cannot stream messages. */
  | "no_streaming"
  /** Slack has ended a message that grew. */
  | "stream_over"
  /** And this one because somebody wanted it. */
  | "stream_stopped"
  /** A file that is larger than an encrypted chat takes. */
  | "too_large"
  /** The bot has more to do than it takes on. */
  | "busy";

export class BotError extends Error {
  override readonly name = "BotError";
  readonly code: BotErrorCode;
  readonly retryable: boolean;

  constructor(code: BotErrorCode, message: string, options: ErrorOptions & { retryable?: boolean } = {}) {
    super(message, options);
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

/** What to tell the person; errors of others are not quoted, for nobody knows what they quote. */
export function sentenceOf(error: unknown): string {
  if (error instanceof BotError || error instanceof ClientError) return error.message;
  return "Something went wrong on our side. Please try again in a moment.";
}
