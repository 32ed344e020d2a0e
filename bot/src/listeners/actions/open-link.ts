import type { SlackActionMiddlewareArgs } from "@slack/bolt";

/** The browser opens the link by itself; Slack only wants to hear that we know. */
export function openLink() {
  return async ({ ack }: Pick<SlackActionMiddlewareArgs, "ack">): Promise<void> => {
    await ack();
  };
}
