import { webApi } from "@slack/bolt";
import { BotError } from "../errors.ts";

export async function translated<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw toBotError(error);
  }
}

/** Neither the request nor Slack's answer goes along as the cause: both may quote links. */
export function toBotError(error: unknown): BotError {
  if (error instanceof BotError) return error;
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
    case "token_revoked":
    case "account_inactive":
    case "invalid_auth":
    case "team_access_not_granted":
      return new BotError(
        "not_installed",
        "Slack no longer lets me in here. Please ask an admin to install the app again.",
      );
    case "not_found":
    case "view_not_found":
    case "hash_conflict":
    case "expired_trigger_id":
    case "exchanged_trigger_id":
    case "trigger_expired":
      return new BotError("view_gone", "That took too long, and Slack closed the form. Please call `/share` again.");
    case "is_archived":
      return new BotError("archived", "This channel is archived.");
    case "thread_not_found":
      return new BotError("thread_gone", "This thread is not there any more.");
    case "internal_error":
    case "fatal_error":
    case "service_unavailable":
    case "request_timeout":
    case "ratelimited":
    case "token_expired":
    // The workspace moves to an organisation (docs.slack.dev, "Enterprise organizations").
    case "org_login_required":
    case "team_added_to_org":
      return new BotError("slack_failed", "Slack has a problem at the moment. Please try again.", { retryable: true });
    default:
      // Slack's error codes are words from a fixed list and quote nothing.
      return new BotError("slack_failed", `Slack refused this (${reason}). Please try again.`);
  }
}

/** Whether a call failed with one of these words of Slack's. */
export function isRefusal(error: unknown, reasons: readonly string[]): boolean {
  return error instanceof webApi.WebAPIPlatformError && reasons.includes(String(error.data.error));
}
