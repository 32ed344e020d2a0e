import type { Secret } from "../firewall/secret.ts";
import type { Block, Card } from "../slack/slack.ts";
import type { Share } from "../stores/stores.ts";
import { STOP_ACTION } from "./cards.ts";
import { address, literal, note, section, sentence } from "./mrkdwn-text.ts";

export const HELP: Card = sentence(
  [
    "*OpenMates Share* turns messages into an encrypted chat that only people with the link can read.",
    "• `/share` picks the last messages of this channel and makes a link",
    "• `/share <link>` posts a card for a chat that exists already",
    "• `/share list` shows what you have shared from Slack",
    "• `/share stop <link>` ends one of them",
    "• `/share help` shows this",
  ].join("\n"),
);

/** What the person who shared gets to see: the link, and who holds it now. */
export function sharedAnswer(options: {
  url: Secret;
  messages: number;
  /** Why the card did not make it into the channel; null when it did, or was not wanted. */
  postProblem: string | null;
  posted: boolean;
}): Card {
  const { url, messages, postProblem, posted } = options;
  const what = `${messages} ${messages === 1 ? "message is" : "messages are"} shared`;
  const where = posted ? `${what}, and the card is in the channel.` : `${what}. The link is yours to pass on:`;
  const blocks: Block[] = [
    section(`:white_check_mark: ${where}`),
    ...(postProblem ? [section(`:warning: The card could not be posted: ${postProblem}`)] : []),
    section(`<${address(url.reveal())}>`),
    note(
      "The part after # is the key. Slack holds it now, as everybody does who sees this link. `/share list` ends it.",
    ),
  ];
  return { text: where, blocks };
}

export interface ListedShare extends Share {
  /** Null when the keys are gone. */
  readonly title: string | null;
}

/** A person's shares with a button to end each; without their keys, which a list has no need for. */
export function listAnswer(shares: readonly ListedShare[]): Card {
  if (shares.length === 0) return sentence("You have not shared anything from Slack, or have stopped all of it.");
  return {
    text: "What you have shared from Slack",
    blocks: [section("*What you have shared from Slack*"), ...shares.map(listRow)],
  };
}

function listRow({ title, chat, channel, createdAt }: ListedShare): Block {
  const seconds = Math.floor(createdAt / 1000);
  const day = new Date(createdAt).toISOString().slice(0, 10);
  const text = `*${literal(title ?? "A chat")}*\n<#${channel}> · <!date^${seconds}^{date_short_pretty} {time}|${day}>`;
  return {
    type: "section",
    text: { type: "mrkdwn", text },
    accessory: {
      type: "button",
      action_id: STOP_ACTION,
      style: "danger",
      text: { type: "plain_text", text: "Stop sharing" },
      value: chat,
      confirm: {
        title: { type: "plain_text", text: "Stop sharing?" },
        text: {
          type: "plain_text",
          text: "The link stops working at once. What readers have seen can't be taken back.",
        },
        confirm: { type: "plain_text", text: "Stop sharing" },
        deny: { type: "plain_text", text: "Cancel" },
      },
    },
  };
}
