import type { Secret } from "../firewall/secret.ts";
import { openElement } from "../screens/cards.ts";
import { literal, note, section, sentence } from "../screens/mrkdwn-text.ts";
import { plain } from "../screens/words.ts";
import type { Card, Metadata } from "../slack/slack.ts";

/** Marks what the bot posts for people of the chat: the message's id, by which it is known again. */
export const MIRROR_EVENT = "openmates_mirror";
/** Ends a mirror. */
export const STOP_MIRROR_ACTION = "stop_mirror";

export function mirrorMetadata(message: string): Metadata {
  return { type: MIRROR_EVENT, payload: { message } };
}

/** The boundary in Slack: from here on people elsewhere read and write along. */
export function boundaryCard({ url, user }: { url: Secret; user: string }): Card {
  const text = `<@${user}> mirrors this thread to an encrypted chat, both ways.`;
  return {
    text,
    blocks: [
      section(`:link: ${text}\nWho joins there reads this whole thread, with its files, and writes here.`),
      {
        type: "actions",
        elements: [
          openElement(url, "collaborative", "chat"),
          {
            type: "button",
            action_id: STOP_MIRROR_ACTION,
            style: "danger",
            text: plain("Stop mirroring"),
          },
        ],
      },
      note("Whoever sees this link can join. Slack holds it, key included; the server does not."),
    ],
  };
}

export function endedCard(user: string): Card {
  return sentence(`:link: <@${user}> has ended the mirror: what is written here from now on stays here.`);
}

/** The boundary in the chat. */
export function boundaryText(channelName: string | null): string {
  const place = channelName ? `a thread of #${channelName}` : "a thread";
  return `This chat mirrors ${place} in Slack, both ways: what is written here appears there, and Slack can read it.`;
}

export const ENDED_TEXT = "The mirror has ended: what is written here from now on stays here.";

/** A message of the chat, for Slack. What would notify people or lead to a key is taken out of it by who calls. */
export function relayedCard(markdown: string): Card {
  const text = markdown.slice(0, 11_500) || "(no text)";
  return { text: literal(text).slice(0, 3000), blocks: [{ type: "markdown", text }] };
}
