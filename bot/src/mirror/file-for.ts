import { LIMITS } from "@openmates-share/client";
import { BotError } from "../errors.ts";
import type { SlackFile } from "../slack/slack-message.ts";
import type { Side } from "./side.ts";

/**
 * A file's bytes for the chat; null for one that can't be had, which is named only. What can't be had now is tried again
 * with its message. @throws BotError that is retryable
 */
export function fileFor({ workspace, signal, onFailure }: Side): (file: SlackFile) => Promise<Blob | null> {
  return async (file) => {
    try {
      return await workspace.slack.download({ file, limit: LIMITS.embed, signal });
    } catch (error) {
      if (!(error instanceof BotError) || error.retryable) throw error;
      onFailure(error);
      return null;
    }
  };
}
