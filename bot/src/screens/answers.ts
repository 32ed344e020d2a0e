import type { Secret } from "../firewall/secret.ts";
import type { Block, Card } from "../slack/slack.ts";
import type { Share } from "../stores/stores.ts";
import { STOP_ACTION, UPDATE_ACTION } from "./cards.ts";
import { address, literal, note, section, sentence } from "./mrkdwn-text.ts";
import { counted, plain, when } from "./words.ts";

export const HELP: Card = sentence(
  [
    "*OpenMates Share* turns messages into an encrypted chat that only people with the link can read.",
    "• `/share` picks messages of this channel and makes a link",
    "• in a thread: the message menu (⋮) → *Share as encrypted chat*",
    "• `/share <link>` posts a card for a chat that exists already",
    "• `/share list` shows what you have shared from Slack",
    "• `/share update <link>` adds what was written since",
    "• `/share stop <link>` ends a link",
    "• `/share help` shows this",
  ].join("\n"),
);

/** What the person who shared gets to see: the link, who holds it now, and what was left out. */
export function sharedAnswer(options: {
  url: Secret;
  messages: number;
  /** Why the card did not make it into the channel; null when it did, or was not wanted. */
  postProblem: string | null;
  posted: boolean;
  leftOut: readonly string[];
  more: boolean;
  /** What can be done where the channel has seen the key. */
  replace: Block[];
}): Card {
  const { url, messages, postProblem, posted, leftOut, more, replace } = options;
  const what = `${messages} ${messages === 1 ? "message is" : "messages are"} shared`;
  const where = posted ? `${what}, and the card is in the channel.` : `${what}. The link is yours to pass on:`;
  const blocks: Block[] = [
    section(`:white_check_mark: ${where}`),
    ...(more ? [section(":information_source: There were more messages; the newest ones are shared.")] : []),
    ...leftOutBlocks(leftOut),
    ...(postProblem ? [section(`:warning: Not everything could be posted: ${postProblem}`)] : []),
    section(`<${address(url.reveal())}>`),
    // Who may replace it is told the same there.
    ...(replace.length > 0
      ? replace
      : [note("The part after # is the key. Slack holds it now, as everybody does who sees this link.")]),
    note("`/share list` updates and ends what you have shared."),
  ];
  return { text: where, blocks };
}

function leftOutBlocks(names: readonly string[]): Block[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, 10).map(literal).join(", ");
  const rest = names.length > 10 ? " …" : "";
  return [section(`:warning: ${counted(names.length, "file")} could not be taken along: ${shown}${rest}`)];
}

/** What an update did. */
export function updatedAnswer({ added, leftOut }: { added: number; leftOut: readonly string[] }): Card {
  if (added === 0) return sentence("Nothing new has been written there since.");
  const text = `Updated: ${counted(added, "message")} added. Everybody with the link sees ${added === 1 ? "it" : "them"} now.`;
  return { text, blocks: [section(`:white_check_mark: ${text}`), ...leftOutBlocks(leftOut)] };
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
    blocks: [section("*What you have shared from Slack*"), ...shares.flatMap(shareRow)],
  };
}

/** A share with its buttons; on the list and on the Home tab. */
export function shareRow({ title, chat, channel, collaborative, createdAt, expiresAt }: ListedShare): Block[] {
  const ends = expiresAt === null ? "" : ` · ends ${when(expiresAt)}`;
  const mode = collaborative ? " · people write in it" : "";
  const text = `*${literal(title ?? "A chat")}*\n<#${channel}> · ${when(createdAt)}${mode}${ends}`;
  return [
    section(text),
    {
      type: "actions",
      elements: [
        { type: "button", action_id: UPDATE_ACTION, text: plain("Update"), value: chat },
        {
          type: "button",
          action_id: STOP_ACTION,
          style: "danger",
          text: plain("Stop sharing"),
          value: chat,
          confirm: {
            title: plain("Stop sharing?"),
            text: plain("The link stops working at once. What readers have seen can't be taken back."),
            confirm: plain("Stop sharing"),
            deny: plain("Cancel"),
          },
        },
      ],
    },
  ];
}
