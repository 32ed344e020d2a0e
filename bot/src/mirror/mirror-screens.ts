import type { types } from "@slack/bolt";
import type { Secret } from "../firewall/secret.ts";
import { openElement } from "../screens/cards.ts";
import { literal, note, section, sentence } from "../screens/mrkdwn-text.ts";
import { stopButton } from "../screens/stop-button.ts";
import type { Card, Metadata } from "../slack/slack.ts";
import type { PauseReason } from "./mirror.ts";

/** Marks what the bot posts for people of the chat: the message's id, by which it is known again. */
export const MIRROR_EVENT = "openmates_mirror";
/** Ends a mirror. */
export const STOP_MIRROR_ACTION = "stop_mirror";

export function mirrorMetadata(message: string): Metadata {
  return { type: MIRROR_EVENT, payload: { message } };
}

/** The boundary in Slack: from here on people elsewhere read and write along. */
export function boundaryCard({ url, user, thread }: { url: Secret; user: string; thread: string }): Card {
  const text = `<@${user}> mirrors this thread to an encrypted chat, both ways.`;
  return {
    text,
    blocks: [
      section(`:link: ${text}\nWho joins there reads this whole thread, with its files, and writes here.`),
      { type: "actions", elements: [openElement(url, "collaborative", "chat"), stopElement(thread)] },
      note("Whoever sees this link can join. Slack holds it, key included; the server does not."),
    ],
  };
}

export function endedCard(user: string): Card {
  return sentence(`:link: <@${user}> has ended the mirror: what is written here from now on stays here.`);
}

/** For somebody who wants to mirror what is mirrored: how to end it, should the card with the link be gone. */
export function mirroredCard(thread: string): Card {
  const text = "This thread is mirrored already. Its card further up has the link.";
  return { text, blocks: [section(text), { type: "actions", elements: [stopElement(thread)] }] };
}

/** The chat was deleted, or the bot removed from it. */
export function chatEndedCard(): Card {
  return sentence(
    ":link: The encrypted chat has ended, or I may not read it any more. So the mirror has ended: what is written here stays here.",
  );
}

export function closedCard(): Card {
  return sentence(
    ":link: The encrypted chat was closed to writing. Mirroring pauses; once it is open again, what is written meanwhile follows.",
  );
}

export function resumedCard(): Card {
  return sentence(":link: The encrypted chat is open for writing again. Mirroring goes on.");
}

/** Another owns the chat by now. */
export function cededCard(thread: string): Card {
  const text = "The encrypted chat of this thread has another owner now, who decides who reads along.";
  return {
    text,
    blocks: [
      section(`:link: ${text} Mirroring goes on until somebody ends it.`),
      { type: "actions", elements: [stopElement(thread)] },
    ],
  };
}

/** The boundary in the chat. */
export function boundaryText(channelName: string | null): string {
  const place = channelName ? `a thread of #${channelName}` : "a thread";
  return `This chat mirrors ${place} in Slack, both ways: what is written here appears there, and Slack can read it.`;
}

export const ENDED_TEXT = "The mirror has ended: what is written here from now on stays here.";
export const THREAD_GONE_TEXT = `The thread in Slack was deleted. ${ENDED_TEXT}`;
export const PAUSED_TEXTS: Readonly<Record<Exclude<PauseReason, "chat_closed">, string>> = {
  not_in_channel: "I was removed from the channel in Slack. Mirroring pauses until I am invited there again.",
  archived: "The channel in Slack was archived. Mirroring pauses until it is opened again.",
};
export const RESUMED_TEXT = "Mirroring goes on: what is written here appears in Slack again.";

/** A message of the chat, for Slack. What would notify people or lead to a key is taken out of it by who calls. */
export function relayedCard(markdown: string): Card {
  const text = markdown.slice(0, 11_500) || "(no text)";
  return { text: literal(text).slice(0, 3000), blocks: [{ type: "markdown", text }] };
}

function stopElement(thread: string): types.Button {
  return stopButton({ action: STOP_MIRROR_ACTION, label: "Stop mirroring", value: thread });
}
