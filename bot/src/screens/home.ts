import type { Block, HomeView, SlackChannel } from "../slack/slack.ts";
import { type ListedShare, shareRows } from "./answers.ts";
import { note, section } from "./mrkdwn-text.ts";
import { plain } from "./words.ts";

/** Channels shown; Slack takes 100 blocks, and a line of names takes one. */
const CHANNELS_SHOWN = 50;

/** The Home tab: what somebody has shared, and what the bot can see. */
export function homeView(options: {
  shares: readonly ListedShare[];
  channels: readonly SlackChannel[] | null;
  /** What has just come of a click. */
  notice: readonly Block[];
}): HomeView {
  const { shares, channels, notice } = options;
  return {
    type: "home",
    blocks: [
      ...notice,
      { type: "header", text: plain("My shares") },
      ...(shares.length === 0
        ? [section("You have not shared anything from Slack, or have stopped all of it. `/share` in a channel begins.")]
        : shareRows(shares)),
      { type: "divider" },
      { type: "header", text: plain("What I can see") },
      section(channelsText(channels)),
      note(
        "I read messages of these only when somebody shares them, mirrors a thread or mentions me. I hear of links to my server, \
wherever they are posted, and of what you write to me here.",
      ),
    ],
  };
}

function channelsText(channels: readonly SlackChannel[] | null): string {
  if (channels === null) return "Slack does not tell me at the moment.";
  if (channels.length === 0)
    return "I have not been invited to any channel yet. `/invite @OpenMates Share` invites me.";
  const shown = channels
    .slice(0, CHANNELS_SHOWN)
    .map(({ id, external }) => `<#${id}>${external ? " (shared with others)" : ""}`);
  const rest = channels.length > CHANNELS_SHOWN ? " and others" : "";
  return `I was invited to ${shown.join(", ")}${rest}.`;
}
